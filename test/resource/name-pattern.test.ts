import { describe, expect, test } from "vitest";
import {
  configuredNaming,
  filledPattern,
  hasRandom,
  InvalidNaming,
  withDrawn,
} from "../../provider/resource/name-pattern.ts";

const token = "formations:index:Formation";

/** An expression of a pattern: `${name}`. */
const as = (expression: string) => `\${${expression}}`;

function namingOf(config: unknown) {
  return configuredNaming(config, "formations", token);
}

const standard = { mode: "default", pattern: "" };
const verbatim = { mode: "enforce", pattern: as("name") };
const disabled = { mode: "disable", pattern: "" };

describe("the section nearest to the resource decides", () => {
  const resources = { [token]: { pattern: "own" } };
  test.each<[string, unknown, object]>([
    ["nothing configured", undefined, standard],
    ["an empty configuration", {}, standard],
    ["a mode for all", { mode: "verbatim" }, verbatim],
    ["names turned off", { mode: "disabled" }, disabled],
    ["a pattern is a proposal", { pattern: "p" }, { mode: "propose", pattern: "p" }],
    ["enforced", { pattern: "p", enforce: true }, { mode: "enforce", pattern: "p" }],
    ["as text", { pattern: "p", enforce: "false" }, { mode: "propose", pattern: "p" }],
    [
      "the provider's",
      { mode: "verbatim", providers: { formations: { mode: "disabled" } } },
      disabled,
    ],
    [
      "the provider's default",
      { mode: "verbatim", providers: { formations: { mode: "default" } } },
      standard,
    ],
    ["another provider's", { providers: { aws: { mode: "verbatim" } } }, standard],
    [
      "the resource's",
      { mode: "disabled", providers: { formations: { mode: "verbatim", resources } } },
      { mode: "propose", pattern: "own" },
    ],
    [
      "another resource's",
      {
        mode: "verbatim",
        providers: {
          formations: { resources: { "formations:index:Replica": { pattern: "own" } } },
        },
      },
      verbatim,
    ],
  ])("%s", (_, config, expected) => {
    expect(namingOf(config)).toEqual(expected);
  });
});

test.each<[string, unknown, string]>([
  ["a text", "verbatim", 'pulumi:autonaming is "verbatim"; it must have keys and values'],
  ["an unknown mode", { mode: "magic" }, 'pulumi:autonaming.mode is "magic"; allowed: default'],
  ["a mode of JavaScript's", { mode: "toString" }, "allowed: default, verbatim, disabled"],
  ["mode and pattern", { mode: "default", pattern: "x" }, "only one of them is allowed"],
  ["mode and enforce", { mode: "default", enforce: true }, "only one of them is allowed"],
  ["enforce alone", { enforce: true }, "pulumi:autonaming has enforce without a pattern"],
  ["a number as a pattern", { pattern: 7 }, "pulumi:autonaming.pattern is 7; it must be a text"],
  ["a word for enforce", { pattern: "x", enforce: "yes" }, 'enforce is "yes"; it must be true or'],
  ["an unknown key", { modus: "default" }, 'pulumi:autonaming has the unknown key "modus"'],
  [
    "an empty section of the resource",
    { providers: { formations: { resources: { [token]: {} } } } },
    `pulumi:autonaming.providers.formations.resources["${token}"] has neither a mode nor a pattern`,
  ],
  [
    "a list of providers",
    { providers: [] },
    "pulumi:autonaming.providers is []; it must have keys and values",
  ],
])("%s is refused, with its place", (_, config, message) => {
  expect(() => namingOf(config)).toThrow(InvalidNaming);
  expect(() => namingOf(config)).toThrow(message);
});

describe("a pattern", () => {
  const context = {
    ...{ organization: "acme", project: "shop", stack: "dev", logicalName: "orders" },
    config: (path: string) => ({ team: "data", "names.short": "d" })[path],
  };

  test("has the stack's facts, configuration and the logical name filled in", () => {
    const parts = ["organization", "project", "stack", "config.team", "config.names.short", "name"];
    const pattern = `${parts.map(as).join("-")}-${as("name")}`;
    expect(filledPattern(pattern, context)).toBe("acme-shop-dev-data-d-orders-orders");
  });

  test("has its other expressions left in it", () => {
    const pattern = [as("hex(6)"), as("random(8)"), "$name", "{name}"].join("-");
    expect(filledPattern(pattern, context)).toBe(pattern);
  });

  test("that needs configuration which is not set is refused", () => {
    expect(() => filledPattern(`x-${as("config.absent")}`, context)).toThrow(
      `has ${as("config.absent")}, and shop:absent is not set`,
    );
  });

  test.each<[string, string, RegExp]>([
    ["hex digits", as("hex(6)"), /^[0-9a-f]{6}$/],
    ["letters and digits", as("alphanum(40)"), /^[a-z0-9]{40}$/],
    ["letters", as("string(40)"), /^[a-z]{40}$/],
    ["digits", as("num(40)"), /^[0-9]{40}$/],
    ["a UUID", as("uuid"), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ["several", `${as("hex(3)")}_${as("num(2)")}`, /^[0-9a-f]{3}_[0-9]{2}$/],
  ])("has random parts: %s", (_, pattern, form) => {
    expect(hasRandom(pattern)).toBe(true);
    expect(withDrawn(pattern, "an origin")).toMatch(form);
    expect(withDrawn(pattern, "an origin")).toBe(withDrawn(pattern, "an origin"));
    expect(withDrawn(pattern, "another origin")).not.toBe(withDrawn(pattern, "an origin"));
  });

  test("has parts that differ from each other", () => {
    const [first, second] = withDrawn(`${as("hex(8)")} ${as("hex(8)")}`, "an origin").split(" ");
    expect(first).not.toBe(second);
  });

  test("is the same from version to version, since a killed creation is found by it", () => {
    const all = ["hex(6)", "alphanum(6)", "string(6)", "num(6)"].map(as).join("-");
    expect(withDrawn(all, "an origin")).toMatchInlineSnapshot(`"fc5bbf-49756y-yklkhq-572014"`);
  });

  test.each(["events", as("name"), as("hex(x)"), "hex(6)", as("uuid(4)")])(
    "%s has none",
    (pattern) => {
      expect(hasRandom(pattern)).toBe(false);
    },
  );
});
