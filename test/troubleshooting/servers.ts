import { vi } from "vitest";
import { keepCopy } from "../../cli/recover/state-copy.ts";
import { secret } from "../../provider/antfly/secret/resource.ts";
import { readLines } from "../../provider/antfly/tables.ts";
import { getFormation } from "../../provider/citus/functions.ts";
import { citus } from "../../provider/citus/system.ts";
import { getCluster } from "../../provider/crunchybridge/functions.ts";
import { FormationsError } from "../../provider/errors.ts";
import { toldInFull } from "../../provider/process/more.ts";
import { withAdvice } from "../../provider/resource/timeouts.ts";
import type { Values } from "../../provider/resource/values.ts";
import * as akkeris from "../akkeris/world.ts";
import * as antfly from "../antfly/world.ts";
import * as formations from "../citus/world.ts";
import * as bridge from "../crunchybridge/world.ts";
import { InstantClock } from "../support/clock.ts";
import { connect } from "../support/connect.ts";
import { pagesOf } from "../support/listing.ts";

const minute = 60_000;

/** A list of formations, for which the server fails so. */
async function listing(status: number, body: object, times = 1) {
  const { simulator, api } = await formations.connected();
  simulator.order({ times, kind: { type: "status", status, body } });
  return api.list({});
}

/** A creation that ran out of time, as a host reports it. */
async function outOfTime(creation: Promise<unknown>) {
  return creation.catch((error: unknown) => Promise.reject(withAdvice(error, "create")));
}

/** Updates the web of an app after something has been ordered of its simulator. */
async function updatedApp(change: Values, order: (simulator: akkeris.World["simulator"]) => void) {
  const here = await akkeris.world();
  const held = await here.create(akkeris.web);
  order(here.simulator);
  return here.update(held, { ...akkeris.web, ...change });
}

const failures: Readonly<Record<string, () => unknown>> = {
  async ALREADY_EXISTS() {
    const { simulator, create } = await akkeris.world();
    simulator.addFormation("foo-default", { type: "worker", command: "run" });
    return create(akkeris.worker);
  },

  async BAD_ANSWER() {
    const here = await bridge.world();
    here.simulator.order({ kind: { type: "html" } });
    return here.invoke(getCluster, { id: here.primary.id });
  },

  async CANCELLED() {
    const { host, simulator } = await formations.world();
    simulator.order({ method: "POST", kind: { type: "hang", apply: true } });
    const creating = host.create(formations.small);
    await vi.waitFor(() => {
      if (simulator.formations.size === 0) throw new Error("not yet");
    });
    host.aborter.abort();
    return creating;
  },

  async CHANGE_REFUSED() {
    const here = await bridge.world();
    const held = await here.create({ storage: 200 });
    return here.plan(held, { storage: 100 });
  },

  CONFIGURATION: () => connect(citus, {}, new InstantClock()),

  CONFLICT: () =>
    updatedApp({ quantity: 2 }, (simulator) => {
      const body = "The app is in maintenance mode.";
      simulator.order({ method: "PATCH", kind: { type: "status", status: 409, body } });
    }),

  COPY_FAILED: () => keepCopy("/no/such/folder", "state", ".json", "{}"),

  async CREATION_IN_DOUBT() {
    const { host, simulator } = await formations.world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    simulator.order({ path: formations.list, skip: 2, kind: { type: "status", status: 403 } });
    return host.create(formations.small);
  },

  async ENDLESS_LIST() {
    const { simulator, api, options } = await antfly.world();
    const body = { backups: [], next_cursor: "b1" };
    const kind = { type: "status", status: 200, body } as const;
    simulator.order({ path: "/db/v1/backups", times: 2, kind });
    return api.backups(antfly.place, options);
  },

  async FORBIDDEN() {
    const here = await antfly.world();
    here.loseRights();
    return here.api.secrets(here.options);
  },

  GONE: () => listing(410, { error: "This API was shut down." }),

  async INVALID_ARGUMENTS() {
    const here = await akkeris.world();
    return here.import("web");
  },

  async INVALID_URL() {
    const citusUrl = "http://citus.example.com/api/v1";
    const { api } = await formations.connected({ config: { citusUrl } });
    return api.list({});
  },

  async LOCATION_UNUSABLE() {
    const { create } = await antfly.world();
    const schedule = { schedule: "0 3 * * *", backupIdPrefix: "nightly" };
    return create({ ...schedule, ...antfly.place, connection: "zz" });
  },

  async NOT_FOUND() {
    const { create } = await akkeris.world();
    return create({ ...akkeris.web, app: "shop-dev" });
  },

  async NOT_IMPORTABLE() {
    const { read } = await antfly.world();
    return read("nightly", {});
  },

  async NO_ANSWER() {
    const here = await bridge.world();
    await here.simulator.refuse();
    return here.invoke(getCluster, { id: here.primary.id });
  },

  async NO_SECRET_STORE() {
    const { simulator, create } = await antfly.world({}, {}, secret);
    simulator.state.multiNode = true;
    return create({ key: "openai.api_key", value: "sk-value-5b1e70c4" });
  },

  async NO_SUCH_RESOURCE() {
    const { host } = await formations.world();
    return host.invoke(getFormation, { id: "0fbed5229fa967219e46d2c9434" });
  },

  async PARTLY_LISTED() {
    const here = await akkeris.world();
    const kind = { type: "status", status: 403, body: "Forbidden" } as const;
    here.simulator.order({ path: "/apps/foo-default/formation", times: 2, kind });
    for await (const { items } of pagesOf(akkeris.definition, here)) void items;
  },

  async RATE_LIMITED() {
    const { simulator, api, clock } = await formations.connected();
    const kind = { type: "status", status: 429, headers: { "retry-after": "600" } } as const;
    simulator.order({ kind });
    return outOfTime(api.list({ deadline: clock.now() + minute }));
  },

  READ_BACK_FAILED: () =>
    updatedApp({ quantity: 3 }, (simulator) => {
      simulator.order({ method: "GET", kind: { type: "status", status: 403, body: "no" } });
    }),

  async REFUSED() {
    const here = await bridge.world();
    return here.create({ planId: "standard-7" });
  },

  REGION_FAILED: () =>
    updatedApp({ quantity: 3 }, (simulator) => {
      simulator.failRegion({ call: "scale", times: 3 });
    }),

  async RESOURCE_FAILED() {
    const here = await bridge.world();
    here.simulator.failCreation = true;
    return here.create();
  },

  SERVER_FAILURE: () => listing(503, { error: "Try again later." }, 9),

  async TYPE_TAKEN() {
    const { simulator, create } = await akkeris.world();
    const body = "The process of type web already exists.";
    simulator.order({ method: "POST", times: 2, kind: { type: "status", status: 409, body } });
    return create(akkeris.web);
  },

  async UNAUTHORIZED() {
    const { api } = await formations.connected({ config: { citusToken: "wrong-5e1f0c9a7b" } });
    return api.list({});
  },

  UNREADABLE_DOCUMENTS: () => readLines('{"name": "a document without an ID"}'),

  async WAIT_TIMED_OUT() {
    const { host } = await formations.world({ timeout: 2 * minute });
    return outOfTime(host.create(formations.small));
  },
};

/** What a server, the configuration or the plan refuses or fails, by code: each in full, as a host reports it. */
export const ofServers = Object.entries(failures).map(([code, fail]) => ({
  code,
  async say(): Promise<string> {
    try {
      await fail();
    } catch (error) {
      if (error instanceof FormationsError) return toldInFull(error);
      throw error;
    }
    throw new Error(`${code}: nothing failed`);
  },
}));
