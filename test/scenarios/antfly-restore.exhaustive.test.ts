import { join } from "node:path";
import { expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { type CommandResult, runCommand } from "../../build/engine/process.ts";
import { resourceNamed } from "../../build/engine/state.ts";
import type { Workspace } from "../../build/engine/workspace.ts";
import { releases } from "../antfly-server/install.ts";
import { startOrSkip } from "../antfly-server/testing.ts";
import { schedule } from "./antfly-support.ts";
import { startStack } from "./stack.ts";

const people = Object.fromEntries(
  Array.from({ length: 250 }, (_, index) => [`p${index}`, { age: index, tags: ["a", `${index}`] }]),
);
const orders = { o1: { paid: true, lines: [{ sku: "x", price: 2.5 }] }, "o/2": { note: "für ü" } };

async function formations(workspace: Workspace, args: string[]): Promise<CommandResult> {
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  const { project: cwd, env } = workspace;
  return runCommand(process.execPath, [cli, "backups", ...args], { cwd, env, timeoutMs: 120_000 });
}

test.for(releases)(
  "Antfly %s: what a schedule's run backed up comes back after its table was dropped, document by document",
  { timeout: 400_000 },
  async (release, context) => {
    const source = await startOrSkip(context, { release });
    // It finds the same backups, as a cluster beside the first one does.
    const rehearsal = await startOrSkip(context, { release, backups: source.backups });
    await source.addTable("people", people);
    await source.addTable("orders", orders);
    const environment = {
      FORMATIONS_ANTFLY_URL: source.url,
      FORMATIONS_ANTFLY_API_KEY: source.apiKey,
      FORMATIONS_INTO_ANTFLY_API_KEY: rehearsal.apiKey,
    };
    const { workspace } = await startStack(schedule({ schedule: "* * * * *" }), {
      config: { antflyUrl: source.url, antflyApiKey: { secret: source.apiKey } },
      env: environment,
    });
    await workspace.up();
    const { id: prefix = "" } = resourceNamed(await workspace.exportState(), "nightly");
    const place = ["--location", "file:///backups", "--connection", "bk"];
    const said: string[] = [];
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await formations(workspace, args);
      said.push(stdout, stderr);
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };

    const stack = ["--stack", workspace.stack];
    await run("run", ...stack);
    const [backup, ...others] = JSON.parse(await run("list", ...place, "--json"));
    expect(others).toEqual([]);
    expect(backup.backupId).toMatch(new RegExp(`^${prefix}-\\d{8}T\\d{6}Z$`));
    expect(backup.tables.toSorted()).toEqual(["orders", "people"]);

    await source.send("DELETE", "/db/v1/tables/people");
    await source.send("POST", "/db/v1/tables/orders/batch", { deletes: ["o1"] });
    const refused = await formations(workspace, ["restore", backup.backupId, ...stack]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("orders")]);
    await run("restore", backup.backupId, ...stack, "--mode", "overwrite", "--yes");
    expect(await documents(source, "people")).toEqual(people);
    expect(await documents(source, "orders")).toEqual(orders);

    // One table: a server takes seconds for each that it makes anew.
    const into = ["--into-url", rehearsal.url, "--table", "people", "--clean-up"];
    const verified = JSON.parse(await run("verify", ...stack, ...into, "--json"));
    const same = { missing: 0, extra: 0, different: 0, inSource: true };
    expect(verified.tables).toEqual([{ table: "people", source: 250, restored: 250, ...same }]);
    expect(await rehearsal.send("GET", "/db/v1/tables")).toEqual([]);
    for (const key of [source.apiKey, rehearsal.apiKey]) expect(said.join("\n")).not.toContain(key);
  },
);

/** A table's documents by ID, as the server has them. */
async function documents(
  server: { send(method: string, path: string, body?: unknown): Promise<unknown> },
  table: string,
): Promise<Record<string, unknown>> {
  const path = `/db/v1/tables/${table}/documents`;
  const lines = String(await server.send("POST", path, { fields: ["*"] }));
  return Object.fromEntries(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { _id, ...fields } = JSON.parse(line);
        return [_id, fields];
      }),
  );
}
