import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { ensureEngine, withEngine } from "../../build/engine/engine.ts";
import { compiledClone, packArchive } from "../../build/engine/package.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";

/*
 * Types a page of docs/ word for word: its commands into a shell, and its files. Only what a page does
 * in the clone (`npm ci`, `npm pack`, `./formations simulate`, `npm run sdks`) is done beforehand.
 */

const timeoutMs = 10 * 60_000;

/** A block of a page as a shell runs it: commands, or the writing of a file. */
export interface Step {
  /** The file's name, or the last of the commands. */
  title: string;
  script: string;
}

/** What each step printed, by its title; before the first one, by "". */
export type Transcript = Map<string, string>;

/**
 * The steps of a page under a heading of the second level.
 *
 * @param heading default: none, for the introduction
 * @throws Error when there is no such heading, or when a block is neither commands nor a file
 */
export function stepsOf(page: string, heading?: string): Step[] {
  const parts = readFileSync(join(repository, page), "utf8").split(/^## /m);
  const part = heading ? parts.find((one) => one.startsWith(`${heading}\n`)) : parts[0];
  if (part === undefined) throw new Error(`${page} has no heading "${heading}".`);
  const blocks = part.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, file, language, text = ""]) => {
    if (file) return { title: file, script: `cat > ${file} <<'END OF FILE'\n${text}END OF FILE\n` };
    if (language !== "sh")
      throw new Error(`A block of "${heading}" is neither commands nor a file.`);
    return { title: text.trim().split("\n").at(-1) ?? "", script: text };
  });
}

/** A folder with a clone in it, as the pages' commands name it; removed when the test ends. */
export async function besideClone(sdks?: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "formations-typed-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const from = await compiledClone();
  const clone = join(root, "pulumi-formations");
  mkdirSync(join(clone, "dist"), { recursive: true });
  for (const entry of readdirSync(from)) {
    if (entry !== "dist" && !entry.endsWith(".tgz"))
      symlinkSync(join(from, entry), join(clone, entry));
  }
  if (sdks) symlinkSync(sdks, join(clone, "dist", "sdks"));
  await packArchive(from, clone);
  return root;
}

/**
 * The environment of a user who has Pulumi, and nothing of this machine's user.
 *
 * @param root the folder that has the user's home
 * @param path folders to put before PATH, behind the engine's
 */
export async function userEnvironment(
  root: string,
  variables: Record<string, string>,
  path: readonly string[] = [],
): Promise<NodeJS.ProcessEnv> {
  const engine = await ensureEngine();
  const home = join(root, "home");
  mkdirSync(home);
  const PATH = [...path, dirname(process.execPath), process.env.PATH].join(delimiter);
  return withEngine(engine, {
    PATH,
    HOME: home,
    PULUMI_HOME: join(home, ".pulumi"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Nobody is there to say yes.
    PULUMI_SKIP_CONFIRMATIONS: "true",
    NO_COLOR: "1",
    npm_config_cache: join(home, ".npm"),
    ...variables,
  });
}

/** Where steps are typed. */
export interface Shell {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** What a command gets that asks for something. */
  answer: string;
}

/** Types the steps into a shell, one after the other, and prints how long each took. */
export async function type(steps: readonly Step[], shell: Shell): Promise<Transcript> {
  const mark = "@@@";
  const time = `echo "${mark}$EPOCHREALTIME"\n`;
  const script = steps.map((step) => `${step.script}${time}`).join("");
  const args = ["-c", `set -e\nexec <<< "$ANSWER"\n${time}${script}`];
  const options = { cwd: shell.cwd, env: { ...shell.env, ANSWER: shell.answer }, timeoutMs };
  const { code, stdout, stderr } = await runCommand("bash", args, options);
  expect(code, tail(stdout + stderr, 60)).toBe(0);
  const [first = "", ...parts] = stdout.split(mark);
  let began = Number(parts[0]?.split("\n")[0]);
  const printed: Transcript = new Map([["", first]]);
  for (const [index, { title }] of steps.entries()) {
    const output = (parts[index] ?? "").slice((parts[index] ?? "").indexOf("\n") + 1);
    const ended = Number(parts[index + 1]?.split("\n")[0]);
    console.log(`${(ended - began).toFixed(1)} s  ${title}`);
    began = ended;
    printed.set(title, output);
  }
  return printed;
}
