import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { compiledClone } from "../../build/engine/package.ts";
import {
  type CommandResult,
  createWorkspace,
  type Workspace,
} from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import type { AkkerisSimulator } from "../../simulators/akkeris.ts";

/** How a program reaches the provider. */
export const hosts = ["plugin", "dynamic"] as const;
export type Host = (typeof hosts)[number];

/**
 * What is compared, on the same host: a provider that does nothing, one that sends the requests which
 * each verb can't do without and does nothing else, and this provider.
 */
export const names = ["floor", "bare", "formations"] as const;
export type Name = (typeof names)[number];

/** Something of each. */
export type Each<Value> = Record<Name, Value>;

/** Makes something for each. */
export function eachOf<Value>(make: (name: Name) => Value): Each<Value> {
  return { floor: make("floor"), bare: make("bare"), formations: make("formations") };
}

/** Which resources a stack has. */
export interface Shape {
  /** How many. */
  size: number;
  /** How many of them an app has, each of another type; one is the `web`. */
  types: number;
}

/** Bytes of JSON that a resource takes in the state. */
export interface StateBytes {
  /** All of it. Much is the engine's own: times, dependencies, where the program declares it. */
  whole: number;
  /** The ID, the inputs and the outputs. */
  properties: number;
}

/** A stack of AppFormations on one of the providers. */
export interface Contender extends AsyncDisposable {
  /** Has the program give every formation this many instances. */
  declare(quantity: number): Promise<void>;
  /** Runs `pulumi`; @throws Error with what it printed when it fails. */
  run(args: readonly string[], env: Record<string, string>): Promise<CommandResult>;
  /** What a resource takes in the state, on average. */
  stateBytes(): Promise<StateBytes>;
  /** The project's folder. */
  project: string;
  /** Where the plugin's processes write their IDs, a line each; nothing on the dynamic host. */
  processes: string | undefined;
  /** The folder with the state, its history and its backups. */
  backend: string;
}

/** The apps of a stack, as the simulator knows them. */
export function appsOf({ size, types }: Shape): string[] {
  return Array.from({ length: Math.ceil(size / types) }, (_, index) => `app${index}-default`);
}

/** Has a simulator know the apps. An app without `web` gets one with its first formation, so those of several types have it. */
export function addApps(akkeris: AkkerisSimulator, shape: Shape): void {
  for (const app of appsOf(shape)) {
    akkeris.addApp(app);
    if (shape.types > 1) akkeris.addFormation(app);
  }
}

/** What the program sets of a formation. */
export interface Properties {
  app: string;
  type: string;
  size: string;
  quantity: number;
  /** What a type other than `web` can't do without. */
  command?: string;
}

/** A stack's formations, in order. */
export function formationsOf({ size, types }: Shape, quantity: number): Properties[] {
  return Array.from({ length: size }, (_, index) => {
    const app = `app${Math.floor(index / types)}-default`;
    const rest = { size: "gp1", quantity };
    if (types === 1) return { app, type: "web", ...rest };
    return { app, type: `worker${index % types}`, ...rest, command: "node worker.js" };
  });
}

/**
 * Makes a stack, with nothing in it yet.
 *
 * @param env of every command
 */
export async function openContender(
  host: Host,
  name: Name,
  shape: Shape,
  env: Record<string, string>,
): Promise<Contender> {
  const workspace = await (host === "plugin" ? openPlugin(name, env) : openDynamic(name, env));
  const write = (quantity: number) => {
    const formations = formationsOf(shape, quantity);
    return host === "plugin"
      ? workspace.writeFile("Pulumi.yaml", yamlProgram(name, formations))
      : workspace.setProgram(typeScriptProgram(name, formations));
  };
  return {
    declare: write,
    run: (args, more) => succeed(workspace, args, more),
    async stateBytes() {
      const { deployment } = await workspace.exportState();
      const own = deployment.resources.filter(({ type }) => type.endsWith(":AppFormation"));
      const properties = own.map(({ id, inputs, outputs }) => ({ id, inputs, outputs }));
      return { whole: bytesOf(own) / shape.size, properties: bytesOf(properties) / shape.size };
    },
    project: workspace.project,
    processes: host === "plugin" ? join(workspace.project, processesFile) : undefined,
    backend: fileURLToPath(workspace.env.PULUMI_BACKEND_URL ?? ""),
    [Symbol.asyncDispose]: () => workspace.dispose(),
  };
}

/** The folder of the two floors' sources. */
const floors = join(repository, "test", "bench", "floor");

/** The command that starts a provider's plugin. */
export async function pluginCommand(name: Name): Promise<readonly [string, ...string[]]> {
  if (name === "formations") return [join(await compiledClone(), "pulumi-resource-formations")];
  return ["node", join(floors, "plugin.cjs"), name];
}

const schemaSchema = z.object({
  resources: z.object({
    "formations:index:AppFormation": z.object({ properties: z.record(z.string(), z.unknown()) }),
  }),
});

const processesFile = "processes";

async function openPlugin(name: Name, env: Record<string, string>): Promise<Workspace> {
  const file = `plugin/pulumi-resource-${name}`;
  const command = await pluginCommand(name);
  const script = [
    "#!/bin/sh",
    `echo $$ >>"\${0%/*}/../${processesFile}"`,
    `exec ${command.map(quoted).join(" ")} "$@"`,
  ];
  const workspace = await createWorkspace({
    program: "",
    files: { [file]: script.join("\n"), "Pulumi.yaml": yamlProgram(name, []) },
    package: "none",
    env,
  });
  chmodSync(join(workspace.project, file), 0o755);
  return workspace;
}

function openDynamic(name: Name, env: Record<string, string>): Promise<Workspace> {
  const text = (file: string) => readFileSync(join(floors, file), "utf8");
  const folder = `node_modules/pulumi-${name}`;
  const files = {
    [`${folder}/package.json`]: JSON.stringify({ name: `pulumi-${name}` }),
    [`${folder}/index.js`]: text("index.cjs"),
    [`${folder}/provider.js`]: text(name === "bare" ? "bare.cjs" : "nothing.cjs"),
    [`${folder}/properties.json`]: JSON.stringify(propertiesOfAppFormation()),
  };
  const program = typeScriptProgram(name, []);
  return createWorkspace({ program, files: name === "formations" ? {} : files, env });
}

/** The names of all inputs and outputs of the resource that is measured. */
function propertiesOfAppFormation(): string[] {
  const { resources } = schemaSchema.parse(
    JSON.parse(readFileSync(join(repository, "schema.json"), "utf8")),
  );
  return Object.keys(resources["formations:index:AppFormation"].properties);
}

function yamlProgram(name: Name, formations: readonly Properties[]): string {
  const resources = Object.fromEntries(
    formations.map((properties, index) => [
      `formation${index}`,
      { type: `${name}:index:AppFormation`, properties },
    ]),
  );
  const plugins = { providers: [{ name, path: "plugin" }] };
  // JSON is YAML too.
  return JSON.stringify({ name: "scenario", runtime: "yaml", plugins, resources });
}

function typeScriptProgram(name: Name, formations: readonly Properties[]): string {
  return `
import { AppFormation } from "pulumi-${name}";
for (const [index, properties] of ${JSON.stringify(formations)}.entries()) {
  new AppFormation(\`formation\${index}\`, properties);
}`;
}

async function succeed(
  workspace: Workspace,
  args: readonly string[],
  env: Record<string, string>,
): Promise<CommandResult> {
  const result = await workspace.pulumi([...args, "--color", "never"], { env });
  if (result.code === 0) return result;
  throw new Error(`pulumi ${args.join(" ")} failed\n${result.stdout}${result.stderr}`);
}

function bytesOf(values: readonly unknown[]): number {
  return Buffer.byteLength(values.map((value) => JSON.stringify(value)).join(""));
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
