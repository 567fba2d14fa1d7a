import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../../build/repository.ts";
import type { Explanation } from "../../../cli/explain/model.ts";
import { explainedText, saidIn } from "./previews.ts";

/*
 * Previews of the real engine, 3.259 or the version in the name, with steps of replacements, without times,
 * places in sources and ports. `changes-*` are of the program in test/scenarios/explain-support.ts.
 */
const folder = join(repository, "test", "fixtures", "previews");

function recorded(file: string): Explanation {
  return explainedText(readFileSync(join(folder, file), "utf8"));
}

/** `operation name: kind` of each change. */
function outline({ changes }: Explanation): string[] {
  return changes.map(({ operation, name, effect }) => `${operation} ${name}: ${effect?.kind}`);
}

const files = globSync("*", { cwd: folder });

test.each(files)("%s: counts are the engine's, and nothing hidden is shown", (file) => {
  const explanation = recorded(file);
  const { counts = {}, changes } = explanation;
  const engines = Object.entries(counts).filter(([op]) => op !== "same");
  expect(changes).toHaveLength(engines.reduce((sum, [, count]) => sum + count, 0));
  expect(saidIn(explanation)).not.toMatch(/__|<\{|sk-|env-|04da6b54/);
  expect(explanation).toMatchObject({ project: "scenario", stack: "test" });
});

test.each(files.filter((file) => file.startsWith("changes")))("%s", (file) => {
  const explanation = recorded(file);
  expect(outline(explanation)).toEqual([
    "delete archive: data loss",
    "replace events: data loss",
    "refuse ledger: data loss",
    "replace job: interruption",
    "update web: redeployment",
    "update key: in place",
    "abandon copies: none",
    "create fresh: none",
  ]);
  const named = (wanted: string) => explanation.changes.find(({ name }) => name === wanted);
  expect(explanation.hasFailed).toBe(true);
  expect(explanation.messages).toEqual([{ severity: "error", text: "preview failed" }]);
  expect(named("events")).toMatchObject({ order: "new first", messages: [] });
  expect(named("events")?.properties).toMatchObject([
    { property: "workerCount", from: { value: 2 }, to: { value: 4 } },
    { property: "name", to: { kind: "value" } },
  ]);
  expect(named("job")).toMatchObject({ order: "old first", messages: [] });
  expect(named("job")?.properties).toMatchObject([{ property: "options" }]);
  expect(named("key")?.properties).toMatchObject([
    { property: "value", from: { kind: "secret" }, to: { kind: "secret" } },
  ]);
  expect(named("ledger")?.messages).toMatchObject([{ severity: "error" }]);
  expect(named("web")?.messages).toEqual([]);
});

test("both hosts and both forms say the same", () => {
  const same = (file: string) =>
    outline(recorded(file)).concat(
      recorded(file).changes.flatMap(({ reasons, notes, properties }) => [
        ...reasons,
        ...notes,
        ...properties.map(({ property, why }) => `${property}: ${why}`),
      ]),
    );
  const expected = same("changes-plugin.json");
  const others = files.filter((file) => file.startsWith("changes-"));
  expect(others).toHaveLength(7);
  for (const file of others) {
    expect(same(file), basename(file)).toEqual(expected);
  }
});

test.each(["options-dynamic.json", "options-dynamic.jsonl"])("%s", (file) => {
  const explanation = recorded(file);
  expect(outline(explanation)).toEqual([
    "refuse along: data loss",
    "delete goes: data loss",
    "replace hidden: data loss",
    "replace main: data loss",
    "refuse triggered: data loss",
  ]);
  const [along, goes, hidden, , triggered] = explanation.changes;
  const isDigest = file.endsWith(".json");
  expect(along?.reasons).toEqual([
    `the program replaces it along with ${isDigest ? "main" : "another resource"} (\`replaceWith\`)`,
  ]);
  expect(goes?.reasons).toEqual(
    isDigest ? ["it goes with main (`deletedWith`): the provider is not asked to delete it"] : [],
  );
  expect(hidden?.notes).toContain("The program hides the values of `workerCount` (`hideDiffs`).");
  expect(hidden?.properties[0]).toMatchObject({ property: "workerCount", to: { kind: "secret" } });
  expect(triggered?.reasons.join()).toContain("`replacementTrigger`");
});

test("a replacement that a flag forces, and what a refresh found gone", () => {
  const forced = recorded("replace-flag-plugin.json");
  expect(outline(forced)).toEqual(["refuse b: data loss"]);
  expect(forced.changes[0]?.reasons).toEqual(["`--replace` asks for its replacement"]);
  const refreshed = recorded("refresh-plugin.json");
  expect(outline(refreshed)).toEqual(["create gone: none"]);
  expect(refreshed.changes[0]?.reasons).toEqual(["a refresh did not find it any more"]);
});

test("policy.jsonl: what policies say is at the resource that they speak of, and refuses", () => {
  const { hasFailed, changes } = recorded("policy.jsonl");
  expect(hasFailed).toBe(true);
  expect(changes.map(({ name, operation }) => `${operation} ${name}`)).toEqual(["replace it"]);
  const said = changes[0]?.messages.filter(({ policy }) => policy) ?? [];
  expect(said.map(({ severity, policy }) => `${severity} ${policy}`)).toEqual([
    "error formations/protected-databases",
    "error formations/high-availability",
    "error formations/high-availability",
    "error formations/no-data-losing-replacement",
  ]);
});
