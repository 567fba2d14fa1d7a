import type { Values } from "../../provider/resource/values.ts";
import type { CitusOptions, CitusSimulator, SimFormation } from "../../simulators/citus.ts";
import { formation as subject } from "../citus/subjects.ts";
import type { Program } from "./lifecycle/program.ts";
import { type StackOptions, startProgram, startStack } from "./stack.ts";
import type { ProgramOptions } from "./support.ts";
import { accessTo, startCitus } from "./world.ts";

/** What every program here gives of a formation. */
export const args = subject.inputs;

/** The URN of a formation in a workspace's project and stack. */
export function urnOf(name: string): string {
  return `urn:pulumi:test::scenario::formations:index:Formation::${name}`;
}

/** A program that declares a formation like {@link args}. */
export function formation(change: Values = {}, options: Values = {}, name = "it"): Program {
  return { [name]: { type: "Formation", properties: { ...args, ...change }, options } };
}

/** A simulator, and a stack with a program of resources; both end with the test. */
export async function stackOf(program: Program, options: StackOptions & CitusOptions = {}) {
  const { config, env, host, ...settings } = options;
  const citus = await startCitus(settings);
  const access = { ...accessTo(citus), ...config };
  const stack = await startStack(program, { config: access, env, host });
  return { citus, ...stack, sent: () => sentTo(citus) };
}

/** A simulator, and a stack with a TypeScript program; both end with the test. */
export async function programOf(statements: string, { config, ...options }: ProgramOptions = {}) {
  const citus = await startCitus();
  const access = { ...accessTo(citus), ...config };
  const stack = await startProgram(statements, { config: access, ...options });
  return { citus, ...stack, sent: () => sentTo(citus) };
}

/** The requests since the last call, as `METHOD path` without the API's base; repeated polls once. */
function sentTo(citus: CitusSimulator): string[] {
  const sent = citus.requests.map(({ method, path }) => `${method} ${path.replace("/api/v1", "")}`);
  citus.clearRequests();
  return sent.filter((line, index) => line !== sent[index - 1]);
}

/** The one formation that is not archived. */
export function living(citus: CitusSimulator): SimFormation {
  const found = [...citus.formations.values()].filter(({ state }) => state !== "archived");
  const [one] = found;
  if (!one || found.length > 1) throw new Error(`${found.length} formations live`);
  return one;
}
