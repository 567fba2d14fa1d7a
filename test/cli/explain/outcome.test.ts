import { Command } from "commander";
import { expect, test } from "vitest";
import { ExpectationUnreadable } from "../../../cli/explain/expectation.ts";
import { fingerprintOf, shortFingerprintOf } from "../../../cli/explain/fingerprint.ts";
import { addOutputFlags, type OutputFlags } from "../../../cli/explain/flags.ts";
import type { Explanation } from "../../../cli/explain/model.ts";
import { outcomeOf } from "../../../cli/explain/outcome.ts";
import { json } from "../../../cli/explain/output/json.ts";
import { markdown } from "../../../cli/explain/output/markdown.ts";
import { change, effect, explanation } from "./builder.ts";
import { everyKind, threeStacks } from "./examples.ts";

/** What the command would do with these arguments. */
function outcome(explanations: Explanation[], args: string[], reviewed?: string) {
  return outcomeOf(explanations, flags(args), { reviewed });
}

function flags(args: string[]): OutputFlags {
  const command = addOutputFlags(new Command("explain")).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  return command.parse(args, { from: "user" }).opts<OutputFlags>();
}

test("each format, and text if none is named", () => {
  const of = [everyKind()];
  expect(outcome(of, []).out).toMatch(/^2 resources lose data, 1 is deleted/);
  expect(outcome(of, ["--format", "markdown"]).out).toBe(markdown(of));
  expect(outcome(of, ["-f", "markdown", "--max-length", "5000"]).out.length).toBeLessThanOrEqual(
    5000,
  );
  expect(outcome(of, ["-f", "markdown", "--footer", "abc", "--comment-id", "x"]).out).toBe(
    markdown(of, { footer: "abc", id: "x" }),
  );
  expect(outcome(of, ["-f", "json"]).out).toBe(json(of));
  expect(outcome(of, ["-f", "gitlab"]).out).toMatch(
    /^\{"create":\d+,"update":\d+,"delete":\d+\}\n$/,
  );
  expect(outcome(of, ["--labels"]).out).toBe(
    "formations: preview failed\nformations: data loss\nformations: deletion\nformations: interruption\nformations: change\n",
  );
});

test("a gate that matches ends with 2, and says what matched", () => {
  expect(
    outcome([everyKind()], ["--fail-on", "data-loss, policy", "--fail-on", "redeployment"]),
  ).toMatchObject({
    exitCode: 2,
    complaints: [
      "--fail-on data-loss: shop/production: events (Formation)",
      "--fail-on data-loss: shop/production: sessions (Formation)",
      "--fail-on policy: shop/production: the stack as a whole",
      "--fail-on redeployment: shop/production: web (AppFormation)",
    ],
  });
  expect(
    outcome(
      [explanation([change("x")])],
      ["--fail-on", "data-loss,deletion,replacement,interruption"],
    ),
  ).toMatchObject({
    exitCode: 0,
    complaints: [],
  });
});

test("many matches are counted", () => {
  const many = Array.from({ length: 60 }, (_, at) =>
    change(`x${at}`, { effect: effect("interruption") }),
  );
  const { complaints } = outcome([explanation(many)], ["--fail-on", "interruption"]);
  expect(complaints).toHaveLength(51);
  expect(complaints.at(-1)).toBe("… and 10 more");
});

test("what was reviewed ends with 0, anything else with 3, a gate or not", () => {
  const of = everyKind();
  for (const reviewed of [
    fingerprintOf(of),
    ` ${shortFingerprintOf(of)}\n`,
    markdown([of]),
    json([of]),
  ]) {
    expect(outcome([of], [], reviewed)).toMatchObject({ exitCode: 0, complaints: [] });
  }
  const more = explanation([...of.changes, change("new", { operation: "create" })], {
    messages: of.messages,
  });
  expect(outcome([more], ["--fail-on", "data-loss"], markdown([of]))).toMatchObject({
    exitCode: 3,
    complaints: [
      "--expect: shop/production: new (Formation): was not reviewed",
      "--fail-on data-loss: shop/production: events (Formation)",
      "--fail-on data-loss: shop/production: sessions (Formation)",
    ],
  });
});

test("several stacks are compared with the comment, not with one fingerprint", () => {
  const stacks = threeStacks();
  expect(outcome(stacks, [], markdown(stacks)).exitCode).toBe(0);
  expect(() => outcome(stacks, [], fingerprintOf(everyKind()))).toThrow(ExpectationUnreadable);
});

test.each([
  [["--fail-on", "dataloss"], '"dataloss" is not a valid kind'],
  [["--fail-on", ""], '"" is not a valid kind'],
  [["--max-length", "many"], "Give a number of characters"],
  [["--max-length", "-5"], "Give a number of characters"],
  [["--format", "html"], "Allowed choices are text, markdown, json, gitlab"],
])("%j is refused", (args, message) => {
  expect(() => flags(args)).toThrow(message);
});
