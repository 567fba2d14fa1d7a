import { test } from "vitest";
import { demandWhole } from "./whole.ts";

test("40 kills at random moments lose nothing and make nothing twice", {
  timeout: 30 * 60_000,
}, async () => {
  await demandWhole({ plugin: 30, dynamic: 10, seed: 10 });
});
