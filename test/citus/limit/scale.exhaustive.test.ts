import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../../build/repository.ts";
import { refreshOf } from "./run.ts";

const page = readFileSync(join(repository, "docs", "scale.md"), "utf8");

test.each([200, 300])("a refresh of %i takes what the page on scale says", async (count) => {
  const { seconds, refused, failed } = await refreshOf(count);
  expect({ refused, failed }).toEqual({ refused: 0, failed: 0 });
  expect(page).toContain(`| ${count} | 1 | ${(seconds / 60).toFixed(1)} min | 0 |`);
});

test("of 301 reads that wait at once, an hour is too short for one", async () => {
  expect(await refreshOf(301)).toMatchObject({ requests: 300, failed: 1 });
});
