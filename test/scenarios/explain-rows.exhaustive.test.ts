import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { resources } from "../../provider/index.ts";
import { commonRules } from "../../provider/resource/plan-rules.ts";
import { countsOf, only, treatmentsOf, withOther } from "./explain/digest.ts";
import { explain, explained, saidOf } from "./explain/explained.ts";
import { gatesOf, type Row } from "./explain/row.ts";
import { programs, refusals, refusalsOf, refusedPrograms, rows, rowsOf } from "./explain/rows.ts";
import {
  openRefusalStack,
  openRowStack,
  type PreviewedStack,
  type Recorded,
} from "./explain/stack.ts";
import { hosts } from "./lifecycle/hosts.ts";
import { type Declared, Late, type Program } from "./lifecycle/program.ts";

/** Every rule of the plan table, by whose it is. */
const rules = [
  ...Object.values(commonRules).map((rule) => ({ of: "every resource", ...rule })),
  ...resources.flatMap(({ name, plan: { properties, whole = [] } }) =>
    [...properties, ...whole].map((rule) => ({ of: name, ...rule })),
  ),
];

/** What no comment may show. */
const secrets = [
  "value-old-91c4",
  "value-new-17d2",
  "old-mode-8d2f",
  "new-mode-4b7e",
  "env-secret",
];

const markdown = ["--format", "markdown"];

const gates = ["data-loss", "deletion", "replacement", "interruption", "redeployment"] as const;

/** Every row, for tables of tests. */
const shown = Object.entries(rows).map(([name, row]) => ({ name, ...row }));
const changing = shown.filter(({ op }) => op !== undefined);

const snapshot = (name: string) => join(repository, "test/fixtures/explain", name);

test.each(rules)("one resource shows the rule of $of: $change", ({ of, change, becomes }) => {
  const showing = Object.values((becomes === "refuse" ? refusalsOf : rowsOf)[of] ?? {});
  expect(showing.filter((row: Row) => row.change === change)).toHaveLength(1);
});

describe.each(hosts)("on the $name host", (host) => {
  let stack: PreviewedStack;
  let changed: Recorded;
  let events: Recorded;

  beforeAll(async () => {
    stack = await openRowStack(host);
    changed = await stack.preview(programs.changed);
    events = await stack.preview(programs.changed, "events");
  }, 600_000);

  afterAll(() => stack?.end());

  test("the engine treats each resource as its row says", () => {
    const expected = changing.map(({ name, op, order }) => [name, { op, ...(order && { order }) }]);
    expect(changed.code).toBe(0);
    expect(treatmentsOf(changed.text)).toEqual(Object.fromEntries(expected));
  });

  /** What is said of both forms of the preview, for the tests that each look at one resource of it. */
  const saidOfBoth = once(async () => [
    await explained(changed.text),
    await explained(events.text),
  ]);

  test.each(shown)("$name is explained: $change", async ({ name, op, order, effect, says }) => {
    for (const { changes } of await saidOfBoth()) {
      const found = changes.filter((one) => one.name === name);
      if (!op && !says) {
        expect(found).toEqual([]);
        continue;
      }
      expect(found).toMatchObject([
        { operation: op ?? "keep", effect: { kind: effect ?? "none" }, ...(order && { order }) },
      ]);
      expect(found.map(saidOf).join()).toContain(says ?? "");
    }
  });

  test("what is counted is what the engine counts", async () => {
    const { engineCounts, changes } = await explained(changed.text);
    const { same: _, ...counts } = countsOf(changed.text);
    expect(engineCounts).toEqual(countsOf(changed.text));
    expect(
      tally(changes.map(({ operation }) => operation).filter((one) => one !== "keep")),
    ).toEqual(counts);
    expect(counts).toEqual(tally(changing.map(({ op = "" }) => op)));
  });

  test("the comment is as committed, and the same each time", async () => {
    const { code, out } = await explain(changed.text, ...markdown);
    expect(code).toBe(0);
    await expect(`${out}\n`).toMatchFileSnapshot(snapshot(`rows-${host.name}.md`));
    expect((await explain(changed.text, ...markdown)).out).toBe(out);
  });

  test.each(["markdown", "text", "json", "gitlab"])("no secret is in %s", async (format) => {
    for (const { text } of [changed, events]) {
      const { out, err } = await explain(text, "--format", format);
      for (const secret of [...secrets, "__provider", "__autoname", "__former"]) {
        expect(out + err).not.toContain(secret);
      }
    }
  });

  test.each(changing)("a gate closes on what $name does, and on nothing else", async (row) => {
    const alone = only(changed.text, row.name);
    const closed: string[] = [];
    for (const gate of gates) {
      const { code } = await explain(alone, "--fail-on", gate);
      if (code === 2) closed.push(gate);
    }
    expect(closed).toEqual(gates.filter((gate) => gatesOf(row).includes(gate)));
  });

  test("another run, another order and the other form of the preview have the same fingerprint", async () => {
    const { fingerprint } = await explained(changed.text);
    const again = await stack.preview(reordered(programs.changed));
    expect((await explained(again.text)).fingerprint).toBe(fingerprint);
    expect((await explained(events.text)).fingerprint).toBe(fingerprint);
    for (const { text } of [again, events]) {
      expect((await explain(text, "--expect", fingerprint)).code).toBe(0);
    }
    const other = withOther(changed.text, "scaled", "quantity");
    expect(await explain(other, "--expect", fingerprint)).toMatchObject({
      code: 3,
      err: expect.stringContaining("scaled"),
    });
  });

  test("each property that the program asks for is in the fingerprint", async () => {
    const known = new Map([[(await explained(changed.text)).fingerprint, "nothing"]]);
    for (const [name, { properties }] of Object.entries(programs.changed)) {
      if (!rows[name]?.op) continue;
      for (const property of Object.keys(properties).filter(
        (key) => !isConcealed(properties[key]),
      )) {
        const { fingerprint } = await explained(withOther(changed.text, name, property));
        expect(known.get(fingerprint), `${name}.${property}`).toBeUndefined();
        known.set(fingerprint, `${name}.${property}`);
      }
    }
    expect(known.size).toBeGreaterThan(100);
  });

  describe("what is refused", () => {
    let refusing: PreviewedStack;

    beforeAll(async () => {
      refusing = await openRefusalStack(host);
    }, 600_000);

    afterAll(() => refusing?.end());

    test.each(Object.entries(refusals))("%s is refused, with why", async (name, { says }) => {
      const { text, code } = await refusing.preview(refusedPrograms.refused(name));
      expect(code).not.toBe(0);
      const { failed, changes } = await explained(text);
      expect(failed).toBe(true);
      expect(changes).toMatchObject([{ name, operation: "refuse" }]);
      expect(changes.map(saidOf).join()).toContain(says);
      const { code: closed, out } = await explain(text, ...markdown, "--fail-on", "failure");
      expect(closed).toBe(2);
      await expect(`${out}\n`).toMatchFileSnapshot(snapshot(`refused-${name}-${host.name}.md`));
    });
  });
});

test("the comments of both hosts differ in one secret, which only the plugin compares, and in the types", () => {
  const [plugin = [], dynamic = []] = ["plugin", "dynamic"].map((host) =>
    readFileSync(snapshot(`rows-${host}.md`), "utf8").split("\n"),
  );
  const fingerprints = [/^<sub>Reviewed as /, /^<!-- formations explain: /];
  const expected = (own: RegExp[]) =>
    [...own, ...fingerprints].map((line) => expect.stringMatching(line));
  expect(plugin.filter((line) => !dynamic.includes(line))).toEqual(
    expected([/^- \*\*`rekeyed`\*\*/]),
  );
  expect(dynamic.filter((line) => !plugin.includes(line))).toEqual(
    expected([/^- \*\*`rekeyed`\*\*.* `value` may have changed, secret\./, /may have changed/]),
  );
});

/** Makes something at the first call. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function tally(ops: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const op of ops) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

/** The same resources the other way round; those that refer to others stay last. */
function reordered(program: Program): Program {
  const isReferring = ([, { properties }]: [string, Declared]) =>
    Object.values(properties).some((value) => value instanceof Late);
  const entries = Object.entries(program);
  const free = entries.filter((entry) => !isReferring(entry)).toReversed();
  return Object.fromEntries([...free, ...entries.filter(isReferring)]);
}

/** Whether a preview does not show the value, or a part of it: a secret, or what is not known yet. */
function isConcealed(value: unknown): boolean {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject || secrets.some((secret) => value === secret);
}
