import { onTestFinished } from "vitest";
import { type ConfigValue, createWorkspace, type OperationResult } from "../engine/workspace.ts";
import { type CitusOptions, CitusSimulator, type SimFormation } from "../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Args } from "./support.ts";

/** A formation with room for every change; with t2 tunes the disks would be fixed. */
export const args = {
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  workerTune: "r5.large",
  workerCount: 2,
  workerDiskSize: 512,
};

/** Its URN under the name `it`, in the workspaces' project and stack. */
export const urn = "urn:pulumi:test::scenario::pulumi-nodejs:dynamic/formations:Formation::it";

export interface StackOptions extends CitusOptions {
  /** Replaces configuration of the stack, by key without the namespace; null leaves a key out. */
  config?: Record<string, ConfigValue | null>;
  /** Of every command. */
  env?: Record<string, string>;
  /** Whether the program's types are checked as a user's are. */
  typeCheck?: boolean;
}

/** One statement of a program that declares a formation like {@link args} and exports it. */
export function formation(change: Args = {}, options = "{}", name = "it"): string {
  const given = JSON.stringify({ ...args, ...change });
  return `export const ${name} = new Formation("${name}", ${given}, ${options});`;
}

/** A simulator, and a stack with these statements as its program; both end with the test. */
export async function stackOf(statements: string, options: StackOptions = {}) {
  const { config, env, typeCheck, ...settings } = options;
  // So fast that a creation takes some tens of milliseconds.
  const unhurried = { speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY };
  const citus = await running(new CitusSimulator({ ...unhurried, ...settings }));
  const workspace = await createWorkspace({
    program: programOf(statements),
    config: configOf({
      citusUrl: citus.url,
      citusToken: { secret: citus.token },
      // Waiting looks every 10 ms then.
      citusRequestsPerMinute: "6000",
      ...config,
    }),
    env,
    typeCheck,
  });
  onTestFinished(() => workspace.dispose());
  return {
    citus,
    workspace,
    /** Replaces the program. */
    declare: (next: string) => workspace.setProgram(programOf(next)),
    /** The requests since the last call, as `METHOD path` without the API's base; repeated polls once. */
    sent(): string[] {
      const sent = citus.requests.map(
        ({ method, path }) => `${method} ${path.replace("/api/v1", "")}`,
      );
      citus.clearRequests();
      return sent.filter((line, index) => line !== sent[index - 1]);
    },
  };
}

/** The one formation that is not archived. */
export function living(citus: CitusSimulator): SimFormation {
  const found = [...citus.formations.values()].filter(({ state }) => state !== "archived");
  const [one] = found;
  if (!one || found.length > 1) throw new Error(`${found.length} formations live`);
  return one;
}

/** All that the user was told, as one text. */
export function told({ diagnostics }: OperationResult): string {
  return diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

/** What the engine did or would do, step by step, resources that stay as they are left out. */
export function opsOf({ steps }: OperationResult): string[] {
  return steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
}

function programOf(statements: string): string {
  const names = "Formation, getFormation, getFormationOutput, getFormations, getFormationsOutput";
  return [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { ${names} } from "pulumi-formations";`,
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
