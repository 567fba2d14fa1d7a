import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ensureEngine, withEngine } from "../../build/engine/engine.ts";
import { compiledClone, packArchive } from "../../build/engine/package.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { ensurePython, ensurePythonHost } from "../../build/engine/python.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";
import { type Registry, startRegistry } from "../distribution/registry.ts";
import { succeed, withoutPython, writtenSdks } from "./sdks.ts";

/*
 * Types docs/first-steps.md word for word: every command of a way, in one shell, and every file. Only
 * what the page does in the clone (`npm ci`, `npm pack`, `npm run simulate`, `npm run sdks`) is done
 * beforehand.
 */

const page = readFileSync(join(repository, "docs", "first-steps.md"), "utf8");
const timeoutMs = 10 * 60_000;

/** A block of the page as a shell runs it: commands, or the writing of a file. */
interface Step {
  title: string;
  script: string;
}

/** The steps under a heading; of the introduction without one. */
function stepsUnder(heading?: string): Step[] {
  const parts = page.split(/^## /m);
  const part = heading ? parts.find((one) => one.startsWith(`${heading}\n`)) : parts[0];
  if (part === undefined) throw new Error(`The page has no heading "${heading}".`);
  const blocks = part.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, file, language, text = ""]) => {
    if (file) return { title: file, script: `cat > ${file} <<'END OF FILE'\n${text}END OF FILE\n` };
    if (language !== "sh")
      throw new Error(`A block of "${heading}" is neither commands nor a file.`);
    return { title: text.trim().split("\n").at(-1) ?? "", script: text };
  });
}

/** What the page asks for between two commands, in words. */
const change: Step = {
  title: "the change",
  script: `sed -i -E 's/(quantity\\W+|Quantity\\W+\\w*\\W*)2/\\13/; s/gp2/gp1/' "$PROGRAM"\n`,
};

/** All steps of a way; the introduction's first block is what is done in the clone. */
function way(language: string): Step[] {
  const [create, preview, destroy] = stepsUnder("Preview, up, destroy");
  if (!create || !preview || !destroy) throw new Error("The page ends otherwise.");
  const [, ...shell] = stepsUnder();
  return [...shell, ...stepsUnder(language), create, change, preview, destroy];
}

/** What each step printed, by its title. */
type Transcript = Map<string, string>;

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry({ forCompilers: true });
});
afterAll(() => registry?.close());

/** A folder with a clone in it, as the page's commands name it. */
async function besideClone(sdks?: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "formations-first-steps-"));
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

/** Types the steps into a shell, and prints how long each took. */
async function type(
  steps: readonly Step[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Transcript> {
  const mark = "@@@";
  const script = steps.map(({ script }) => `${script}echo "${mark}$EPOCHREALTIME"\n`).join("");
  const shell = ["-c", `set -e\necho "${mark}$EPOCHREALTIME"\n${script}`];
  const { code, stdout, stderr } = await runCommand("bash", shell, { cwd, env, timeoutMs });
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

/** The environment of a user who has Pulumi, and the simulators' variables. */
async function environment(
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
    NO_COLOR: "1",
    npm_config_registry: registry.url,
    npm_config_cache: join(home, ".npm"),
    ...variables,
  });
}

/** What every way ends with. */
function expectWay(printed: Transcript, platform: Platform): void {
  const of = (title: string) => printed.get(title) ?? "";
  expect(of("pulumi up --yes")).toContain("+ 2 to create");
  expect(of("pulumi up --yes")).toMatch(/id: "shop-dev\/web"/);
  expect(of("pulumi preview --diff")).toMatch(/~ quantity\s*: 2 => 3/);
  expect(of("pulumi preview --diff")).toMatch(/~ size\s*: "gp2" => "gp1"/);
  expect(of("pulumi destroy --yes")).toMatch(/- 2 deleted/);
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
}

async function simulated(): Promise<Platform> {
  const platform = await new Platform(5_000).start();
  onTestFinished(() => platform.close());
  return platform;
}

test.each([
  ["TypeScript", "index.ts"],
  ["YAML", "Pulumi.yaml"],
])("in %s, from an empty folder to a destroy", async (language, PROGRAM) => {
  const platform = await simulated();
  const root = await besideClone();
  const env = await environment(root, { ...platform.urls, ...platform.tokens, PROGRAM });

  expectWay(await type(way(language), root, env), platform);
});

test("in Python, from an empty folder to a destroy", async ({ skip }) => {
  skip(withoutPython !== undefined, withoutPython);
  const platform = await simulated();
  const root = await besideClone(await writtenSdks());
  const python = await ensurePython(process.env);
  const host = await ensurePythonHost(await ensureEngine(), process.env);
  // pip finds what the SDK needs in the environment that was made once for this user, without an index.
  const where = ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"];
  const PYTHONPATH = (await succeed(python.interpreter, where, root)).trim();
  const pip = { PYTHONPATH, PIP_NO_INDEX: "1", PIP_NO_BUILD_ISOLATION: "0" };
  const variables = { ...platform.urls, ...platform.tokens, ...pip, PROGRAM: "__main__.py" };
  const env = await environment(root, variables, host);

  expectWay(await type(way("Python"), root, env), platform);
});
