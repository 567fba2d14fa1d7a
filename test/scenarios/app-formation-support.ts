import { onTestFinished } from "vitest";
import {
  createWorkspace,
  type OperationResult,
  type Workspace,
} from "../../build/engine/workspace.ts";
import { type AkkerisOptions, AkkerisSimulator } from "../../simulators/akkeris.ts";
import type { RecordedRequest } from "../../simulators/kit/simulator.ts";
import { ended } from "../simulators/kit/testing.ts";
import { type Args, type Config, configOf } from "./support.ts";

/** One resource of a program: its arguments, and its options as TypeScript. */
export interface Declared {
  args: Args;
  options?: string;
}

/** Resources by their names in the program, which are its variables too. */
export type Declarations = Record<string, Declared>;

export interface StackOptions extends AkkerisOptions {
  /** The apps that exist: names, each with the tags of its space. Default: foo-default, untagged. */
  apps?: Record<string, string>;
  /** Configuration of the stack, by key without the namespace; null takes a default of it out. */
  config?: Config;
  /** What the program does besides declaring resources. */
  code?: string;
  /** Added to the environment of `pulumi`. */
  env?: Record<string, string>;
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
export class Stack {
  readonly akkeris: AkkerisSimulator;
  readonly workspace: Workspace;

  constructor(akkeris: AkkerisSimulator, workspace: Workspace) {
    this.akkeris = akkeris;
    this.workspace = workspace;
  }

  /** Declares the program's resources anew. */
  declare(declarations: Declarations): Promise<void> {
    return this.workspace.setProgram(programOf(declarations));
  }

  /** The requests since the last call. */
  take(): Requests {
    const taken = new Requests(this.akkeris.requests);
    this.akkeris.clearRequests();
    return taken;
  }

  /** Ends both, and fails where a fault ordered never struck or a request was none to be sent. */
  async close(): Promise<void> {
    await this.workspace.dispose();
    await ended(this.akkeris);
  }
}

/** Starts a stack that its caller closes. */
export async function openStack(
  declarations: Declarations,
  options: StackOptions = {},
): Promise<Stack> {
  const { apps = { "foo-default": "" }, config, code, env, ...settings } = options;
  const akkeris = await new AkkerisSimulator(settings).start();
  for (const [name, tags] of Object.entries(apps)) akkeris.addApp(name, { tags });
  const access = { akkerisUrl: akkeris.url, akkerisToken: { secret: akkeris.token } };
  const workspace = await createWorkspace({
    program: programOf(declarations, code),
    config: configOf({ ...access, ...config }),
    env,
  });
  return new Stack(akkeris, workspace);
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

/** What the user was told about one resource as an error; "" if nothing. */
export function errorOf({ diagnostics }: OperationResult, name: string): string {
  return diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`))
    .map(({ message }) => message)
    .join("\n");
}

/** A program of AppFormations, each exported under its name. */
export function programOf(declarations: Declarations, code = ""): string {
  const resources = Object.entries(declarations).map(([name, { args, options = "{}" }]) => {
    return `export const ${name} = new AppFormation("${name}", ${JSON.stringify(args)} as any, ${options});`;
  });
  return [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import * as formations from "pulumi-formations";`,
    `const { AppFormation } = formations;`,
    ...resources,
    code,
  ].join("\n");
}
