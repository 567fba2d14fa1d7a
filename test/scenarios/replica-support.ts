import type { Values } from "../../provider/resource/values.ts";
import type {
  CrunchyBridgeOptions,
  CrunchyBridgeSimulator,
  SimCluster,
} from "../../simulators/crunchybridge.ts";
import type { Program } from "./lifecycle/program.ts";
import { type StackOptions, startProgram, startStack } from "./stack.ts";
import type { ProgramOptions } from "./support.ts";
import { accessTo, primaryId, startBridge } from "./world.ts";

export { primaryId } from "./world.ts";

/** A program that declares a replica of the primary. */
export function replica(change: Values = {}, options: Values = {}, name = "it"): Program {
  return {
    [name]: { type: "Replica", properties: { clusterId: primaryId, ...change }, options },
  };
}

/** A simulator with a primary, and a stack with a program of resources; both end with the test. */
export async function stackOf(program: Program, options: StackOptions & CrunchyBridgeOptions = {}) {
  const { config, env, host, ...settings } = options;
  const bridge = await startBridge(settings);
  const access = { ...accessTo(bridge), ...config };
  const stack = await startStack(program, { config: access, env, host });
  return { ...stack, ...clustersOf(bridge) };
}

/** A simulator with a primary, and a stack with a TypeScript program; both end with the test. */
export async function programOf(statements: string, { config, ...options }: ProgramOptions = {}) {
  const bridge = await startBridge();
  const access = { ...accessTo(bridge), ...config };
  const stack = await startProgram(statements, { config: access, ...options });
  return { ...stack, ...clustersOf(bridge) };
}

/** What a test looks at in a simulator. */
function clustersOf(bridge: CrunchyBridgeSimulator) {
  const others = new Set([primaryId]);
  return {
    bridge,
    /** Adds a cluster that isn't the stack's: ready, a primary unless told. */
    add(partial: Partial<SimCluster> = {}): SimCluster {
      const cluster = bridge.addCluster(partial);
      others.add(cluster.id);
      return cluster;
    },
    /** The one cluster that the stack made and that is not being destroyed. */
    living(): SimCluster {
      const found = [...bridge.clusters.values()].filter(
        ({ id, state }) => !others.has(id) && state !== "destroying",
      );
      const [one] = found;
      if (!one || found.length > 1) throw new Error(`the stack has made ${found.length} clusters`);
      return one;
    },
    /** The requests since the last call: `METHOD id…`, with `primary` for its ID. Polls stand once between two writes. */
    sent(): string[] {
      const sent = bridge.requests.map(({ method, path }) =>
        `${method} ${path.replace("/clusters/", "")}`.replace(primaryId, "primary"),
      );
      bridge.clearRequests();
      return withoutRepeatedPolls(sent);
    },
  };
}

/** What a wait until a cluster is at rest sends. */
export function settling(id: string): string[] {
  return [`GET ${id}/status`, `GET ${id}/upgrade`, `GET ${id}`];
}

/** What reading a cluster sends: its own answer lacks the state. */
export function reading(id: string): string[] {
  return [`GET ${id}`, `GET ${id}/status`];
}

function withoutRepeatedPolls(lines: string[]): string[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const isPoll = line.startsWith("GET ");
    if (!isPoll) seen.clear();
    const isRepeated = seen.has(line);
    if (isPoll) seen.add(line);
    return !isRepeated;
  });
}
