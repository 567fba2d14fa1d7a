import type { Values } from "../../provider/resource/values.ts";
import { type AntflyOptions, AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Program } from "./lifecycle/program.ts";
import { type StackOptions, startProgram, startStack } from "./stack.ts";
import type { ProgramOptions } from "./support.ts";
import { accessTo } from "./world.ts";

export const dialects = ["v0.1", "0.2"] as const;

/** Where a simulator's paths begin. */
export const bases = { "v0.1": "/api/v1", "0.2": "/db/v1" };

/** What every program here gives of a schedule. */
export const args = { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" };

/** A program that declares a schedule like {@link args}. */
export function schedule(change: Values = {}, options: Values = {}, name = "nightly"): Program {
  return { [name]: { type: "AntflyBackupSchedule", properties: { ...args, ...change }, options } };
}

/** A simulator with tables and a location, as its server would have them. */
export async function server(options: AntflyOptions = {}): Promise<AntflySimulator> {
  const antfly = await running(new AntflySimulator(options));
  antfly.addTable("orders", { 1: { paid: true } });
  antfly.addTable("people");
  antfly.addLocation(args.location);
  return antfly;
}

/** A simulator, and a stack with a program of resources; both end with the test. */
export async function stackOf(program: Program, options: StackOptions & AntflyOptions = {}) {
  const { config, env, host, ...settings } = options;
  const antfly = await server(settings);
  const access = { ...accessTo(antfly), ...config };
  const stack = await startStack(program, { config: access, env, host });
  return { antfly, ...stack, sent: () => requestsOf(antfly) };
}

/** A simulator, and a stack with a TypeScript program; both end with the test. */
export async function programOf(statements: string, options: ProgramOptions & AntflyOptions = {}) {
  const { config, env, form, ...settings } = options;
  const antfly = await server(settings);
  const access = { ...accessTo(antfly), antflyHealthUrl: antfly.healthUrl, ...config };
  const stack = await startProgram(statements, { config: access, env, form });
  return { antfly, ...stack, sent: () => requestsOf(antfly) };
}

/** A simulator's requests since the last call, as `METHOD path`. */
export function requestsOf(antfly: AntflySimulator): string[] {
  const sent = antfly.requests.map(({ method, path }) => `${method} ${path}`);
  antfly.clearRequests();
  return sent;
}
