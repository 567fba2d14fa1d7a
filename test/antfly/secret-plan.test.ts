import { describe, expect, test } from "vitest";
import { secret } from "../../provider/antfly/secret/resource.ts";
import type { Definition } from "../../provider/resource/definition.ts";
import { check } from "../../provider/resource/lifecycle.ts";
import { type Plan, plan } from "../../provider/resource/plan.ts";
import { describeRule, describeWarning } from "../../provider/resource/plan-rules.ts";
import { previewCreate, previewUpdate } from "../../provider/resource/preview.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";

const definition: Definition = secret;
const url = "https://antfly.example.com";
const inputs = { key: "openai.api_key", value: "sk-value-5b1e70c4" };
const state = { ...inputs, status: "configured_file" };

function decide(desired: Values, observed: Values = state, applied: Values = inputs): Plan {
  const keys = Object.keys(definition.inputs.shape);
  return plan(keys, definition.plan, { applied, observed, desired });
}

/** What changes, as `property: action`. */
const decided = (plan: Plan) =>
  plan.changes.map(({ property, action }) => `${property}: ${action}`);

describe("check", () => {
  const failures = (given: Values) =>
    check(definition, { ...inputs, ...given }).failures.map(
      ({ property, reason }) => `${property} ${reason}`,
    );

  test.each(["a", "openai.api_key", "A-b_c.9", ".hidden", "x".repeat(200)])(
    "accepts the key %s",
    (key) => {
      expect(failures({ key })).toEqual([]);
    },
  );

  test.each([
    ["key", undefined, /^key is required$/],
    ["key", "", /^key is ""; it must be made of letters, digits, dots, hyphens and underscores/],
    ["key", "a b", /^key is "a b"; it must be made of letters/],
    ["key", "a/b", /^key is "a\/b"; it must be made of letters/],
    ["key", "a\n", /^key is "a\\n"; it must be made of letters/],
    ["key", "..", /^key is ".."; it must not be dots alone$/],
    ["value", undefined, /^value is required$/],
    ["value", "", /^value is \(secret\); it must be at least 1 character long$/],
    ["value", 47114711, /^value is \(secret\); it must be of type string$/],
    [
      "url",
      "antfly.example.com",
      /^url the configured URL "antfly.example.com" has no scheme \(did you mean https:\/\/antfly.example.com\?\); it must be the server's root/,
    ],
  ])("refuses %s %j", (property, value, reason) => {
    expect(failures({ [property]: value })).toEqual([expect.stringMatching(reason)]);
  });

  test("keeps a value as it is, and takes slashes off a URL", () => {
    const given = { ...inputs, value: " two\nlines ", url: ` ${url}// ` };
    expect(check(definition, given).inputs).toEqual({ ...given, url });
  });
});

describe("plan", () => {
  test("the table reads as it is meant", () => {
    const { properties, whole = [] } = definition.plan;
    const rows = [...properties, ...whole].map((rule) => {
      return [rule.change, describeRule(rule), describeWarning(rule)];
    });
    expect(rows).toEqual([
      ["`value`", "**update**: overwritten in place, with one request.", undefined],
      [
        "`key`, `url`",
        "**replace**, new first: it is another secret, or on another server.",
        undefined,
      ],
      [
        "a secret of which only an environment variable is left",
        "**update**: stored again, which takes precedence over the variable.",
        "The secret is no longer stored on the server, which uses the value of an environment variable instead.",
      ],
      [
        "a secret that only a file mounted into the server provides",
        "**update**: stored, which takes precedence over the file.",
        "The secret is not stored on the server, which uses the value of a mounted file instead.",
      ],
    ]);
  });

  test("another value is an update", () => {
    const result = decide({ ...inputs, value: "sk-changed" });
    expect(decided(result)).toEqual(["value: update"]);
    expect(result).toMatchObject({ action: "update", warnings: [] });
  });

  test.each([
    ["another key", { key: "cohere.api_key" }, "key"],
    ["a URL", { url }, "url"],
  ])("%s is a replacement, new first", (_, change, property) => {
    const result = decide({ ...inputs, ...change });
    expect(result).toMatchObject({ action: "replace", order: "new first" });
    expect(decided(result)).toEqual([`${property}: replace`]);
  });

  test.each([
    ["key", "replace"],
    ["url", "replace"],
    ["value", "update"],
  ])("a %s that is not known yet: %s, undecided", (property, action) => {
    const { changes } = decide({ ...inputs, [property]: unknownValue });
    expect(changes).toMatchObject([{ property, action, undecided: true }]);
  });

  test("a URL that the program gives no more is kept", () => {
    const withUrl = { ...inputs, url };
    expect(decide(inputs, { ...state, url }, withUrl).action).toBe("keep");
  });

  test.each(["configured_file", "configured_keystore", "configured_both", "configured_vault"])(
    "%s is kept",
    (status) => {
      expect(decide(inputs, { ...state, status })).toMatchObject({ action: "keep", warnings: [] });
    },
  );

  test("one that only a variable provides is no reason to replace, nor against a replacement", () => {
    const observed = { ...state, status: "configured_env" };
    expect(decide(inputs, observed).action).toBe("update");
    expect(decide({ ...inputs, key: "k" }, observed)).toMatchObject({
      action: "replace",
      warnings: [],
    });
  });

  test("an import without a value is updated once the program gives one", () => {
    const { value: _, ...imported } = state;
    expect(decided(decide(inputs, imported, { key: inputs.key }))).toEqual(["value: update"]);
    const without = decide({ key: inputs.key }, imported, { key: inputs.key });
    expect(without.action).toBe("keep");
  });
});

describe("preview", () => {
  test("of a creation knows the ID, and not where the server will have it", () => {
    expect(previewCreate(definition, inputs)).toEqual({
      id: inputs.key,
      state: { ...inputs, status: unknownValue, managed: unknownValue },
    });
  });

  test("of a creation whose key is not known yet knows no ID", () => {
    expect(previewCreate(definition, { ...inputs, key: unknownValue }).id).toBeUndefined();
  });

  test("of another value leaves open where the server will have it", () => {
    const news = { ...inputs, value: "sk-changed" };
    const request = { id: inputs.key, applied: inputs, state, marks: {}, news, autonamed: false };
    expect(previewUpdate(definition, request, decide(news))).toEqual({
      ...news,
      status: unknownValue,
      managed: unknownValue,
    });
  });
});
