import { test } from "vitest";
import { namedByConfiguration } from "./autonaming-support.ts";

test("plugin: names follow pulumi:autonaming, and those that exist are kept", () =>
  namedByConfiguration("plugin"));
