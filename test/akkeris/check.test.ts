import { describe, expect, test } from "vitest";
import { check } from "../../provider/resource/lifecycle.ts";
import { unknownValue } from "../../provider/resource/values.ts";
import { definition, web, worker } from "./world.ts";

const oneoff = { ...web, type: "job", oneoff: true };

/** The failures, as a reader sees them. */
function failures(inputs: object): string[] {
  return check(definition, { ...inputs }).failures.map(
    ({ property, reason }) => `${property} ${reason}`,
  );
}

describe("accepts", () => {
  test.each([
    ["a web of its least", web],
    ["a web of all", { ...web, port: 1024, command: "x", healthcheck: "/", oneoff: false }],
    ["an app's ID", { ...web, app: "62dc0fd3-2cba-4925-8fca-d1129d296d2c" }],
    ["quantity 0", { ...web, quantity: 0 }],
    ["quantity 32", { ...web, quantity: 32 }],
    ["the last port", { ...web, port: 65535 }],
    ["a size that nobody here has heard of", { ...web, size: "gpu-9000" }],
    ["a type of 128 characters", { ...worker, type: "a".repeat(128) }],
    ["a command of 1024 characters", { ...worker, command: "a".repeat(1024) }],
    ["a one-off without command", oneoff],
    [
      "a one-off with options",
      { ...oneoff, options: { image: "reg.io:5000/a/b:1.2", env: { A: "" } } },
    ],
    ["empty options", { ...oneoff, options: {} }],
  ])("%s", (_, inputs) => {
    expect(failures(inputs)).toEqual([]);
  });
});

test("numbers and flags given as text become what they are", () => {
  const { inputs } = check(definition, { ...oneoff, quantity: "3", oneoff: "true" });
  expect(inputs).toMatchObject({ quantity: 3, oneoff: true });
});

describe("refuses", () => {
  const form = "it must be an app's name, such as api-default, or its ID";
  const letters = "it must be made of lower-case letters and digits";
  const tagged = "it must be an image with a tag, such as jobs:1.2";
  test.each([
    ["a missing app", { ...web, app: undefined }, "app is required"],
    ["a missing type", { ...web, type: undefined }, "type is required"],
    ["a missing size", { ...web, size: undefined }, "size is required"],
    ["a missing quantity", { ...web, quantity: undefined }, "quantity is required"],
    ["an app with a slash", { ...web, app: "a/b" }, `app is "a/b"; ${form}`],
    ["an app that climbs", { ...web, app: ".." }, `app is ".."; ${form}`],
    ["capitals in a type", { ...worker, type: "Worker" }, `type is "Worker"; ${letters}`],
    ["a hyphen in a type", { ...worker, type: "a-b" }, `type is "a-b"; ${letters}`],
    ["an empty size", { ...web, size: "" }, 'size is ""; it must be at least 1 character long'],
    ["a negative quantity", { ...web, quantity: -1 }, "quantity is -1; it must be at least 0"],
    ["too many", { ...web, quantity: 33 }, "quantity is 33; it must be at most 32"],
    ["a fraction", { ...web, quantity: 1.5 }, "quantity is 1.5; it must be a whole number"],
    ["a port too low", { ...web, port: 1023 }, "port is 1023; it must be at least 1024"],
    ["a port too high", { ...web, port: 65536 }, "port is 65536; it must be at most 65535"],
    [
      "a worker's port",
      { ...worker, port: 8080 },
      'port has to be removed: type "worker" cannot have it, only web can',
    ],
    [
      "a worker's healthcheck",
      { ...worker, healthcheck: "/health" },
      'healthcheck has to be removed: type "worker" cannot have it, only web can',
    ],
    [
      "an empty command",
      { ...web, command: "" },
      'command is ""; it must be at least 1 character long',
    ],
    [
      "an empty healthcheck",
      { ...web, healthcheck: "" },
      'healthcheck is ""; it must be at least 1 character long',
    ],
    [
      "a worker without command",
      { ...worker, command: undefined },
      `command is required: set it for type "worker", since only web and one-offs can run the image's own command`,
    ],
    [
      "a worker that is expressly no one-off, without command",
      { ...worker, command: undefined, oneoff: false },
      `command is required: set it for type "worker", since only web and one-offs can run the image's own command`,
    ],
    [
      "a one-off web",
      { ...web, oneoff: true },
      'oneoff has to be removed: a "web" cannot be a one-off, every other type can',
    ],
    [
      "options without oneoff",
      { ...worker, options: { image: "jobs:1" } },
      "options has to be removed, or oneoff set to true: only a one-off can have options",
    ],
    [
      "options of what is expressly no one-off",
      { ...worker, oneoff: false, options: { image: "jobs:1" } },
      "options has to be removed, or oneoff set to true: only a one-off can have options",
    ],
    [
      "an image without a tag",
      { ...oneoff, options: { image: "jobs" } },
      `options.image is "jobs"; ${tagged}`,
    ],
    [
      "an image whose colon is a port's",
      { ...oneoff, options: { image: "reg.io:5000/jobs" } },
      `options.image is "reg.io:5000/jobs"; ${tagged}`,
    ],
    [
      "unknown options",
      { ...oneoff, options: { imge: "jobs:1" } },
      "options is (secret); it has unknown keys: imge",
    ],
    [
      "an unknown input",
      { ...web, replicas: 2 },
      expect.stringMatching(/^replicas is not an input of this resource\..* Inputs: app, type, /),
    ],
  ])("%s", (_, inputs, failure) => {
    expect(failures(inputs)).toEqual([failure]);
  });

  test("a type and a command that are too long, without repeating them in full", () => {
    const [type] = failures({ ...worker, type: "a".repeat(129) });
    const [command] = failures({ ...worker, command: "a".repeat(1025) });
    expect(type).toMatch(/^type is "a{70,}….*at most 128 characters long$/);
    expect(command).toMatch(/^command is "a{70,}….*at most 1024 characters long$/);
  });

  test("everything that is wrong, at once", () => {
    const inputs = { ...worker, quantity: -1, port: 80, healthcheck: "", size: 3, typ: "x" };
    const properties = check(definition, inputs).failures.map(({ property }) => property);
    expect(properties.sort()).toEqual(["healthcheck", "port", "quantity", "size", "typ"]);
  });

  test.each([
    ["no entries", {}, "it must have at least one entry"],
    ["a number for a value", { PIN: 73310000 }, "it must be of type string"],
    ["no map", "PIN=73310000", "it must be of type record"],
  ])("an environment with %s, without showing its values", (_, env, allowed) => {
    const [failure, ...others] = failures({ ...oneoff, options: { env } });
    expect(others).toEqual([]);
    expect(failure).toMatch(/^options\.env/);
    expect(failure).toContain(allowed);
    expect(failure).not.toContain("73310000");
  });
});

describe("values that are not known yet", () => {
  test.each(Object.keys(definition.inputs.shape))("never fail: %s", (property) => {
    const inputs = {
      ...oneoff,
      command: "x",
      options: { image: "jobs:1" },
      [property]: unknownValue,
    };
    expect(failures(inputs)).toEqual([]);
  });

  test("never fail deeper down", () => {
    const options = { image: unknownValue, env: { A: unknownValue } };
    expect(failures({ ...oneoff, options })).toEqual([]);
  });

  test("keep rules that read them from being asked", () => {
    const inputs = { ...web, type: unknownValue, port: 8080, healthcheck: "/", oneoff: true };
    expect(failures(inputs)).toEqual([]);
  });

  test("do not hide what is wrong beside them", () => {
    const inputs = { ...web, app: unknownValue, quantity: 99 };
    expect(failures(inputs)).toEqual(["quantity is 99; it must be at most 32"]);
  });
});
