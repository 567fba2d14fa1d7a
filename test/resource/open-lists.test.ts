import { expect, test } from "vitest";
import { z } from "zod";
import { openListWarnings } from "../../provider/resource/validation.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";

const schema = z.object({
  plan: z
    .string()
    .optional()
    .meta({ known: ["hobby-2", "standard-8", "standard-16"] }),
  name: z.string(),
});

function warnings(inputs: Values, secrets?: ReadonlySet<string>): string[] {
  return openListWarnings(schema, inputs, "Acme", { secrets });
}

test.each<[string, Values]>([
  ["is known", { plan: "standard-8" }],
  ["is absent", {}],
  ["is not known yet", { plan: unknownValue }],
  ["belongs to no list", { name: "standrad-8" }],
])("nothing is said of a value that %s", (_case, inputs) => {
  expect(warnings(inputs)).toEqual([]);
});

test.each([
  ["misspelt", "standrad-8", " Did you mean standard-8?"],
  ["in another case", "Hobby-2", " Did you mean hobby-2?"],
  ["like none", "zeus", ""],
  ["endless", "standard-8".repeat(100_000), ""],
])("the warning of a value that is %s names the known values", (_case, plan, guess) => {
  const [warning = ""] = warnings({ plan });
  expect(warning).toMatch(/^plan ".* is unknown to this version of the provider; Acme /);
  expect(warning.endsWith(`Known values: hobby-2, standard-8, standard-16.${guess}`)).toBe(true);
  expect(warning.length).toBeLessThan(300);
});

test("a secret value is not told, nor what it is near to", () => {
  const [warning] = warnings({ plan: "standrad-8" }, new Set(["plan"]));
  expect(warning).toMatch(/^plan \(secret\) is unknown/);
  expect(warning).not.toMatch(/standrad|mean/);
});
