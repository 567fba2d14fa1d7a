import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { longest } from "./longest-first.ts";

test("the files that begin first exist", () => {
  expect(longest.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});
