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

/** How a program reaches the provider. */
export const hosts = ["plugin", "dynamic"] as const;
export type Host = (typeof hosts)[number];

/** What is compared: this provider, and one on the same host that does nothing. */
export const names = ["floor", "formations"] as const;
export type Name = (typeof names)[number];

/** Bytes of JSON that a resource takes in the state. */
export interface StateBytes {
  /** All of it. Much is the engine's own: times, dependencies, where the program declares it. */
  whole: number;
  /** The ID, the inputs and the outputs. */
  properties: number;
}

/** A stack of AppFormations, one an app, on one of the two providers. */
export interface Contender extends AsyncDisposable {
  /** Has the program give every formation this many instances. */
  declare(quantity: number): Promise<void>;
  /** Runs `pulumi`; @throws Error with what it printed when it fails. */
  run(args: readonly string[], env: Record<string, string>): Promise<CommandResult>;
  /** What a resource takes in the state, on average. */
  stateBytes(): Promise<StateBytes>;
  /** Where the plugin's processes write their IDs, a line each; nothing on the dynamic host. */
  processes: string | undefined;
  /** The folder with the state, its history and its backups. */
  backend: string;
}

/** The app of a resource, as the simulator knows it. */
export function appOf(index: number): string {
  return `app${index}-default`;
}

/**
 * Makes a stack, with nothing in it yet.
 *
 * @param env of every command
 */
export async function openContender(
  host: Host,
  name: Name,
  size: number,
  env: Record<string, string>,
): Promise<Contender> {
  const workspace = await (host === "plugin" ? openPlugin(name, env) : openDynamic(name, env));
  const write = (quantity: number) =>
    host === "plugin"
      ? workspace.writeFile("Pulumi.yaml", yamlProgram(name, size, quantity))
      : workspace.setProgram(typeScriptProgram(name, size, quantity));
  return {
    declare: write,
    run: (args, more) => succeed(workspace, args, more),
    async stateBytes() {
      const { deployment } = await workspace.exportState();
      const own = deployment.resources.filter(({ type }) => type.endsWith(":AppFormation"));
      const properties = own.map(({ id, inputs, outputs }) => ({ id, inputs, outputs }));
      return { whole: bytesOf(own) / size, properties: bytesOf(properties) / size };
    },
    processes: host === "plugin" ? join(workspace.project, processesFile) : undefined,
    backend: fileURLToPath(workspace.env.PULUMI_BACKEND_URL ?? ""),
    [Symbol.asyncDispose]: () => workspace.dispose(),
  };
}

const schemaSchema = z.object({
  resources: z.object({
    "formations:index:AppFormation": z.object({ properties: z.record(z.string(), z.unknown()) }),
  }),
});

const processesFile = "processes";

async function openPlugin(name: Name, env: Record<string, string>): Promise<Workspace> {
  const executable =
    name === "floor"
      ? `node ${quoted(join(repository, "test", "bench", "floor", "plugin.cjs"))}`
      : quoted(join(await compiledClone(), "pulumi-resource-formations"));
  const file = `plugin/pulumi-resource-${name}`;
  const script = [
    "#!/bin/sh",
    `echo $$ >>"\${0%/*}/../${processesFile}"`,
    `exec ${executable} "$@"`,
  ];
  const workspace = await createWorkspace({
    program: "",
    files: { [file]: script.join("\n"), "Pulumi.yaml": yamlProgram(name, 0, 0) },
    package: "none",
    env,
  });
  chmodSync(join(workspace.project, file), 0o755);
  return workspace;
}

function openDynamic(name: Name, env: Record<string, string>): Promise<Workspace> {
  const folder = join(repository, "test", "bench", "floor");
  const files = {
    "node_modules/pulumi-floor/package.json": JSON.stringify({ name: "pulumi-floor" }),
    "node_modules/pulumi-floor/index.js": readFileSync(join(folder, "index.cjs"), "utf8"),
    "node_modules/pulumi-floor/provider.js": readFileSync(join(folder, "provider.cjs"), "utf8"),
    "node_modules/pulumi-floor/properties.json": JSON.stringify(propertiesOfAppFormation()),
  };
  return createWorkspace({ program: typeScriptProgram(name, 0, 0), files, env });
}

/** The names of all inputs and outputs of the resource that is measured. */
function propertiesOfAppFormation(): string[] {
  const { resources } = schemaSchema.parse(
    JSON.parse(readFileSync(join(repository, "schema.json"), "utf8")),
  );
  return Object.keys(resources["formations:index:AppFormation"].properties);
}

function yamlProgram(name: Name, size: number, quantity: number): string {
  const resources = Object.fromEntries(
    Array.from({ length: size }, (_, index) => [
      `formation${index}`,
      {
        type: `${name}:index:AppFormation`,
        properties: { app: appOf(index), type: "web", size: "gp1", quantity },
      },
    ]),
  );
  const plugins = { providers: [{ name, path: "plugin" }] };
  // JSON is YAML too.
  return JSON.stringify({ name: "scenario", runtime: "yaml", plugins, resources });
}

function typeScriptProgram(name: Name, size: number, quantity: number): string {
  return `
import { AppFormation } from "pulumi-${name}";
for (let index = 0; index < ${size}; index++) {
  const app = \`app\${index}-default\`;
  new AppFormation(\`formation\${index}\`, { app, type: "web", size: "gp1", quantity: ${quantity} });
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
