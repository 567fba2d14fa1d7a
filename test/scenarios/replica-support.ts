import { onTestFinished } from "vitest";
import { type ConfigValue, createWorkspace } from "../engine/workspace.ts";
import {
  type CrunchyBridgeOptions,
  CrunchyBridgeSimulator,
  type SimCluster,
} from "../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Args } from "./support.ts";

/** The cluster that every world has to replicate: standard-8 with 100 GB at aws in us-east-1. */
export const primaryId = "rvf73a77ozfsvcttryebfrnlem";

/** The replica's URN under the name `it`, in the workspaces' project and stack. */
export const urn = "urn:pulumi:test::scenario::pulumi-nodejs:dynamic/formations:Replica::it";

export interface StackOptions extends CrunchyBridgeOptions {
  /** Replaces configuration of the stack, by key without the namespace; null leaves a key out. */
  config?: Record<string, ConfigValue | null>;
  /** Of every command. */
  env?: Record<string, string>;
  /** Whether the program's types are checked as a user's are. */
  typeCheck?: boolean;
}

/** One statement of a program that declares a replica of the primary, and exports it. */
export function replica(change: Args = {}, options = "{}", name = "it"): string {
  const given = JSON.stringify({ clusterId: primaryId, ...change });
  return `export const ${name} = new Replica("${name}", ${given}, ${options});`;
}

/** A simulator with a primary, and a stack with these statements as its program; both end with the test. */
export async function stackOf(statements: string, options: StackOptions = {}) {
  const { config, env, typeCheck, ...settings } = options;
  // So fast that a creation takes some tens of milliseconds.
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000, ...settings }));
  bridge.addCluster({ id: primaryId, name: "orders-primary" });
  const others = new Set([primaryId]);
  const workspace = await createWorkspace({
    program: programOf(statements),
    config: configOf({
      crunchyBridgeUrl: bridge.url,
      crunchyBridgeApiKey: { secret: bridge.token },
      ...config,
    }),
    env,
    typeCheck,
  });
  onTestFinished(() => workspace.dispose());
  return {
    bridge,
    workspace,
    /** Replaces the program. */
    declare: (next: string) => workspace.setProgram(programOf(next)),
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

function programOf(statements: string): string {
  return [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { Replica, getCluster, getReplica, getReplicas, getReplicasOutput } from "pulumi-formations";`,
    statements,
  ].join("\n");
}

function configOf(values: Record<string, ConfigValue | null>): Record<string, ConfigValue> {
  const config: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== null) config[`formations:${key}`] = value;
  }
  return config;
}
