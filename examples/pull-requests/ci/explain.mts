import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** How `formations` ended, and what it said. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Prices, if the project has them: `formations prices` writes this file. */
const prices = existsSync("prices.json") ? ["--prices", "prices.json"] : [];

/** Runs `formations explain`, as `npm ci` installed it. */
export function explain(...args: string[]): Outcome {
  const command = join("node_modules", ".bin", "formations");
  const { status, stdout, stderr, error } = spawnSync(command, ["explain", ...prices, ...args], {
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error) throw new Error(`could not start ${command}: ${error.message}`);
  return { code: status ?? 1, out: stdout, err: stderr };
}
