import { describe, expect, test } from "vitest";
import { z } from "zod";
import { functions, resources } from "../../provider/index.ts";

/** The properties of a schema, those at any depth too, that nobody described. */
function undescribed(schema: z.ZodObject): string[] {
  const found: string[] = [];
  z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      for (const [name, property] of Object.entries(jsonSchema.properties ?? {})) {
        if (typeof property === "boolean" || !property.description) found.push(name);
      }
    },
  });
  return found;
}

test("there are resources and functions to look at", () => {
  expect(resources.length).toBeGreaterThan(0);
  expect(functions.length).toBeGreaterThan(0);
});

describe.each(resources.map((one) => [one.name, one] as const))("%s", (_, definition) => {
  test("describes itself, its ID and every property", () => {
    expect(definition.description).not.toBe("");
    expect(definition.id).not.toBe("");
    expect(undescribed(definition.inputs)).toEqual([]);
    expect(undescribed(definition.outputs)).toEqual([]);
  });

  test("says what each replacement, and a deletion, does to data and service", () => {
    const silent = definition.plan.properties.filter(
      ({ becomes, effect }) => becomes === "replace" && !effect,
    );
    expect(silent.map(({ change }) => change)).toEqual([]);
    expect(definition.whenDeleted({}).text).not.toBe("");
  });

  test("describes every key of its system's configuration", () => {
    expect(undescribed(definition.system.config)).toEqual([]);
  });

  test("keeps every key of its configuration that is named as a credential secret", () => {
    const credentials = Object.entries(definition.system.config.shape).filter(([key]) =>
      /token|key|secret|password/i.test(key),
    );
    expect(credentials).not.toEqual([]);
    const shown = credentials.filter(([, property]) => property.meta()?.secret !== true);
    expect(shown.map(([key]) => key)).toEqual([]);
  });

  test("names only its own inputs in its plan and in rules between inputs", () => {
    const { properties, autoname, defaults = {}, same = {} } = definition.plan;
    const named = [
      ...properties.flatMap((rule) => rule.properties),
      ...(definition.constraints ?? []).flatMap((rule) => rule.properties),
      ...(autoname ? [autoname] : []),
      ...Object.keys(defaults),
      ...Object.keys(same),
    ];
    const inputs = Object.keys(definition.inputs.shape);
    expect(named.filter((name) => !inputs.includes(name))).toEqual([]);
  });

  test("derives its cost from its own properties, none of which is a secret", () => {
    const shape: z.ZodRawShape = { ...definition.inputs.shape, ...definition.outputs.shape };
    const wrong = (definition.cost?.of ?? []).filter((key) => {
      const property = shape[key];
      return !(property instanceof z.ZodType) || property.meta()?.secret === true;
    });
    expect(wrong).toEqual([]);
  });

  test("says in its plan what becomes of each input that the program changes", () => {
    const changed = definition.plan.properties
      .filter(({ on = ["changed"] }) => on.includes("changed"))
      .flatMap((rule) => rule.properties);
    const inputs = Object.keys(definition.inputs.shape);
    expect(inputs.filter((name) => !changed.includes(name))).toEqual([]);
  });
});

test("every resource of a system that publishes prices has a cost, and no other has", () => {
  const priced = resources.filter(({ system }) => system.prices !== undefined);
  expect(priced.length).toBeGreaterThan(0);
  expect(resources.filter(({ cost }) => cost !== undefined)).toEqual(priced);
});

describe.each(functions.map((one) => [one.name, one] as const))("%s", (_, definition) => {
  test("describes itself, every argument and every result", () => {
    expect(definition.description).not.toBe("");
    expect(undescribed(definition.args)).toEqual([]);
    expect(undescribed(definition.result)).toEqual([]);
  });
});
