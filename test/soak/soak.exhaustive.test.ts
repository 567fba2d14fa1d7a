import { test } from "vitest";
import { countOf } from "../support/command.ts";
import { canSoak, soak, soakTimeout } from "./soak.ts";

const operations = countOf(
  process.env.SOAK_OPERATIONS ?? "10000",
  10_000,
  "SOAK_OPERATIONS says how many operations there are.",
);

test.runIf(canSoak)(
  `no memory, socket or timer is left behind by ${operations} operations in one plugin`,
  { timeout: soakTimeout(operations) },
  () => soak(operations),
);
