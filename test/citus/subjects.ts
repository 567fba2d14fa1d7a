import { z } from "zod";
import { type CitusOptions, CitusSimulator } from "../../simulators/citus.ts";
import { type Access, defineSubject, type TestSystem } from "../support/subject.ts";

/** Citus Cloud, so fast that a creation takes milliseconds. */
export const citus: TestSystem<CitusSimulator, CitusOptions> = {
  name: "citus",
  title: "Citus Cloud",
  simulator: (options) =>
    new CitusSimulator({ speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY, ...options }),
  // At 6000 requests per minute, a wait looks every 10 ms.
  access: ({ url, token }): Access => ({
    citusUrl: url,
    citusToken: { secret: token },
    citusRequestsPerMinute: "6000",
  }),
  addExamples(simulator) {
    simulator.addFormation({ id: "5d2f0c6b9a1e47388b24c7e61fa" });
  },
  endure(simulator): Access {
    // Otherwise the last operations would read longer responses than the first.
    simulator.listsArchived = false;
    return { citusRequestsPerMinute: "600000" };
  },
};

const list = { method: "GET", path: "/api/v1/formations/" };
const post = { method: "POST", path: "/api/v1/formations/" };
const one = /^\/api\/v1\/formations\/\w+$/;
const get = { method: "GET", path: one };
const remove = { method: "DELETE", path: one };

/** With these machine types every disk size is allowed; with t2 the sizes would be fixed. */
const inputs = {
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  workerTune: "r5.large",
  workerCount: 2,
  workerDiskSize: 512,
};
const grown = { ...inputs, workerCount: 3 };

const kept = z.object({
  name: z.string(),
  region: z.string(),
  createdAt: z.string(),
  databaseUrl: z
    .object({ plaintext: z.string() })
    .transform(({ plaintext }): unknown => JSON.parse(plaintext))
    .pipe(z.string()),
});

export const formation = defineSubject({
  name: "Formation",
  system: citus,
  inputs,
  named: "name",
  unknowns: {
    name: "update-replace",
    region: "update-replace",
    coordinatorTune: "update-replace",
    coordinatorDiskSize: "update-replace",
    coordinatorHa: "update-replace",
    workerTune: "update-replace",
    workerCount: "update-replace",
    workerDiskSize: "update-replace",
    workerHa: "update-replace",
    // Read by a creation only.
    allowDuplicateName: undefined,
  },
  ids: {
    invalid: [
      ["urn:pulumi:dev", /letters and digits, such as `0123456789abcdef0123456789a`/],
      ["../formations", /letters and digits/],
    ],
    unused: ["0123456789abcdef0123456789a"],
  },
  things: ({ formations }) =>
    [...formations.values()]
      .filter(({ state }) => state !== "archived")
      .map(({ id, region, state, tune_attributes: tune }) => ({
        id,
        isLeaving: state === "archiving",
        region,
        coordinatorTune: tune.coordinator_tune,
        coordinatorDiskSize: Number(tune.coordinator_disk_size),
        workerTune: tune.worker_tune,
        workerCount: Number(tune.worker_count),
        workerDiskSize: Number(tune.worker_disk_size),
      })),
  changing: {
    inputs: [inputs, grown],
    strikes: {
      create: { ...post, after: list },
      read: get,
      // The API updates nothing: a change is another creation, and then a deletion.
      update: { ...post, after: list },
      delete: remove,
    },
  },
  looking: {
    inputs: [inputs, grown],
    strikes: {
      create: list,
      update: { ...get, after: post },
      delete: { ...get, after: remove },
    },
  },
  life(number) {
    const named = { ...inputs, name: `soak-${number}` };
    // Nothing else of a formation can change without a replacement.
    const changed = { ...named, allowDuplicateName: true };
    return { inputs: named, changed, reads: ["getFormation", (id) => ({ id })] };
  },
  lifeSends: { POST: 1, DELETE: 1 },
  mixed(pick) {
    const growing = { ...inputs, workerCount: pick(2, 3) };
    return {
      // Replaced, the new one first; `named` keeps its name.
      events: { args: growing, isOnBothHosts: true },
      named: { args: { ...growing, name: "metrics" }, isOnBothHosts: true },
      logs: { args: inputs },
      archive: { args: inputs, dependsOn: "logs", isElsewhere: true },
    };
  },
  keep(simulator, { id, outputs }) {
    const { name, region, createdAt, databaseUrl } = kept.parse(outputs);
    const shown = { created_at: createdAt, database_url: databaseUrl };
    simulator.addFormation({ id, name, region, ...shown });
  },
});
