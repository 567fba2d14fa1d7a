import { test } from "vitest";
import { canSoak, soak, soakTimeout } from "./soak.ts";

const operations = 3_000;

test.runIf(canSoak)(
  "no memory, socket or timer is left behind by 3,000 operations in one plugin",
  { timeout: soakTimeout(operations) },
  () => soak(operations),
);
