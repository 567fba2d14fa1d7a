import { mkdtempSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runDirectoryVariable } from "../../build/engine/environment.ts";
import { findProgram } from "../../build/engine/on-path.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { ensurePython, interpreterOf, type Python } from "../../build/engine/python.ts";
import { packSdks } from "../../build/languages/packages.ts";
import { exampleIn } from "../../build/languages/readme.ts";
import { type Language, writeSdks } from "../../build/languages/sdks.ts";
import { repository } from "../../build/repository.ts";

const timeoutMs = 10 * 60_000;

/** Why SDKs can't be written on this machine; undefined: they can. */
export const withoutGo = findProgram("go", process.env) ? undefined : "Go is not on PATH";

/** Why Python SDKs can't be tried on this machine; undefined: they can. */
export const withoutPython =
  withoutGo ?? (findProgram("python3", process.env) ? undefined : "python3 is not on PATH");

const schemaSchema = z.object({
  resources: z.record(z.string(), z.object({ description: z.string() })),
  functions: z.record(z.string(), z.object({ description: z.string() })),
  types: z.record(
    z.string(),
    z.object({
      enum: z.array(z.object({ value: z.union([z.string(), z.number()]) })).optional(),
    }),
  ),
});

const schema = schemaSchema.parse(
  JSON.parse(readFileSync(join(repository, "schema.json"), "utf8")),
);

/** What schema.json has, without what a test does not look at. */
export interface Content {
  resources: string[];
  functions: string[];
  /** The values of each enum. */
  enums: Record<string, (string | number)[]>;
}

/** The names in schema.json. */
export function content(): Content {
  const enums = Object.entries(schema.types).flatMap(([token, { enum: values }]) =>
    values ? [[nameOf(token), values.map(({ value }) => value)] as const] : [],
  );
  return {
    resources: Object.keys(schema.resources).map(nameOf).toSorted(),
    functions: Object.keys(schema.functions).map(nameOf).toSorted(),
    enums: Object.fromEntries(enums),
  };
}

/** The programs in a language that the descriptions of schema.json have; each has to have one. */
export function examples(kinds: ("resources" | "functions")[], language: string): string[] {
  const described = kinds.flatMap((kind) => Object.entries(schema[kind]));
  return described.map(([token, { description }]) => {
    const program = exampleIn(description, language);
    if (!program) throw new Error(`${token} has no example in ${language}.`);
    return program;
  });
}

/** Writes the SDKs into a folder that the test run removes. */
export async function writtenSdks(): Promise<string> {
  const directory = mkdtempSync(join(process.env[runDirectoryVariable] ?? tmpdir(), "sdks-"));
  await writeSdks(join(directory, "sdks"), process.env, (line) =>
    process.stderr.write(`${line}\n`),
  );
  return join(directory, "sdks");
}

/** Packs written SDKs, as `npm run sdks` does, and gives the packages' folder. */
export function packedSdks(sdks: string, languages: readonly Language[]): Promise<string> {
  return packSdks(sdks, languages, process.env, (line) => process.stderr.write(`${line}\n`));
}

/** A Python that has the SDK installed, as pip installs it from its folder. */
export async function pythonWith(sdks: string): Promise<Python & { env: Record<string, string> }> {
  const python = await ensurePython(process.env, (line) => process.stderr.write(`${line}\n`));
  const installed = join(sdks, "installed");
  // Beside the environment, which other clones use too; what the SDK needs is in there.
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"];
  await succeed(python.interpreter, [...pip, "--target", installed, join(sdks, "python")], sdks);
  return { ...python, env: { PYTHONPATH: installed } };
}

/**
 * The interpreter of a new virtual environment, whose pip counts what Python SDKs need as installed: it
 * was once, for all environments.
 */
export async function pythonIn(environment: string): Promise<string> {
  const python = await ensurePython(process.env, (line) => process.stderr.write(`${line}\n`));
  await succeed(python.interpreter, ["-m", "venv", "--without-pip", environment], tmpdir());
  const interpreter = interpreterOf(environment);
  const where = ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"];
  const [shared = "", own = ""] = await Promise.all(
    [python.interpreter, interpreter].map((one) => succeed(one, where, tmpdir())),
  );
  await writeFile(join(own.trim(), "shared.pth"), shared);
  return interpreter;
}

/** Runs a program of a language and gives what it printed; fails when it does. */
export async function succeed(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const found = program.includes("/") ? program : (findProgram(program, process.env) ?? program);
  const options = { cwd, env: { ...process.env, ...env }, timeoutMs };
  const result = await runCommand(found, args, options);
  if (result.code === 0) return result.stdout;
  throw new Error(`${program} ${args[0]} failed\n${tail(result.stdout + result.stderr)}`);
}

function nameOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}
