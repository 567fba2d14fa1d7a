import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

/** Flags of a command line with their values, by their long names without hyphens. */
export type Flags = Record<string, string[] | undefined>;

/** How long a shell waits for `pulumi`, in milliseconds. */
const patience = 3_000;

/** A name that no shell takes for more than a name: it is put into a line as it is. */
const plain = /^[\w.,:@+/-]+$/;

/**
 * The values that a flag can have, where they are known at once. Whatever fails is no reason to disturb
 * someone who types: there are no values then.
 */
export async function valuesOf(name: string, flags: Flags): Promise<string[]> {
  try {
    const found = await namesFor(name, flags);
    return found.filter((one) => plain.test(one));
  } catch {
    return [];
  }
}

async function namesFor(name: string, flags: Flags): Promise<readonly string[]> {
  if (name === "stack") return await stackNames(flags.cwd?.at(-1));
  if (name === "of") return schedulesIn(flags.file?.at(-1));
  if (name === "fail-on") return (await import("../explain/gate.js")).gateKinds;
  if (name === "timezone") return Intl.supportedValuesOf("timeZone");
  return name === "system" ? (await import("./systems.js")).systemNames : [];
}

/** @param cwd the project's folder; default: the current one */
async function stackNames(cwd?: string): Promise<string[]> {
  const args = ["stack", "ls", "--json", "--non-interactive"];
  const signal = AbortSignal.timeout(patience);
  const child = spawn("pulumi", args, { cwd, signal, stdio: ["ignore", "pipe", "ignore"] });
  const failed = new Promise<never>((_, reject) => child.on("error", reject));
  const printed = await Promise.race([text(child.stdout), failed]);
  return namesIn(JSON.parse(printed));
}

/** @param file written by `formations backups export` */
async function schedulesIn(file: string | undefined): Promise<string[]> {
  return file === undefined ? [] : namesIn(JSON.parse(readFileSync(file, "utf8")).schedules);
}

/** The names of what a list has. */
async function namesIn(list: unknown): Promise<string[]> {
  // Loaded here, since most of what is completed needs none of it.
  const { z } = await import("zod");
  const names = z.array(z.object({ name: z.string() }));
  return names.parse(list).map(({ name }) => name);
}
