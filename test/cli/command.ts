import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { run } from "../../cli/program.ts";
import type { ResourceState, StackState } from "../../cli/stack/deployment.ts";
import type { Values } from "../../provider/resource/values.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** What a stack has, for a command to find. */
export interface StackContent {
  resources?: ResourceState[];
  /** Creations that were cut short, the newest first, as a state lists them. */
  pending?: ResourceState[];
  /** What a preview would create. */
  creations?: ResourceState[];
  config: Record<string, string>;
  /** Calls that fail, by how they begin (`preview`), and what they then print. */
  failing?: Record<string, { out?: string; err?: string }>;
  /** The stacks of the project. Default: only this one, `test`. */
  stacks?: OtherStack[];
  /** What `pulumi version` prints. Default: the version of a future. */
  version?: string;
  /** Who holds the stack's lock, in the file backend that the stack then has. Default: a service has it. */
  lock?: { pid: number; username: string; hostname: string; timestamp: string };
}

/** A stack of a project that has several. */
export interface OtherStack {
  name: string;
  updateInProgress?: boolean;
  /** What it has if it is named. Default: what `test` has. */
  resources?: ResourceState[];
  pending?: ResourceState[];
}

/** How a command ended, and what it said. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** A stack that a `pulumi` on PATH tells of, so that a command is tried without an engine. */
export interface StubStack {
  /** The project's folder. */
  folder: string;
  before: StackState;
  /** Runs `formations` with these arguments, in the project's folder. */
  formations(...args: string[]): Promise<Outcome>;
  /** The state that was imported last, if any was. */
  imported(): StackState | undefined;
}

/** Knows the calls that the commands make; any other fails. */
const script = (
  folder: string,
  version: string,
  failing: readonly string[],
  own: readonly string[],
) => `#!/bin/sh
cd '${folder}'
case "$*" in
  version) echo '${version}' ;;
${failing.map((call, at) => `  "${call} "*) cat ${at}.out; cat ${at}.err >&2; exit 1 ;;`).join("\n")}
  "whoami --json "*) cat whoami.json ;;
  "stack ls --json "*) cat stacks.json ;;
  "stack --show-name "*) echo test ;;
${own.map((name) => `  "stack export "*"--stack ${name} "*) cat 'state-${name}.json' ;;`).join("\n")}
  "stack export --"*) cat state.json ;;
  "config --json --show-secrets "*) cat config.json ;;
  "preview --json --save-plan "*) cat plan.json > "$4"; cat preview.json ;;
  "stack import "*) cat > imported.json ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

/** Puts a `pulumi` on PATH, for the running test. */
export function stubStack(content: StackContent): StubStack {
  const root = ownTemporaryFolder();
  const [answers, folder] = [join(root, "answers"), join(root, "project")];
  for (const one of [answers, folder]) mkdirSync(one);
  const before = stateOf(content);
  const config = Object.fromEntries(
    Object.entries(content.config).map(([key, value]) => [`formations:${key}`, { value }]),
  );
  const steps = (content.creations ?? []).map((newState) => ({
    ...{ op: "create", urn: newState.urn, newState },
  }));
  const { failing = {}, stacks = [{ name: "test" }], lock } = content;
  const own = stacks.filter(({ resources }) => resources);
  const whoami = { url: lock ? `file://${root}` : "https://api.example.com" };
  const files = {
    ...{ state: before, config, preview: { steps }, plan: { resourcePlans: {} } },
    whoami,
    stacks: stacks.map(({ name, updateInProgress }, at) => {
      return { name, current: at === 0, updateInProgress };
    }),
    ...Object.fromEntries(own.map((one) => [`state-${one.name}`, stateOf(one)])),
  };
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(answers, `${name}.json`), JSON.stringify(value));
  }
  Object.values(failing).forEach(({ out = "", err = "" }, at) => {
    writeFileSync(join(answers, `${at}.out`), out);
    writeFileSync(join(answers, `${at}.err`), err);
  });
  if (lock) {
    const locks = join(root, ".pulumi", "locks", "organization", "scenario", "test");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "1.json"), JSON.stringify(lock));
  }
  writeFileSync(
    join(answers, "pulumi"),
    script(
      answers,
      content.version ?? "v3.1000.0",
      Object.keys(failing),
      own.map(({ name }) => name),
    ),
  );
  chmodSync(join(answers, "pulumi"), 0o755);
  vi.stubEnv("PATH", `${answers}${delimiter}${process.env.PATH}`);
  const written = join(answers, "imported.json");
  return {
    ...{ folder, before, formations: (...args) => formations(...args, "--cwd", folder) },
    imported: () => (existsSync(written) ? JSON.parse(readFileSync(written, "utf8")) : undefined),
  };
}

function stateOf({
  resources = [],
  pending = [],
}: Pick<StackContent, "resources" | "pending">): StackState {
  const operations = pending.map((resource) => ({ type: "creating", resource }));
  return { version: 3, deployment: { resources, pending_operations: operations } };
}

/** Runs `formations` with these arguments, in this process. */
export async function formations(...args: string[]): Promise<Outcome> {
  const { argv } = process;
  const [out, err] = [vi.spyOn(console, "log"), vi.spyOn(console, "error")];
  for (const one of [out, err]) one.mockImplementation(() => {}).mockClear();
  // Help goes past the console.
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    console.log(text);
    return true;
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  process.argv = [...argv.slice(0, 2), ...args];
  try {
    await run();
    const text = (spy: typeof out) => spy.mock.calls.flat().join("\n");
    return { code: Number(process.exitCode ?? 0), out: text(out), err: text(err) };
  } finally {
    process.argv = argv;
    process.exitCode = undefined;
  }
}

const stack = "urn:pulumi:test::scenario";

/** How a program's resources are served. */
export type Host = "plugin" | "dynamic";

const packages = { plugin: "formations", dynamic: "pulumi-nodejs" };

/** The default provider of a host, as a state has it. */
export function providerState(host: Host = "plugin", created?: string): ResourceState {
  const type = `pulumi:providers:${packages[host]}`;
  return { urn: `${stack}::${type}::default`, type, custom: true, id: "provider-1", created };
}

/** A creation of a resource of this package, as a pending operation or a preview has it. */
export function creation(
  name: string,
  definition: string,
  inputs: Values,
  host: Host = "plugin",
): ResourceState {
  const type =
    host === "plugin"
      ? `formations:index:${definition}`
      : `pulumi-nodejs:dynamic/formations:${definition}`;
  const { urn, id } = providerState(host);
  return {
    ...{ urn: `${stack}::${type}::${name}`, type, custom: true },
    ...{ inputs, provider: `${urn}::${id}` },
  };
}
