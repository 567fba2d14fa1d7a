import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  checkAddresses,
  commonConfig,
  environmentVariable,
  resolveConfig,
} from "../../provider/resource/config.ts";
import { missing, rejected } from "../../provider/resource/config-advice.ts";
import { defineSystem } from "../../provider/resource/definition.ts";
import { ConfigurationError } from "../../provider/resource/errors.ts";
import { integer } from "../../provider/resource/property.ts";
import type { Values } from "../../provider/resource/values.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** A made-up system: a key for each thing that a key can be. */
const system = defineSystem({
  name: "acme",
  title: "Acme Cloud",
  config: z.object({
    acmeToken: z.string().min(8).optional().meta({ secret: true }),
    acmeUrl: z.string().default("https://acme.example").meta({ address: true }),
    acmeScheme: z.string().default("Bearer").meta({ emptyHasMeaning: true }),
    acmeRequestsPerMinute: integer({ min: 1 }).default(5),
    ...commonConfig.shape,
  }),
  probe: async () => {},
  connect: (config) => config,
});

const defaults = {
  acmeUrl: "https://acme.example",
  acmeScheme: "Bearer",
  acmeRequestsPerMinute: 5,
  allowHttp: false,
  timeout: "1h",
};

function resolve(stack: Values, environment: NodeJS.ProcessEnv = {}): Values {
  return resolveConfig(system, (key) => stack[key], environment);
}

describe("a key has its value from", () => {
  const b = { FORMATIONS_ACME_URL: "https://b" };
  test.each<[string, Values, NodeJS.ProcessEnv, string]>([
    ["the stack's config", { acmeUrl: "https://a" }, {}, "https://a"],
    ["the environment", {}, b, "https://b"],
    ["its default", {}, {}, "https://acme.example"],
    ["the stack's config, whatever the environment says", { acmeUrl: "https://a" }, b, "https://a"],
    ["the environment where the stack has null", { acmeUrl: null }, b, "https://b"],
    ["the environment where the stack's config is empty", { acmeUrl: "" }, b, "https://b"],
    [
      "its default where the environment is empty",
      {},
      { FORMATIONS_ACME_URL: "" },
      defaults.acmeUrl,
    ],
  ])("%s", (_, stack, environment, expected) => {
    expect(resolve(stack, environment)).toEqual({ ...defaults, acmeUrl: expected });
  });

  test("an empty text where that has a meaning of its own", () => {
    const environment = { FORMATIONS_ACME_SCHEME: "Basic" };
    expect(resolve({ acmeScheme: "" }, environment).acmeScheme).toBe("");
    expect(resolve({}, { FORMATIONS_ACME_SCHEME: "" }).acmeScheme).toBe("");
  });
});

test("a key without a default and a value is absent", () => {
  expect(resolve({})).toEqual(defaults);
});

test("numbers and booleans may be text, as configuration has them", () => {
  const environment = { FORMATIONS_ACME_REQUESTS_PER_MINUTE: "12", FORMATIONS_ALLOW_HTTP: "true" };
  expect(resolve({}, environment)).toEqual({
    ...defaults,
    acmeRequestsPerMinute: 12,
    allowHttp: true,
  });
});

test("the namespace's keys of other systems are not looked at", () => {
  const asked: string[] = [];
  resolveConfig(system, (key) => void asked.push(key), {});
  expect(asked.sort()).toEqual([...Object.keys(defaults), "acmeToken"].sort());
});

describe("malformed values", () => {
  function complaint(stack: Values, environment?: NodeJS.ProcessEnv): string {
    try {
      resolve(stack, environment);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.message;
    }
    return expect.fail("was accepted");
  }

  test("have errors with key, variable, value and what is allowed", () => {
    expect(complaint({ acmeRequestsPerMinute: "0" })).toBe(
      "Acme Cloud: formations:acmeRequestsPerMinute (or FORMATIONS_ACME_REQUESTS_PER_MINUTE) " +
        'is "0"; it must be at least 1',
    );
  });

  test("are told all at once", () => {
    const message = complaint({ acmeRequestsPerMinute: "many", allowHttp: "maybe" });
    expect(message).toContain('formations:allowHttp (or FORMATIONS_ALLOW_HTTP) is "maybe"');
    expect(message).toContain("; formations:acmeRequestsPerMinute (or");
  });

  test("are not shown where they are secret", () => {
    const message = complaint({ acmeToken: "hunter2" });
    expect(message).toContain("(or FORMATIONS_ACME_TOKEN) is (secret); it must be at least 8");
    expect(message).not.toContain("hunter2");
  });
});

test.each([
  ["citusToken", "FORMATIONS_CITUS_TOKEN"],
  ["crunchyBridgeApiKey", "FORMATIONS_CRUNCHY_BRIDGE_API_KEY"],
  ["allowHttp", "FORMATIONS_ALLOW_HTTP"],
])("the variable of %s is %s", (key, variable) => {
  expect(environmentVariable(key)).toBe(variable);
});

describe("the error of a missing value says how to set it", () => {
  test("in the stack's config and in the environment", () => {
    const error = missing("Acme Cloud", "acmeUrl", "the URL");
    expect(error.code).toBe("CONFIGURATION");
    expect(error.message).toBe(
      "Acme Cloud: the URL is missing. Set it with `pulumi config set formations:acmeUrl` " +
        "or in the environment variable FORMATIONS_ACME_URL.",
    );
  });

  test("as a secret where it is one", () => {
    const { message } = missing("Acme Cloud", "acmeToken", "the token", true);
    expect(message).toContain("`pulumi config set --secret formations:acmeToken`");
  });
});

test("the error of a rejected credential has key and variable, and says from when on a new one is used", () => {
  const text = rejected("acmeToken");
  expect(text).toContain("formations:acmeToken (or FORMATIONS_ACME_TOKEN)");
  expect(text).toContain("After replacing it, `pulumi up` picks it up");
  expect(text).toContain("`--run-program`");
});

describe("an address that can't be used is told by the place where it is set", () => {
  const check = (stack: Values, environment: NodeJS.ProcessEnv = {}) => {
    return checkAddresses(system, (key) => stack[key], environment);
  };

  test("with the likely right one", () => {
    expect(() => check({ acmeUrl: "acme.example" })).toThrow(
      'Acme Cloud: formations:acmeUrl is "acme.example", which is not a URL. Did you mean https://acme.example?',
    );
    expect(() => check({}, { FORMATIONS_ACME_URL: "http://acme.example" })).toThrow(
      'FORMATIONS_ACME_URL is "http://acme.example": over plain HTTP',
    );
  });

  test("and others pass", () => {
    expect(check({})).toEqual([]);
    expect(check({ acmeUrl: "http://acme.example" }, { FORMATIONS_ALLOW_HTTP: "true" })).toEqual(
      [],
    );
  });
});

describe("white space around", () => {
  test.each([
    ["a token in the stack's config", { acmeToken: " of-the-stack\n" }, {}, "of-the-stack"],
    ["a token in a variable", {}, { FORMATIONS_ACME_TOKEN: "of-variable\r\n" }, "of-variable"],
    [
      "nothing in the stack's config",
      { acmeToken: " \n" },
      { FORMATIONS_ACME_TOKEN: "of-variable" },
      "of-variable",
    ],
  ])("%s is left out", (_, stack, environment, expected) => {
    expect(resolve(stack, environment).acmeToken).toBe(expected);
  });

  test("an address is left out", () => {
    expect(resolve({ acmeUrl: " https://a.example\n" }).acmeUrl).toBe("https://a.example");
  });

  test("a line of a token is refused, without the token", () => {
    const message = "formations:acmeToken contains a line break";
    expect(() => resolve({ acmeToken: "hunter22\nhunter33" })).toThrow(message);
    expect(() => resolve({ acmeToken: "hunter22\nhunter33" })).not.toThrow(/hunter22/);
  });
});

describe("a credential may lie in a file", () => {
  async function fileOf(content: string): Promise<string> {
    const file = join(await ownTemporaryFolder(), "token");
    await writeFile(file, content);
    return file;
  }

  test("that the environment names", async () => {
    const file = await fileOf("from-a-file\n");
    expect(resolve({}, { FORMATIONS_ACME_TOKEN_FILE: file }).acmeToken).toBe("from-a-file");
  });

  test("and gives way to the variable and to the stack's config", async () => {
    const FORMATIONS_ACME_TOKEN_FILE = await fileOf("from-a-file");
    const environment = { FORMATIONS_ACME_TOKEN: "from-variable", FORMATIONS_ACME_TOKEN_FILE };
    expect(resolve({}, environment).acmeToken).toBe("from-variable");
    expect(resolve({ acmeToken: "from-stack" }, environment).acmeToken).toBe("from-stack");
  });

  test("whose failure names the variable", () => {
    const environment = { FORMATIONS_ACME_TOKEN_FILE: "/nowhere/token" };
    expect(() => resolve({}, environment)).toThrow(ConfigurationError);
    expect(() => resolve({}, environment)).toThrow(/^FORMATIONS_ACME_TOKEN_FILE: ENOENT/);
  });

  test("which nothing but a credential may", () => {
    const environment = { FORMATIONS_ACME_URL_FILE: "/nowhere/url" };
    expect(resolve({}, environment)).toEqual(defaults);
  });
});
