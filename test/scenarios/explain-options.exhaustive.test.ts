import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formation as subject } from "../citus/subjects.ts";
import { type ExplainedChange, explain, explained, saidOf } from "./explain/explained.ts";
import * as programs from "./explain/options.ts";
import type { Systems } from "./explain/row.ts";
import { openPreviewed, type PreviewedStack, previewOf } from "./explain/stack.ts";
import { type Host, hosts } from "./lifecycle/hosts.ts";
import type { Program } from "./lifecycle/program.ts";
import { startProgram } from "./stack.ts";
import { configOf } from "./support.ts";
import { accessTo, startAkkeris, startCitus } from "./world.ts";
import { reference, type YamlResource, yamlStack } from "./yaml.ts";

/** What is to be said of one resource, and a part of why. */
type Said = [operation: string, effect: string, says: string];

interface Case {
  title: string;
  program: Program;
  flags?: (urnOf: (name: string) => string) => string[];
  fails?: boolean;
  expected: Record<string, Said>;
}

const lost = "the old one is destroyed with its data";
const taken = "Set `deleteBeforeReplace: true`";

/** Each option, and what becomes of whom. */
const cases: Case[] = [
  {
    title: "hideDiffs, replaceWith, deletedWith, replacementTrigger, retainOnDelete",
    program: programs.changed,
    expected: {
      hidden: ["update", "redeployment", "The program hides the values of `command`"],
      root: ["replace", "data loss", lost],
      follower: ["refuse", "interruption", taken],
      orderly: ["replace", "interruption", "replaces it along with root (`replaceWith`)"],
      owner: ["delete", "data loss", "the formation is destroyed with its data"],
      owned: ["delete", "data loss", "it goes with owner (`deletedWith`)"],
      triggered: ["refuse", "interruption", "its `replacementTrigger` has another value"],
      retained: ["abandon", "none", "left running"],
      retainedOnReplacement: ["replace", "interruption", "the old one is left running"],
    },
  },
  {
    title: "a replacement of what is protected",
    program: programs.guardedReplaced,
    fails: true,
    expected: { guarded: ["refuse", "data loss", "`pulumi up` refuses to replace it"] },
  },
  {
    title: "a removal of what is protected",
    program: programs.guardedRemoved,
    fails: true,
    expected: { guarded: ["refuse", "data loss", "`pulumi up` refuses to delete it"] },
  },
  {
    title: "--ignore-protect, which only keeps the preview from failing: a replacement",
    program: programs.guardedReplaced,
    flags: () => ["--ignore-protect"],
    expected: { guarded: ["refuse", "data loss", "`pulumi up` refuses to replace it"] },
  },
  {
    title: "--ignore-protect: a removal",
    program: programs.guardedRemoved,
    flags: () => ["--ignore-protect"],
    expected: { guarded: ["refuse", "data loss", "`pulumi up` refuses to delete it"] },
  },
  {
    title: "--target: one of two changes",
    program: programs.twoChanged,
    flags: (urnOf) => ["--target", urnOf("plain")],
    expected: { plain: ["replace", "data loss", lost] },
  },
  {
    title: "--replace of what has a name that another can have too",
    program: programs.first,
    flags: (urnOf) => ["--replace", urnOf("twin")],
    expected: { twin: ["replace", "data loss", "`--replace` asks for its replacement"] },
  },
  {
    title: "--replace of what has a name of its own",
    program: programs.first,
    flags: (urnOf) => ["--replace", urnOf("plain")],
    expected: { plain: ["refuse", "data loss", "allowDuplicateName"] },
  },
];

describe.each(hosts)("on the $name host", (host) => {
  let systems: Systems;
  let stack: PreviewedStack;

  beforeAll(async () => {
    stack = await openPreviewed(host, [programs.first], async (_, workspace, started) => {
      systems = started;
      await host.declare(workspace, programs.first);
      await workspace.up();
    });
  }, 600_000);

  afterAll(() => stack?.end());

  const urnOf = (name: string) => urnIn(host, name);

  test.each(cases)("$title", async ({ program, flags, fails, expected }) => {
    const { text, code } = await stack.preview(program, "digest", flags?.(urnOf));
    expect(code === 0).toBe(!fails);
    const { changes, failed } = await explained(text);
    expect(failed).toBe(fails ?? false);
    expectSaid(changes, expected);
    for (const format of ["text", "markdown", "json"]) {
      expect((await explain(text, "--format", format)).out).not.toContain("node hidden");
    }
  });

  test("`pulumi state taint`", async () => {
    await stack.workspace.pulumi(["state", "taint", urnOf("twin"), "--yes"]);
    const { text } = await stack.preview(programs.first);
    await stack.workspace.pulumi(["state", "untaint", urnOf("twin"), "--yes"]);
    const reason = "`pulumi state taint` asked for its replacement";
    expectSaid((await explained(text)).changes, { twin: ["replace", "data loss", reason] });
  });

  test("the events, which lack options, have the same effects", async () => {
    const { text } = await stack.preview(programs.changed, "events");
    const [first] = cases;
    const effects = Object.entries(first?.expected ?? {}).map(([name, [, effect]]) => [
      name,
      effect,
    ]);
    const { changes } = await explained(text);
    expect(Object.fromEntries(changes.map(({ name, effect }) => [name, effect?.kind]))).toEqual(
      Object.fromEntries(effects),
    );
  });

  test("an old one that an earlier run could not delete is still to be deleted", async () => {
    const body = { message: "No access." };
    const kind = { type: "status", status: 403, body } as const;
    systems.citus.order({ method: "DELETE", path: /\/formations\//, kind });
    await host.declare(stack.workspace, programs.plainReplaced);
    await stack.workspace.up({ expectFailure: true });

    const { text } = await stack.preview(programs.plainReplaced);
    const reason = "an earlier run replaced it, and failed before it deleted the old one";
    expectSaid((await explained(text)).changes, { plain: ["delete", "data loss", reason] });
    await stack.workspace.up();
    expect((await explained((await stack.preview(programs.plainReplaced)).text)).changes).toEqual(
      [],
    );
  });

  test("what is said to be refused is refused, and nothing else", async () => {
    const { text } = await stack.preview(programs.everything);
    const { changes } = await explained(text);
    const refused = changes.filter(({ operation }) => operation === "refuse");

    const { diagnostics } = await stack.workspace.up({
      expectFailure: true,
      args: ["--continue-on-error"],
    });
    const failed = diagnostics.flatMap(({ severity, urn = "" }) =>
      severity === "error" ? urn.split("::").slice(3) : [],
    );
    expect([...new Set(failed)].toSorted()).toEqual(refused.map(({ name }) => name).toSorted());
  });
});

/** Formations of the default provider and of one that the program declares, on the plugin. */
async function providedStack() {
  const citus = await startCitus();
  const provider = (citusUrl = citus.url) => ({
    type: "pulumi:providers:formations",
    properties: {
      citusUrl,
      citusToken: { "fn::secret": citus.token },
      citusRequestsPerMinute: 6000,
    },
  });
  const formation = (name?: string) => ({
    type: "formations:index:Formation",
    properties: subject.inputs,
    ...(name && { options: { provider: reference(name) } }),
  });
  const first = { plain: formation(), east: provider(), owned: formation("east") };
  const { workspace, declare } = await yamlStack(first, configOf(accessTo(citus)));
  await workspace.up();
  return {
    formation,
    provider,
    first,
    async explainedAs(next: Record<string, YamlResource>) {
      await declare(next);
      return explained((await previewOf(workspace)).text);
    },
  };
}

test("another provider of the program leaves its resources as they are; another address is a warning", async () => {
  const { formation, provider, first, explainedAs } = await providedStack();

  const explicit = await explainedAs({ ...first, plain: formation("east") });
  expect(explicit.changes).toEqual([]);
  const other = await explainedAs({ ...first, west: provider(), owned: formation("west") });
  expect(other.changes).toEqual([]);
  const elsewhere = await startCitus();
  const moved = await explainedAs({ ...first, east: provider(elsewhere.url) });
  expect(moved.changes).toEqual([]);
  expect(moved.messages.map(({ text }) => text).join()).toContain("No resource is replaced");
});

test("what only the program makes a secret is not shown, though the dynamic host does not know of it", async () => {
  const akkeris = await startAkkeris("shop-default", "jobs-default");
  const citus = await startCitus();
  const program = (secret: string, workerCount: number) => `
    const args = { type: "web", size: "gp1", quantity: 1 };
    const database = new Formation("database", { ...${JSON.stringify(subject.inputs)}, workerCount: ${workerCount} });
    new AppFormation("shop", { ...args, app: "shop-default", command: pulumi.secret("${secret}") });
    new AppFormation("jobs", { ...args, app: "jobs-default", command: database.databaseUrl });`;
  const config = accessTo(akkeris, citus);
  const { workspace, declare } = await startProgram(program("sk-old-5b1e", 2), { config });
  await workspace.up();
  await declare(program("sk-new-77aa", 3));

  for (const form of ["digest", "events"] as const) {
    const { text } = await previewOf(workspace, form);
    // Pulumi's own messages for debugging have the inputs as they are.
    const lines = text.split("\n").filter((line) => !line.includes('"severity":"debug"'));
    expect(lines.join("\n")).not.toContain("sk-new-77aa");
    expectSaid((await explained(text)).changes, {
      database: ["replace", "data loss", lost],
      shop: ["update", "redeployment", "Akkeris then redeploys"],
      jobs: ["update", "redeployment", "Akkeris then redeploys"],
    });
    for (const format of ["text", "markdown", "json"]) {
      expect((await explain(text, "--format", format)).out).not.toMatch(/sk-(old|new)|postgres:/);
    }
  }
});

function expectSaid(changes: readonly ExplainedChange[], expected: Record<string, Said>): void {
  const found = changes.map(({ name, operation, effect }) => [name, [operation, effect?.kind]]);
  const wanted = Object.entries(expected).map(([name, [operation, effect]]) => [
    name,
    [operation, effect],
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  for (const change of changes) expect(saidOf(change)).toContain(expected[change.name]?.[2]);
}

function urnIn(host: Host, name: string): string {
  const type = host.name === "plugin" ? "formations:index" : "pulumi-nodejs:dynamic/formations";
  return `urn:pulumi:test::scenario::${type}:Formation::${name}`;
}
