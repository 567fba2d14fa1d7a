import { readFileSync } from "node:fs";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** What `pulumi new typescript` writes, for TypeScript 6. */
const compilerOptions = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "nodenext",
  moduleResolution: "nodenext",
  sourceMap: true,
  types: ["node"],
};

/** Writes a TypeScript project's files, all but the program itself. */
export async function writeProject(directory: string, name: string): Promise<void> {
  const project = { name, runtime: "nodejs" };
  // JSON is YAML too.
  await writeFile(join(directory, "Pulumi.yaml"), `${JSON.stringify(project, null, 2)}\n`);
  await writeFile(join(directory, "package.json"), JSON.stringify({ name, main: "index.ts" }));
  const settings = { compilerOptions, files: ["index.ts"] };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(settings));
}

/** Copies a project's folder, without what was installed or built there. */
export async function copyProject(from: string, directory: string): Promise<void> {
  const left = /[\\/](node_modules|bin|venv|__pycache__|\.git)$/;
  await cp(from, directory, { recursive: true, filter: (path) => !left.test(path) });
}

/** The files that `pulumi stack init` wrote, by path within the backend's folder. */
interface StackTemplate {
  state: Map<string, Buffer>;
  settings: Buffer;
}

const templates = new Map<string, Promise<StackTemplate>>();

/** Runs `pulumi` with these arguments in the project and fails when it does. */
export type RunPulumi = (args: readonly string[]) => Promise<unknown>;

/**
 * Makes a stack as `pulumi stack init` does. That is run once for each project name, stack and
 * passphrase in this process; its files are written again for the others, which saves 0.3 s each.
 *
 * @param state - the backend's folder, empty so far.
 */
export async function makeStack(
  project: string,
  state: string,
  stack: { project: string; name: string; passphrase: string },
  run: RunPulumi,
): Promise<void> {
  const settingsFile = join(project, `Pulumi.${stack.name}.yaml`);
  const key = JSON.stringify(stack);
  const known = templates.get(key);
  await mkdir(state, { recursive: true });
  if (known) {
    const template = await known;
    for (const [path, content] of template.state) {
      await mkdir(dirname(join(state, path)), { recursive: true });
      await writeFile(join(state, path), content);
    }
    await writeFile(settingsFile, template.settings);
    return;
  }
  const made = initialise();
  templates.set(key, made);
  made.catch(() => templates.delete(key));
  await made;

  async function initialise(): Promise<StackTemplate> {
    await run(["stack", "init", stack.name]);
    const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const contents = files.map((entry): [string, Buffer] => {
      const path = join(entry.parentPath, entry.name);
      return [relative(state, path), readFileSync(path)];
    });
    return { state: new Map(contents), settings: readFileSync(settingsFile) };
  }
}
