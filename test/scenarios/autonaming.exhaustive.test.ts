import { describe, expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { formations } from "../engine/formations.ts";
import { as, namedByConfiguration } from "./autonaming-support.ts";
import { formation, living, stackOf } from "./formation-support.ts";
import type { Host } from "./lifecycle/hosts.ts";
import { opsOf, recover, told } from "./support.ts";

const hosts: Host["name"][] = ["plugin", "dynamic"];

/** A stack of one formation, `events`, that is named by a configuration. */
async function namedStack(host: Host["name"], structure: object, change = {}, options = {}) {
  const stack = await stackOf(formation(change, options, "events"), { host });
  await stack.workspace.setConfig({ "pulumi:autonaming": { structure } });
  return stack;
}

test("dynamic: names follow pulumi:autonaming, and those that exist are kept", () =>
  namedByConfiguration("dynamic"));

/** What is configured, and what the name looks like. */
const random = { pattern: `${as("name")}-${as("hex(6)")}` };
const kinds: [string, object, RegExp][] = [
  ["verbatim", { mode: "verbatim" }, /^events$/],
  [
    "a pattern without a random part",
    { pattern: `${as("stack")}.${as("name")}` },
    /^test\.events$/,
  ],
  ["a random pattern", random, /^events-[0-9a-f]{6}$/],
];

/** A run that is killed while its creation takes effect, and nobody hears of it. */
async function killed(host: Host["name"], structure: object) {
  const world = await namedStack(host, structure);
  const { citus, workspace } = world;
  citus.order({ method: "POST", kind: { type: "hang", apply: true } });
  const run = workspace.start(["up", "--yes", "--skip-preview"]);
  await expect.poll(() => citus.count("POST"), { timeout: 60_000 }).toBe(1);
  run.crash();
  await run.done;
  await workspace.pulumi(["cancel", "--yes"]);
  return world;
}

test("what a random pattern costs on the plugin: the next run alone creates a second one", async () => {
  const { citus, workspace } = await killed("plugin", random);
  await workspace.up();
  expect(citus.count("POST")).toBe(2);
  expect(new Set([...citus.formations.values()].map((one) => one.name)).size).toBe(2);
});

describe.each(hosts)("%s", (host) => {
  test.each(kinds)(
    "%s: a killed creation is found by recover, and made once",
    async (kind, structure, form) => {
      const { citus, workspace } = await killed(host, structure);
      const { id, name } = living(citus);
      expect(name).toMatch(form);
      // The engine draws a random part anew in each run of the plugin: see below.
      if (host === "dynamic" || kind !== "a random pattern") {
        const again = await workspace.up({ expectFailure: true });
        expect(told(again)).toContain(`already exists (ID ${id}`);
      }

      const done = await recover(workspace, "--yes");

      expect(done.code, done.stdout + done.stderr).toBe(0);
      expect(done.stdout).toContain(`events (Formation): adopt ${id}`);
      await workspace.up();
      const { inputs, ...found } = resourceNamed(await workspace.exportState(), "events");
      expect([found.id, inputs?.name]).toEqual([id, name]);
      expect((await workspace.preview()).changes).toEqual({ same: 1 });
      expect(citus.count("POST")).toBe(1);
    },
  );

  test("a creation whose process died alone is found too, where the name is the same", async () => {
    const { citus, workspace } = await namedStack(
      host,
      { mode: "verbatim" },
      {},
      {
        customTimeouts: { create: "2s" },
      },
    );
    citus.order({ method: "POST", kind: { type: "hang", apply: true } });
    await workspace.up({ expectFailure: true });
    const { id } = living(citus);

    const done = await recover(workspace, "--yes");

    expect(done.code, done.stdout + done.stderr).toBe(0);
    await workspace.up();
    expect(resourceNamed(await workspace.exportState(), "events").id).toBe(id);
    expect(citus.count("POST")).toBe(1);
  });

  test("somebody else's formation of a configured name is not adopted without a question", async () => {
    const { citus, workspace } = await namedStack(host, { mode: "verbatim" });
    citus.addFormation({ name: "events", created_at: "2020-01-01T00:00:00Z" });

    const asked = await recover(workspace, "--yes");

    expect(asked.code, asked.stdout + asked.stderr).toBe(2);
    expect(asked.stdout).toContain("events (Formation): is it this?");
  });

  test("names that are enforced or turned off fail in the preview, by their rule", async () => {
    const { citus, workspace } = await namedStack(host, { mode: "disabled" });
    const off = await workspace.preview({ expectFailure: true });
    expect(told(off)).toContain("`pulumi:autonaming` turns generated names off");

    await workspace.setConfig({
      "pulumi:autonaming": { structure: { pattern: as("nmae"), enforce: true } },
    });
    const misspelt = await workspace.preview({ expectFailure: true });
    expect(told(misspelt)).toContain(`${as("nmae")}, which is not one of its expressions`);
    expect(citus.requests).toEqual([]);

    await workspace.setConfig({ "pulumi:autonaming": { structure: { mode: "magic" } } });
    const wrong = await workspace.preview({ expectFailure: true });
    expect(wrong.stdout + wrong.stderr).toContain("invalid naming mode: magic");
  });

  test("a replacement under the same name deletes the old one first, and preview and explain say so", async () => {
    const { citus, workspace, declare } = await namedStack(
      host,
      {
        providers: { formations: { mode: "verbatim" } },
      },
      { allowDuplicateName: true },
    );
    await workspace.up();
    await declare(formation({ allowDuplicateName: true, workerCount: 3 }, {}, "events"));

    const steps = ["preview", "--json", "--show-replacement-steps"];
    const { stdout } = await workspace.pulumi(steps);
    await workspace.writeFile("preview.json", stdout);
    const explained = await formations(workspace, "explain", "preview.json");
    const text = explained.stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "events (Formation, Citus Cloud) is replaced (the old one is deleted first)",
    );
    expect(text).toContain("`pulumi:autonaming` makes the same name for the new one");

    const replaced = await workspace.up();
    expect(opsOf(replaced)).toEqual([
      "delete-replaced events",
      "replace events",
      "create-replacement events",
    ]);
    expect(living(citus).name).toBe("events");
  });

  test("a random part lets the new one be created first, under another name", async () => {
    const pattern = { pattern: `${as("name")}-${as("alphanum(5)")}` };
    const { citus, workspace, declare } = await namedStack(host, pattern);
    await workspace.up();
    const { name } = living(citus);
    await declare(formation({ workerCount: 3 }, {}, "events"));

    const replaced = await workspace.up();

    expect(opsOf(replaced)).toEqual([
      "create-replacement events",
      "replace events",
      "delete-replaced events",
    ]);
    expect(living(citus).name).not.toBe(name);
  });
});
