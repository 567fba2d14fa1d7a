import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { resources } from "../../provider/index.ts";
import { flag, integer, oneOf } from "../../provider/resource/property.ts";
import { type Constraint, validate } from "../../provider/resource/validation.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";

/** Inputs of a made-up resource: one property for each kind of complaint. */
const schema = z.object({
  region: z.enum(["east", "west"]),
  count: integer({ min: 1, max: 40 }),
  disk: oneOf([100, 512]).optional(),
  ha: flag().optional(),
  name: z.string().min(5).max(10).optional(),
  tables: z.array(z.string().min(1)).min(1).max(3).optional(),
  options: z
    .strictObject({
      image: z.string().regex(/:/, { error: "it must have a tag" }).optional(),
      ports: z.array(z.object({ number: z.int() })).optional(),
    })
    .optional(),
  password: z.string().min(8).optional().meta({ secret: true }),
  limits: z
    .object({ least: z.int().optional(), most: z.int().optional() })
    .refine(({ least, most }) => least === undefined || most !== undefined, {
      error: "it must be given with least",
      path: ["most"],
    })
    .optional(),
  environment: z
    .object({
      secrets: z.record(z.string(), z.string()).meta({ secret: true }).optional(),
      level: z.int().optional(),
    })
    .optional(),
});

type Inputs = z.output<typeof schema>;

const good = { region: "east", count: 2 };

const wide: Constraint<Inputs> = {
  properties: ["count", "region"],
  check: ({ count, region }) =>
    region === "west" && count > 10 ? `is ${count} in the west; 10 at most there` : undefined,
};

const named: Constraint<Inputs> = {
  properties: ["name", "ha"],
  check: ({ name, ha }) => (ha && !name ? "is required with ha" : undefined),
};

/** What a reader sees. */
function failures(values: Values, constraints: Constraint<Inputs>[] = []): string[] {
  const checked = validate(schema, { ...good, ...values }, { constraints });
  return checked.failures.map(({ property, reason }) => `${property} ${reason}`);
}

describe("a failure says whether its input's value must not be shown:", () => {
  const own = schema.extend({ key: z.string().meta({ secret: true }) });
  const asking: Constraint<Inputs> = { properties: ["password"], check: () => "is wrong" };
  test.each<[string, Values, true | undefined]>([
    ["not that of an input without a secret", { region: "north" }, undefined],
    ["that of one that is a secret", { password: "sk-1" }, true],
    ["that of one that holds a secret", { environment: "sk-1" }, true],
    ["that of one that the program made a secret", { name: "sk-1" }, true],
    ["that of an unknown one, which may be a secret's with a slip", { enviroment: 1 }, true],
    ["none where the secret is missing, for there is nothing to show", { key: null }, undefined],
    ["none at a path, which leads nowhere for hosts", { environment: { level: "a" } }, undefined],
  ])("%s", (_, values, isSecret) => {
    const given = { ...good, key: "k", ...values };
    const [failure] = validate(own, given, { secrets: new Set(["name"]) }).failures;
    expect(failure?.isSecret).toBe(isSecret);
  });

  test("that of a secret that breaks a rule between inputs", () => {
    const { failures } = validate(
      schema,
      { ...good, password: "12345678" },
      { constraints: [asking] },
    );
    expect(failures).toEqual([{ property: "password", reason: "is wrong", isSecret: true }]);
  });
});

describe("the error of a wrong value says where it is, what it is, and what is allowed", () => {
  test.each<[string, Values, string | RegExp]>([
    ["required and absent", { region: undefined }, "region is required"],
    ["required and null", { region: null }, "region is required"],
    ["none of the allowed", { region: "north" }, 'region is "north"; allowed: east, west'],
    ["none of the allowed numbers", { disk: 200 }, "disk is 200; allowed: 100, 512"],
    ["too small", { count: 0 }, "count is 0; it must be at least 1"],
    ["too large", { count: 41 }, "count is 41; it must be at most 40"],
    ["a fraction", { count: 2.5 }, "count is 2.5; it must be a whole number"],
    ["no number", { count: "two" }, 'count is "two"; it must be of type number'],
    ["no boolean", { ha: "yes" }, 'ha is "yes"; it must be of type boolean'],
    ["too short", { name: "ab" }, 'name is "ab"; it must be at least 5 characters long'],
    [
      "too long",
      { name: "a".repeat(11) },
      /^name is "a{11}"; it must be at most 10 characters long$/,
    ],
    ["an empty list", { tables: [] }, "tables is []; it must be at least 1 item long"],
    [
      "too long a list",
      { tables: [..."abcd"] },
      /^tables is \["a".*; it must be at most 3 items long$/,
    ],
    ["in a list", { tables: ["a", ""] }, 'tables[1] is ""; it must be at least 1 character long'],
    ["in an object", { options: { image: "x" } }, 'options.image is "x"; it must have a tag'],
    [
      "in an object in a list in an object",
      { options: { ports: [{ number: 1 }, { number: "x" }] } },
      'options.ports[1].number is "x"; it must be of type number',
    ],
    [
      "absent where a rule of the object's own wants it",
      { limits: { least: 1 } },
      "limits.most is (not set); it must be given with least",
    ],
    ["absent in an object", { options: { ports: [{}] } }, "options.ports[0].number is required"],
    ["a key too many in an object", { options: { a: 1, b: 2 } }, /it has unknown keys: a, b$/],
  ])("%s", (_, values, expected) => {
    expect(failures(values)).toEqual([
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    ]);
  });

  test("a long one is cut", () => {
    expect(failures({ region: "x".repeat(200) })[0]).toMatch(/^region is "x{76}…; allowed/);
  });
});

describe("the value of a secret is not told", () => {
  test.each<[string, Values, string]>([
    [
      "itself",
      { password: "hunter2" },
      "password is (secret); it must be at least 8 characters long",
    ],
    [
      "within it",
      { environment: { secrets: { KEY: 4711 } } },
      "environment.secrets.KEY is (secret); it must be of type string",
    ],
    [
      "around it",
      { environment: ["s3cr3t"] },
      "environment is (secret); it must be of type object",
    ],
  ])("%s", (_, values, expected) => {
    expect(failures(values)).toEqual([expected]);
  });

  test("though that beside it is", () => {
    expect(failures({ environment: { level: 1.5 } })).toEqual([
      "environment.level is 1.5; it must be a whole number",
    ]);
  });
});

test("all that is wrong is told at once: unknown inputs, values, and rules between them", () => {
  const values = { colour: "red", region: "north", count: 41, disk: 1, ha: true };
  expect(failures(values, [wide, named])).toEqual([
    "colour is not an input of this resource. Inputs: region, count, disk, ha, name, tables, options, password, limits, environment",
    'region is "north"; allowed: east, west',
    "count is 41; it must be at most 40",
    "disk is 1; allowed: 100, 512",
    "name is required with ha",
  ]);
});

test("an input that has its name from JavaScript's own objects is unknown too", () => {
  expect(failures({ toString: "x" })).toEqual([expect.stringMatching(/^toString is not an input/)]);
});

test("an input that is nearly one is told which", () => {
  expect(failures({ regoin: "east" })).toEqual([
    expect.stringMatching(
      /^regoin is not an input of this resource\. Did you mean region\? Inputs: region, /,
    ),
  ]);
});

describe("values are normalised", () => {
  test.each<[string, Values, Values]>([
    ["a number given as text", { count: " 3 ", disk: "512" }, { count: 3, disk: 512 }],
    ["a boolean given as text", { ha: "false" }, { ha: false }],
    ["null is absent", { ha: null }, {}],
  ])("%s", (_, values, expected) => {
    expect(validate(schema, { ...good, ...values })).toStrictEqual({
      inputs: { ...good, ...expected },
      failures: [],
    });
  });
});

describe("a value that is not known yet", () => {
  test.each<[string, Values]>([
    ["itself", { region: unknownValue }],
    ["in a list", { tables: ["a", unknownValue] }],
    ["beside something wrong in the same property", { options: { image: unknownValue, tag: 1 } }],
    ["at the bottom", { options: { ports: [{ number: unknownValue }] } }],
  ])("never fails, and stays as it is: %s", (_, values) => {
    expect(validate(schema, { ...good, ...values })).toEqual({
      inputs: { ...good, ...values },
      failures: [],
    });
  });

  test("does not hide what is wrong elsewhere", () => {
    expect(failures({ region: unknownValue, count: 0 })).toHaveLength(1);
  });
});

describe("a rule between inputs", () => {
  test("is reported at its first property", () => {
    expect(failures({ region: "west", count: 11 }, [wide])).toEqual([
      "count is 11 in the west; 10 at most there",
    ]);
  });

  test("sees the normalised values", () => {
    expect(failures({ region: "west", count: "11" }, [wide])[0]).toMatch(/^count is 11 in/);
  });

  test("that holds says nothing", () => {
    expect(failures({ region: "west", count: 10 }, [wide])).toEqual([]);
  });

  test("is asked where an optional property is absent", () => {
    expect(failures({ ha: true }, [named])).toEqual(["name is required with ha"]);
  });

  test.each<[string, Values]>([
    ["unknown", { region: unknownValue, count: 11 }],
    ["wrong", { region: "north", count: 11 }],
    ["wrong at a depth", { tables: [""], count: 11 }],
    ["missing", { region: undefined, count: 11 }],
  ])("is not asked where a property that it reads is %s", (_, values) => {
    const asked: Constraint<Inputs> = {
      properties: ["count", "region", "tables"],
      check: () => "was asked",
    };
    expect(failures(values, [asked]).join()).not.toContain("was asked");
  });

  test("is asked where only another property is unknown or wrong", () => {
    const values = { region: "west", count: 11, name: unknownValue, disk: 1 };
    expect(failures(values, [wide])).toHaveLength(2);
  });
});

/** Inputs of a resource: those of its example, in other spellings, left out or replaced by anything. */
function inputsLike(example: Values, keys: readonly string[]): fc.Arbitrary<Values> {
  const anything = fc.constantFrom<unknown>(null, "", "3", 3, true, "true", [], ["a"], {}, "x y");
  const value = (key: string) => {
    const given = example[key];
    const spellings = [given, given, given, JSON.stringify(given), undefined, unknownValue];
    return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...spellings) }, anything);
  };
  return fc.record(Object.fromEntries(keys.map((key) => [key, value(key)])));
}

describe.each(resources.map((one) => [one.name, one] as const))("the inputs of a %s", (_, one) => {
  const { inputs: shape, example = {} } = one;
  const valid = fc.constant<Values>({ ...example });
  const given = fc.oneof(valid, inputsLike(example, Object.keys(shape.shape)));

  test("are the same whether or not there is another that it does not have", () => {
    const check = (inputs: Values) => {
      const beside = validate(shape, { nonsense: 1, ...inputs });
      const alone = validate(shape, inputs);
      expect(alone.inputs).toEqual(beside.inputs);
      expect(Object.keys(alone.inputs)).toEqual(Object.keys(beside.inputs));
      expect(alone.failures).toEqual(beside.failures.slice(1));
    };
    fc.assert(fc.property(given, check), { seed: 20_260_301, numRuns: 500 });
  });
});
