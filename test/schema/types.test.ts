import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";

// YAML's type checker does not know that a number can be one of an enum of numbers.
test("no type of the package is a list of numbers", () => {
  const { types } = JSON.parse(readFileSync(join(repository, "schema.json"), "utf8"));
  const enums = Object.entries<{ type: string; enum?: unknown[] }>(types).filter(
    ([, type]) => type.enum,
  );
  expect(enums.length).toBeGreaterThan(0);
  expect(enums.filter(([, { type }]) => type !== "string")).toEqual([]);
});
