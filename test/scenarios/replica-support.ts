import {
  type CrunchyBridgeOptions,
  CrunchyBridgeSimulator,
  type SimCluster,
} from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { type Args, declaration, type ProgramOptions, startStack } from "./support.ts";

/** The cluster that every world has to replicate: standard-8 with 100 GB at aws in us-east-1. */
export const primaryId = "rvf73a77ozfsvcttryebfrnlem";

/** The replica's URN under the name `it`, in the workspaces' project and stack. */
export const urn = "urn:pulumi:test::scenario::pulumi-nodejs:dynamic/formations:Replica::it";

/** What the simulator and the stack can be told. */
export type StackOptions = CrunchyBridgeOptions & ProgramOptions;

/** One statement of a program that declares a replica of the primary, and exports it. */
export function replica(change: Args = {}, options = "{}", name = "it"): string {
  return declaration("Replica", { clusterId: primaryId, ...change }, options, name);
}

/** A simulator with a primary, and a stack with these statements as its program; both end with the test. */
export async function stackOf(statements: string, options: StackOptions = {}) {
  const { config, env, form, ...settings } = options;
  // So fast that a creation takes some tens of milliseconds.
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000, ...settings }));
  bridge.addCluster({ id: primaryId, name: "orders-primary" });
  const others = new Set([primaryId]);
  const stack = await startStack(statements, {
    config: {
      crunchyBridgeUrl: bridge.url,
      crunchyBridgeApiKey: { secret: bridge.token },
      ...config,
    },
    env,
    form,
  });
  return {
    bridge,
    ...stack,
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
