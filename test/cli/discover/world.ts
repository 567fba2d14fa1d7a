import { vi } from "vitest";
import { systems as allSystems } from "../../../provider/index.ts";
import { environmentVariable } from "../../../provider/resource/config.ts";
import type { Values } from "../../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import type { Simulator } from "../../../simulators/kit/simulator.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { formations, type Outcome } from "../command.ts";

/** The four systems, of which none is configured. */
export async function systems() {
  const folder = ownTemporaryFolder();
  for (const { config } of allSystems) {
    configure(Object.fromEntries(Object.keys(config.shape).map((key) => [key, undefined])));
  }
  const citus = await running(new CitusSimulator({ requestsPerMinute: Number.POSITIVE_INFINITY }));
  const crunchyBridge = await running(new CrunchyBridgeSimulator());
  const akkeris = await running(new AkkerisSimulator());
  const antfly = await running(new AntflySimulator());
  return {
    ...{ folder, citus, crunchyBridge, akkeris, antfly },
    of: {
      // The limit is not what these tests are about.
      citus: { ...accessTo.citus(citus), citusRequestsPerMinute: "6000" },
      crunchyBridge: accessTo.crunchyBridge(crunchyBridge),
      akkeris: accessTo.akkeris(akkeris),
      antfly: accessTo.antfly(antfly),
    },
  };
}

/** What configures each system. */
export const accessTo = {
  citus: ({ url, token }: Simulator) => ({ citusUrl: url, citusToken: token }),
  crunchyBridge: ({ url, token }: Simulator) => ({
    crunchyBridgeUrl: url,
    crunchyBridgeApiKey: token,
  }),
  akkeris: ({ url, token }: Simulator) => ({ akkerisUrl: url, akkerisToken: token }),
  antfly: ({ url, token }: Simulator) => ({ antflyUrl: `${url}/db/v1`, antflyApiKey: token }),
};

/** The four systems, configured in the environment, each with some resources. */
export async function fleet() {
  const all = await systems();
  configure({ ...all.of.citus, ...all.of.crunchyBridge, ...all.of.akkeris, ...all.of.antfly });
  const { citus, crunchyBridge, akkeris, antfly } = all;
  const events = citus.addFormation({ name: "events", tune_attributes: large });
  const orders = citus.addFormation({ name: "orders", region: "eu-west-1" });
  const primary = crunchyBridge.addCluster({ name: "shop-primary" });
  const reports = crunchyBridge.addCluster({
    ...{ name: "reports", parent_id: primary.id, plan_id: "standard-16", storage: 200 },
    ...{ environment: "production", is_ha: true, created_at: "2021-07-11T01:02:03Z" },
  });
  for (const app of ["shop-dev", "shop-prod"]) {
    akkeris.addApp(app);
    akkeris.addFormation(app, { type: "web", size: "gp2", quantity: 2 });
    akkeris.addFormation(app, { type: "worker" });
  }
  antfly.secrets.set("openai.api_key", { value: "sk-hidden-91", createdAt: 0, updatedAt: 0 });
  return { ...all, events, orders, primary, reports };
}

/** A tune that shows all of its words. */
const large = {
  ...{ coordinator_tune: "r5.large", coordinator_disk_size: "512", coordinator_ha: true },
  ...{ worker_tune: "r5.xlarge", worker_disk_size: "1024", worker_count: 4 },
};

/** Sets configuration in the environment. */
export function configure(values: Record<string, string | undefined>): void {
  for (const [key, value] of Object.entries(values)) vi.stubEnv(environmentVariable(key), value);
}

/** Runs `formations discover`. */
export function discover(...args: string[]): Promise<Outcome> {
  return formations("discover", ...args);
}

/** What a test reads of the JSON. */
export interface Report {
  version: number;
  isComplete: boolean;
  counts: { found: number; unmanaged?: number; missing?: number };
  monthly?: Partial<Record<"all" | "unmanaged", { dollars: number; unpriced: number }>>;
  stacks: string[];
  resources: {
    system: string;
    type: string;
    id: string;
    name: string;
    account: string;
    server: string;
    provider?: string;
    region?: string;
    pending?: string;
    isLeaving: boolean;
    properties: Values;
    /** Absent without stacks, as {@link missing} is. */
    managers?: { stack: string; urn: string }[];
    cost?: { dollars?: number; note?: string };
  }[];
  missing?: { type: string; id: string; manager: { stack: string; urn: string } }[];
  skipped: string[];
  failures: string[];
  remarks: string[];
}

/** The JSON of an outcome. */
export function reportIn({ out }: Pick<Outcome, "out">): Report {
  return JSON.parse(out);
}

/** Runs `formations discover --json`. */
export async function report(...args: string[]): Promise<Report> {
  return reportIn(await discover("--json", ...args));
}

/** The names of what was found. */
export function namesIn({ resources }: Report): string[] {
  return resources.map(({ name }) => name);
}

/** The requests that a server got, and forgets them. */
export function sentTo(simulator: Simulator): string[] {
  const sent = simulator.requests.map(({ method, path }) => `${method} ${path}`);
  simulator.clearRequests();
  return sent;
}
