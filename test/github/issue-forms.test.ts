import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { resources } from "../../provider/index.ts";

const id = z.string().regex(/^[A-Za-z0-9_-]+$/);
const validations = z.strictObject({ required: z.boolean().optional() }).optional();
const label = z.string().min(1);
const described = { label, description: z.string().optional() };
const written = { ...described, placeholder: z.string().optional(), value: z.string().optional() };
/** GitHub refuses an option twice, and `None`, which it adds where nothing is required. */
const options = z
  .array(z.string().min(1))
  .min(1)
  .refine((all) => new Set(all).size === all.length && !all.some((one) => /^none$/i.test(one)));

/** The elements of a form, as GitHub's documentation of the form schema has them. */
const element = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("markdown"),
    attributes: z.strictObject({ value: z.string().min(1) }),
  }),
  z.strictObject({
    type: z.literal("input"),
    id,
    attributes: z.strictObject(written),
    validations,
  }),
  z.strictObject({
    type: z.literal("textarea"),
    id,
    attributes: z.strictObject({ ...written, render: z.string().optional() }),
    validations,
  }),
  z.strictObject({
    type: z.literal("dropdown"),
    id,
    attributes: z.strictObject({
      ...described,
      multiple: z.boolean().optional(),
      default: z.number().optional(),
      options,
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal("checkboxes"),
    id,
    attributes: z.strictObject({
      ...described,
      options: z.array(z.strictObject({ label, required: z.boolean().optional() })).min(1),
    }),
  }),
]);

const form = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  title: z.string().optional(),
  labels: z.array(z.string()).optional(),
  body: z.array(element).refine((all) => all.some(({ type }) => type !== "markdown")),
});

const folder = join(repository, ".github", "ISSUE_TEMPLATE");
const files = globSync("*.yml", { cwd: folder }).filter((file) => file !== "config.yml");

function read(file: string): unknown {
  return parse(readFileSync(join(folder, file), "utf8"));
}

function fieldsOf(file: string) {
  return form.parse(read(file)).body.filter((one) => one.type !== "markdown");
}

test("there is a form for a bug and one for a wish", () => {
  expect(files.sort()).toEqual(["bug.yml", "feature.yml"]);
});

describe.each(files)("the form %s", (file) => {
  test("is one that GitHub takes", () => {
    const fields = fieldsOf(file);

    for (const key of [fields.map((one) => one.id), fields.map((one) => one.attributes.label)]) {
      expect([...new Set(key)]).toEqual(key);
    }
  });

  test("offers every system", () => {
    const system = fieldsOf(file).find((one) => one.id === "system");
    const titles = new Set(resources.map((one) => one.system.title));

    expect(system?.attributes).toMatchObject({ options: expect.arrayContaining([...titles]) });
  });
});

test("a bug's form demands the version, the host, `pulumi about`, and that no secret is in it", () => {
  const demanded = fieldsOf("bug.yml").filter((one) =>
    one.type === "checkboxes"
      ? one.attributes.options.every(({ required }) => required)
      : one.validations?.required,
  );

  expect(demanded.map((one) => one.id)).toEqual(
    expect.arrayContaining(["happened", "version", "host", "about", "clean"]),
  );
});

test("the forms are the only way, and each other way has an address", () => {
  const config = z.strictObject({
    blank_issues_enabled: z.literal(false),
    contact_links: z.array(
      z.strictObject({ name: z.string(), url: z.url({ protocol: /^https$/ }), about: z.string() }),
    ),
  });

  expect(() => config.parse(read("config.yml"))).not.toThrow();
});
