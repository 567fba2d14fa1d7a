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
  const below = (heading: string) => rows.slice(rows.findIndex(([text]) => text === heading));
  // Verb, requests of this provider, and of the one that sends nothing else.
  const costs = below("#### plugin").slice(4, 9);
  expect(costs.map((row) => [row[1], row[9]])).toEqual([
    ["create", "1.00 (1.00)"],
    ["preview, no change", "0.00 (0.00)"],
    ["update", "2.00 (2.00)"],
    ["read", "1.00 (1.00)"],
    ["delete", "1.00 (1.00)"],
  ]);
  // Operation, requests of this provider, of the one that sends nothing else, and at least.
  const operations = below("#### plugin: as users run it").slice(4, 9);
  expect(operations.map((row) => [row[1], row[2], row[8]])).toEqual([
    ["1", "up, all created", "1 (1, 1)"],
    ["1", "preview, no change", "0 (0, 0)"],
    ["1", "up, all changed", "2 (2, 2)"],
    ["1", "refresh", "1 (1, 1)"],
    ["1", "destroy", "1 (1, 1)"],
  ]);
});
