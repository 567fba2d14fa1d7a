import { expect, onTestFinished, test } from "vitest";
import { startCommand } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";

test("a quick run prints each operation with the requests that it can't do without", async () => {
  const command = startCommand(
    process.execPath,
    ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "test/bench/main.ts", "--quick"],
    {
      cwd: repository,
      env: process.env,
      timeoutMs: 150_000,
    },
  );
  onTestFinished(() => command.kill());

  const { code, stdout, stderr } = await command.done;

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const rows = stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  // Verb, requests of the provider that sends nothing else, of ours.
  const costs = rows.filter(([, host]) => host === "plugin").slice(0, 5);
  expect(costs.map((row) => [row[3], row[11], row[12]])).toEqual([
    ["create", "1.00", "1.00"],
    ["preview, no change", "0.00", "0.00"],
    ["update", "2.00", "2.00"],
    ["read", "1.00", "1.00"],
    ["delete", "1.00", "1.00"],
  ]);
  // Operation, requests of the provider that sends nothing else, of ours, at least.
  const operations = rows.filter(([, size]) => size === "1");
  expect(operations.map((row) => [row[3], row[9], row[10], row[11]])).toEqual([
    ["up, all created", "1", "1", "1"],
    ["preview, no change", "0", "0", "0"],
    ["up, all changed", "2", "2", "2"],
    ["refresh", "1", "1", "1"],
    ["destroy", "1", "1", "1"],
  ]);
});
