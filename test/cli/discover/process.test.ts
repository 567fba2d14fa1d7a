import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../../build/engine/package.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { startDiscover } from "./process.ts";

beforeAll(() => compiledClone(), 120_000);

const accessTo = ({ url, token }: CitusSimulator) => ({
  FORMATIONS_CITUS_URL: url,
  FORMATIONS_CITUS_TOKEN: token,
});

test("Ctrl-C ends it at once, while a server does not respond", async () => {
  const citus = await running(new CitusSimulator());
  citus.addFormation({ name: "events" });
  citus.order({ path: /formations\/\w/, kind: { type: "hang", apply: false } });
  const command = await startDiscover([], accessTo(citus));
  await expect.poll(() => citus.requests.length).toBe(2);

  command.signal("SIGINT");

  // The request would hang until its deadline, two hours later.
  const { code, stdout, stderr } = await command.done;
  expect([code, stdout]).toEqual([130, ""]);
  expect(stderr).toMatch(/formations: Interrupted\.\n$/);
});

test("Ctrl-C ends it at once, while it waits for the rate limit", async () => {
  const citus = await running(new CitusSimulator());
  for (let at = 0; at < 9; at += 1) citus.addFormation({ name: `orders-${at}` });
  const command = await startDiscover([], accessTo(citus));
  await expect.poll(() => citus.requests.length).toBe(5);

  command.signal("SIGINT");

  const { code, stderr } = await command.done;
  expect(code).toBe(130);
  expect(stderr).toMatch(/^Citus Cloud: 9 formations; with 5 requests per minute/m);
});

const packagesIn = (list: string) => {
  const loaded = list.split("\n").flatMap((file) => {
    const [, name] = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file) ?? [];
    return name ?? [];
  });
  return [...new Set(loaded)].toSorted();
};

const modules = 'Object.keys(require.cache).join("\\n")';

test("its help loads neither an HTTP client nor what only discovering needs", async () => {
  const command = await startDiscover(["--help"], {}, modules);

  expect((await command.done).code).toBe(0);
  const list = readFileSync(command.report, "utf8");
  expect(packagesIn(list)).toEqual(["commander"]);
  expect(list).toContain("discover/command.js");
  expect(list).not.toMatch(/discover\/(run|inventory)\.js/);
});

test("discovering loads nothing of Pulumi's", async () => {
  const citus = await running(new CitusSimulator());
  citus.addFormation({ name: "events" });
  const command = await startDiscover([], accessTo(citus), modules);

  const { code, stdout } = await command.done;
  expect([code, stdout]).toEqual([0, expect.stringContaining("events")]);
  expect(packagesIn(readFileSync(command.report, "utf8"))).not.toContain("@pulumi");
  expect(packagesIn(readFileSync(command.report, "utf8")).join()).not.toMatch(/pulumi/);
});
