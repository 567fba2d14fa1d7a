import { type CitusOptions, CitusSimulator, type SimFormation } from "../../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { formationInputs } from "../support/formation-inputs.ts";
import { type Args, declaration, type ProgramOptions, startStack } from "./support.ts";

/** What every program here gives of a formation. */
export const args = formationInputs;

/** Its URN under the name `it`, in the workspaces' project and stack. */
export const urn = "urn:pulumi:test::scenario::pulumi-nodejs:dynamic/formations:Formation::it";

/** What the simulator and the stack can be told. */
export type StackOptions = CitusOptions & ProgramOptions;

/** One statement of a program that declares a formation like {@link args} and exports it. */
export function formation(change: Args = {}, options = "{}", name = "it"): string {
  return declaration("Formation", { ...args, ...change }, options, name);
}

/** A simulator, and a stack with these statements as its program; both end with the test. */
export async function stackOf(statements: string, options: StackOptions = {}) {
  const { config, env, form, ...settings } = options;
  // So fast that a creation takes some tens of milliseconds.
  const unhurried = { speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY };
  const citus = await running(new CitusSimulator({ ...unhurried, ...settings }));
  const stack = await startStack(statements, {
    config: {
      citusUrl: citus.url,
      citusToken: { secret: citus.token },
      // Waiting looks every 10 ms then.
      citusRequestsPerMinute: "6000",
      ...config,
    },
    env,
    form,
  });
  return {
    citus,
    ...stack,
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

/** A Citus Cloud that is never waited for, and the configuration that reaches it. */
export async function hurriedCitus() {
  const citus = await running(
    new CitusSimulator({ speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY }),
  );
  const config = {
    "formations:citusUrl": citus.url,
    "formations:citusToken": { secret: citus.token },
    "formations:citusRequestsPerMinute": "6000",
  };
  return { citus, config };
}
