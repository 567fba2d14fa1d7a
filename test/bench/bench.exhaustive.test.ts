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
  const cells = stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const rows = cells.filter(([, size]) => size === "1");
  // Operation, requests, at least.
  expect(rows.slice(0, 5).map((row) => [row[2], row[6], row[7]])).toEqual([
    ["up, all created", "1", "1"],
    ["preview, no change", "0", "0"],
    ["up, all changed", "2", "2"],
    ["refresh", "1", "1"],
    ["destroy", "1", "1"],
  ]);
  expect(rows.slice(5).map((row) => row[2])).toEqual(["floor", "formations"]);
});
