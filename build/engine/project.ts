import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";

/**
 * What the engine gets of a TypeScript program. `compiled`: JavaScript, made beforehand. `transpiled`:
 * the source, types unchecked, which takes 0.2 s more each time. `checked`: the source as users have
 * it, which takes a second more.
 */
export type ProgramForm = "compiled" | "transpiled" | "checked";

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

/** Writes a project's files, all but the program itself. */
export async function writeProject(
  directory: string,
  name: string,
  form: ProgramForm,
): Promise<void> {
  const isCompiled = form === "compiled";
  const runtime = isCompiled ? { name: "nodejs", options: { typescript: false } } : "nodejs";
  // JSON is YAML too.
  await writeFile(join(directory, "Pulumi.yaml"), JSON.stringify({ name, runtime }, null, 2));
  const main = isCompiled ? "index.js" : "index.ts";
  await writeFile(join(directory, "package.json"), JSON.stringify({ name, main }));
  if (isCompiled) return;
  const settings = { compilerOptions, files: [main] };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(settings));
}

/** Writes the project's program. */
export async function writeProgram(
  directory: string,
  source: string,
  form: ProgramForm,
): Promise<void> {
  if (form !== "compiled") return writeFile(join(directory, "index.ts"), source);
  const { code } = await transform(source, { loader: "ts", format: "cjs", target: "node22" });
  await writeFile(join(directory, "index.js"), code);
}

/** Copies a project's folder, without what was installed or built there. */
export async function copyProject(from: string, directory: string): Promise<void> {
  const left = /[\\/](node_modules|bin|venv|__pycache__|\.git)$/;
  await cp(from, directory, { recursive: true, filter: (path) => !left.test(path) });
}
