import { onTestFinished } from "vitest";
import { type ConfigValue, createWorkspace } from "../engine/workspace.ts";
import { type AntflyOptions, AntflySimulator } from "../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Args } from "./support.ts";

export const dialects = ["v0.1", "0.2"] as const;

/** Where a simulator's paths begin. */
export const bases = { "v0.1": "/api/v1", "0.2": "/db/v1" };

/** What every program here gives of a schedule. */
export const args = { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" };

export interface StackOptions extends AntflyOptions {
  /** Replaces configuration of the stack, by key without the namespace; null leaves a key out. */
  config?: Record<string, ConfigValue | null>;
  /** Whether the program's types are checked as a user's are. */
  typeCheck?: boolean;
}

/** One statement of a program that declares a schedule like {@link args}, and exports it. */
export function schedule(change: Args = {}, options = "{}", name = "nightly"): string {
  const given = JSON.stringify({ ...args, ...change });
  return `export const ${name} = new AntflyBackupSchedule("${name}", ${given}, ${options});`;
}

/** A simulator with tables and a location, as its server would have them. */
export async function server(options: AntflyOptions = {}): Promise<AntflySimulator> {
  const antfly = await running(new AntflySimulator(options));
  antfly.addTable("orders", { 1: { paid: true } });
  antfly.addTable("people");
  antfly.addLocation(args.location);
  return antfly;
}

/** A simulator, and a stack with these statements as its program; both end with the test. */
export async function stackOf(statements: string, options: StackOptions = {}) {
  const { config, typeCheck, ...settings } = options;
  const antfly = await server(settings);
  const workspace = await createWorkspace({
    program: programOf(statements),
    config: configOf({
      antflyUrl: antfly.url,
      antflyHealthUrl: antfly.healthUrl,
      antflyApiKey: { secret: antfly.token },
      ...config,
    }),
    typeCheck,
  });
  onTestFinished(() => workspace.dispose());
  return {
    antfly,
    workspace,
    /** Replaces the program. */
    declare: (next: string) => workspace.setProgram(programOf(next)),
    /** The requests since the last call, as `METHOD path`. */
    sent: () => requestsOf(antfly),
  };
}

/** A simulator's requests since the last call, as `METHOD path`. */
export function requestsOf(antfly: AntflySimulator): string[] {
  const sent = antfly.requests.map(({ method, path }) => `${method} ${path}`);
  antfly.clearRequests();
  return sent;
}

function programOf(statements: string): string {
  const functions = ["Status", "Health", "Metrics", "Backups", "Secrets"];
  const names = functions.map((name) => `getAntfly${name}`).join(", ");
  return [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { AntflyBackupSchedule, ${names}, getAntflyBackupsOutput } from "pulumi-formations";`,
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
