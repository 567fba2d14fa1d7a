import { test } from "vitest";
import { demandWhole } from "./whole.ts";

test("20 kills at random moments, two before each look, lose nothing and make nothing twice", {
  timeout: 30 * 60_000,
}, async () => {
  await demandWhole({ plugin: 15, dynamic: 5 }, 10, 2);
});
