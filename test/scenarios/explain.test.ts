import { test } from "vitest";
import { expectExplained } from "./explain-support.ts";

test("a preview of the plugin's resources, as one object and as events, is explained through a pipe", async () => {
  await expectExplained("plugin");
});
