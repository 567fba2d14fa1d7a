import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../../build/engine/package.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { running } from "../../simulators/kit/testing.ts";
import { startDiscover } from "./process.ts";
import { reportIn } from "./world.ts";

beforeAll(() => compiledClone(), 120_000);

/** Apps with twenty formations each. */
async function akkerisWith(apps: number) {
  const simulator = await running(new AkkerisSimulator());
  for (let at = 0; at < apps; at += 1) {
    const name = `shop${at}-production`;
    simulator.addApp(name);
    for (let type = 0; type < 20; type += 1) {
      simulator.addFormation(name, { type: `worker${type}`, command: `run worker ${type}` });
    }
  }
  return simulator;
}

/** The most memory that a process had, in bytes. */
const peak = "String(process.resourceUsage().maxRSS * 1024)";

async function discoverAll(apps: number, ...args: string[]) {
  const akkeris = await akkerisWith(apps);
  const env = { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token };
  const command = await startDiscover(args, env, peak);
  const { code, stdout, stderr } = await command.done;
  const memory = Number(readFileSync(command.report, "utf8"));
  const requests = akkeris.requests.map(({ method, path }) => `${method} ${path}`);
  return { code, stdout, stderr, memory, requests };
}

test("10,000 app formations in 500 apps take one list per app, progress is seen, and memory stays flat", async () => {
  const few = await discoverAll(50, "--json");
  const many = await discoverAll(500, "--json");

  expect([few.code, many.code]).toEqual([0, 0]);
  expect(reportIn({ out: many.stdout }).counts.found).toBe(10_000);
  expect(many.requests).toHaveLength(501);
  expect(new Set(many.requests).size).toBe(501);
  expect(many.requests[0]).toBe("GET /apps");
  const progress = many.stderr.match(/Akkeris: [\d,]+ app formations listed/g) ?? [];
  expect(progress.length).toBeGreaterThanOrEqual(5);
  // What is kept of each, and its text. The responses alone have some hundred bytes more.
  const perFormation = (many.memory - few.memory) / 9_000;
  expect(perFormation).toBeLessThan(20_000);
  expect(many.memory / few.memory).toBeLessThan(2.5);
  console.info(`Peak RSS: ${few.memory / 1e6} MB for 1,000, ${many.memory / 1e6} MB for 10,000`);
}, 180_000);

test("a table of 10,000 lines is drawn", async () => {
  const { code, stdout } = await discoverAll(500);

  expect(code).toBe(0);
  expect(stdout.match(/^│ shop\d+-production\/worker\d+ +│/gm)).toHaveLength(10_000);
  expect(stdout).toContain("10,000 resources were found.");
}, 180_000);
