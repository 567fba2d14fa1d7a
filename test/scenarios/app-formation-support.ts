import { onTestFinished } from "vitest";
import type { OperationResult, Workspace } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import { type AkkerisOptions, AkkerisSimulator } from "../../simulators/akkeris.ts";
import type { RecordedRequest } from "../../simulators/kit/simulator.ts";
import { ended } from "../simulators/kit/testing.ts";
import type { Program } from "./lifecycle/program.ts";
import * as stacks from "./stack.ts";
import { accessTo } from "./world.ts";

/** Resources by their names in the program: arguments, and Pulumi's own options. */
export type Declarations = Record<string, { args: Values; options?: Values }>;

export interface StackOptions extends AkkerisOptions, stacks.StackOptions {
  /** The apps that exist: names, each with the tags of its space. Default: foo-default, untagged. */
  apps?: Record<string, string>;
}

/** Requests to the simulator, in the order of arrival. */
export class Requests {
  readonly all: readonly RecordedRequest[];

  constructor(all: readonly RecordedRequest[]) {
    this.all = all;
  }

  /** Each as `METHOD path`. */
  get lines(): string[] {
    return this.all.map(({ method, path }) => `${method} ${path}`);
  }

  /** Those about one app. */
  of(app: string): Requests {
    return new Requests(this.all.filter(({ path }) => path.startsWith(`/apps/${app}/`)));
  }

  get methods(): string[] {
    return this.all.map(({ method }) => method);
  }

  /** What the batch PATCHes asked. */
  get patches(): unknown[] {
    return this.all.filter(({ method }) => method === "PATCH").map(({ body }) => body);
  }
}

/** A stack of AppFormations on the real engine, and the simulator that it works on. */
export interface Stack {
  akkeris: AkkerisSimulator;
  workspace: Workspace;
  /** Declares the program's resources anew. */
  declare(declarations: Declarations): Promise<void>;
  /** The requests since the last call. */
  take(): Requests;
  /** Ends both, and fails where a fault ordered never struck or a request was none to be sent. */
  close(): Promise<void>;
}

/** Starts a stack that its caller closes. */
export async function openStack(
  declarations: Declarations,
  options: StackOptions = {},
): Promise<Stack> {
  const { apps = { "foo-default": "" }, config, env, host, ...settings } = options;
  const akkeris = await new AkkerisSimulator(settings).start();
  for (const [name, tags] of Object.entries(apps)) akkeris.addApp(name, { tags });
  const access = { ...accessTo(akkeris), ...config };
  const program = programOf(declarations);
  const { workspace, declare } = await stacks.openStack(program, { config: access, env, host });
  return {
    akkeris,
    workspace,
    declare: (next) => declare(programOf(next)),
    take() {
      const taken = new Requests(akkeris.requests);
      akkeris.clearRequests();
      return taken;
    },
    async close() {
      await workspace.dispose();
      await ended(akkeris);
    },
  };
}

/** Starts a stack that ends with the test. */
export async function stackOf(
  declarations: Declarations,
  options: StackOptions = {},
): Promise<Stack> {
  const stack = await openStack(declarations, options);
  onTestFinished(() => stack.close());
  return stack;
}

/** The app of a resource that has one of its own. */
export function appOf(name: string): string {
  return `${name}-default`;
}

/** Apps without tags, for {@link StackOptions}. */
export function apps(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

/** What the engine made of each resource that is not as it was, by the resource's name. */
export function opsOf({ steps }: OperationResult): Record<string, string> {
  return Object.fromEntries(
    steps.filter(({ logical, op }) => logical && op !== "same").map(({ name, op }) => [name, op]),
  );
}

function programOf(declarations: Declarations): Program {
  return Object.fromEntries(
    Object.entries(declarations).map(([name, { args: properties, options }]) => [
      name,
      { type: "AppFormation", properties, ...(options && { options }) },
    ]),
  );
}
