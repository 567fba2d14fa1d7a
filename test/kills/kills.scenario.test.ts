import { test } from "vitest";
import { demandWhole } from "./whole.ts";

test("4 kills at random moments lose nothing and make nothing twice", {
  timeout: 10 * 60_000,
}, async () => {
  // One in the creation, the change, the change back and the deletion; with this seed each kind of
  // victim is killed.
  await demandWhole({ plugin: 4 }, 9);
});
