import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ResourceState } from "../../../cli/stack/deployment.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { running } from "../../simulators/kit/testing.ts";
import { type Host, providerState, stubStack } from "../command.ts";
import { place } from "./world.ts";

/** Fires once a year, so that no slot comes while a test runs. */
const yearly = { schedule: "0 0 1 1 *", timezone: "Europe/Berlin", ...place };

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** A schedule as a stack's state has it, created so long ago. */
function state(
  name: string,
  outputs: object = {},
  minutes = 1,
  host: Host = "plugin",
): ResourceState {
  const type =
    host === "plugin"
      ? "formations:index:AntflyBackupSchedule"
      : "pulumi-nodejs:dynamic/formations:AntflyBackupSchedule";
  const provider = providerState(host);
  return {
    ...{ urn: `urn:pulumi:dev::scenario::${type}::${name}`, type, custom: true, id: name },
    ...{ inputs: yearly, outputs: { ...yearly, ...outputs }, created: minutesAgo(minutes) },
    provider: `${provider.urn}::${provider.id}`,
  };
}

/** A project with such schedules, and the server that its stack is configured with. */
async function world(...resources: ResourceState[]) {
  const simulator = await running(new AntflySimulator());
  simulator.addTable("t1");
  simulator.addLocation(place.location);
  const stack = stubStack({
    resources: [providerState(), ...resources],
    config: { antflyUrl: simulator.url, antflyApiKey: simulator.token },
  });
  writeFileSync(join(stack.folder, "Pulumi.yaml"), "name: scenario\nruntime: yaml\n");
  return { simulator, ...stack };
}

test.each(["plugin", "dynamic"] as const)(
  "a schedule that was declared a minute ago is due, in its zone's time and within 80 columns: %s",
  async (host) => {
    const { formations } = await world(state("nightly", {}, 1, host));
    const { code, out } = await formations("backups", "status");
    expect(out).toMatch(/dev\/nightly\s.*due\s.*20\d\d-01-01 00:00 Europe\/Berlin/);
    expect(code).toBe(0);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  },
);

test("one that was declared two hours ago is overdue", async () => {
  const { formations } = await world(state("nightly", {}, 120));
  const { code, out } = await formations("backups", "status");
  expect(out).toMatch(/dev\/nightly\s.*overdue/);
  expect(code).toBe(1);
});

test("one that was resumed waits for its next slot, from the state as from an exported file", async () => {
  const { simulator, folder, formations } = await world(
    state("nightly", { changedAt: minutesAgo(1) }, 120),
  );
  const file = join(folder, "schedules.json");
  expect((await formations("backups", "export", "--output", file)).code).toBe(0);
  const { schedules } = JSON.parse(readFileSync(file, "utf8"));
  const times = { createdAt: expect.any(String), changedAt: expect.any(String) };
  expect(schedules).toMatchObject([{ name: "nightly", stack: "dev", ...times }]);
  vi.stubEnv("FORMATIONS_ANTFLY_API_KEY", simulator.token);
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const from of [[], ["--file", file]]) {
    const { code, out } = await formations("backups", "run", ...from);
    expect(out).toContain("dev/nightly: not due yet; next slot: ");
    expect(code).toBe(0);
  }
  expect(simulator.count("POST")).toBe(0);
});

test("a file of an earlier version, without times, is read as before", async () => {
  const { simulator, folder, formations } = await world();
  const file = join(folder, "schedules.json");
  const hourly = { ...yearly, schedule: "0 * * * *", backupIdPrefix: "hourly" };
  const old = { name: "hourly", ...hourly, url: simulator.url };
  writeFileSync(file, JSON.stringify({ version: 1, schedules: [old] }));
  vi.stubEnv("FORMATIONS_ANTFLY_API_KEY", simulator.token);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { code, out } = await formations("backups", "run", "--file", file);
  expect(out).toMatch(/hourly: took hourly-\S+/);
  expect(code).toBe(0);
});

test("of several schedules of the selected stack one has to be chosen", async () => {
  const { formations } = await world(state("nightly"), state("hourly"));
  const { code, err } = await formations("backups", "list");
  expect(code).toBe(1);
  expect(err).toContain(
    "Stack dev has 2 schedules: nightly, hourly. Choose one with --of, for example --of nightly.",
  );
  expect((await formations("backups", "list", "--of", "hourly")).out).toContain("no backups");
});

test("plain HTTP is refused with the variable that allows it", async () => {
  const { formations } = await world(state("nightly", { url: "http://antfly.example.com" }));
  const { out } = await formations("backups", "status");
  expect(out).toContain("FORMATIONS_ALLOW_HTTP=true) allows plain HTTP");
});

test("outside a project, the message says where to run it", async () => {
  const { formations } = stubStack({ config: {} });
  const { code, err } = await formations("backups", "status");
  expect(code).toBe(1);
  expect(err).toMatch(/There is no Pulumi\.yaml in .*: run the command in the project's folder/);
  vi.stubEnv("PATH", "/nonexistent");
  const named = await formations("backups", "status", "--stack", "org/project/dev");
  expect(named.err).toMatch(
    /There is no Pulumi\.yaml in .*: run the command in the project's folder/,
  );
});
