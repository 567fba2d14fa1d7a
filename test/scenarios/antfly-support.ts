import { type AntflyOptions, AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import { type Args, declaration, type ProgramOptions, startStack } from "./support.ts";

export const dialects = ["v0.1", "0.2"] as const;

/** Where a simulator's paths begin. */
export const bases = { "v0.1": "/api/v1", "0.2": "/db/v1" };

/** What every program here gives of a schedule. */
export const args = { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" };

/** What the simulator and the stack can be told. */
export type StackOptions = AntflyOptions & ProgramOptions;

/** One statement of a program that declares a schedule like {@link args}, and exports it. */
export function schedule(change: Args = {}, options = "{}", name = "nightly"): string {
  return declaration("AntflyBackupSchedule", { ...args, ...change }, options, name);
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
  const { config, env, form, ...settings } = options;
  const antfly = await server(settings);
  const stack = await startStack(statements, {
    config: {
      antflyUrl: antfly.url,
      antflyHealthUrl: antfly.healthUrl,
      antflyApiKey: { secret: antfly.token },
      ...config,
    },
    env,
    form,
  });
  return {
    antfly,
    ...stack,
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
