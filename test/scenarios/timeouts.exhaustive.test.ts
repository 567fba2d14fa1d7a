import { expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { args, formation, living, stackOf } from "./formation-support.ts";
import type { Host } from "./lifecycle/hosts.ts";
import { told } from "./support.ts";
import { yamlProject } from "./yaml.ts";

const hosts: Host["name"][] = ["plugin", "dynamic"];

/** The next reads are to be sent an hour later. */
const headers = { "retry-after": "3600" };
const kind = { type: "status", status: 429, body: "Slow down.", headers } as const;
const delayed = { method: "GET", kind } as const;

const type = "formations:index:Formation";
const customTimeouts = { read: "20s" };

test("plugin: customTimeouts.read limits a refresh and an import; a get, of which the engine passes none on, has formations:timeout", async () => {
  const { citus, workspace } = await stackOf(formation({}, { customTimeouts }));
  await workspace.up();
  const { id } = living(citus);
  const late = /deadline.* customTimeouts sets how long it may take \(`read`\)/;

  citus.order(delayed);
  expect(told(await workspace.refresh({ expectFailure: true }))).toMatch(late);

  // Its refusal holds for the account: what comes next hears of it without a request.
  const declare = async (resource: Values) =>
    workspace.writeFile("Pulumi.yaml", await yamlProject({ other: resource as never }));
  const imported = { name: living(citus).name, ...args };
  await declare({ type, properties: imported, options: { import: id, customTimeouts } });
  expect(told(await workspace.up({ expectFailure: true }))).toMatch(late);
  await workspace.setConfig({ "formations:timeout": "20s" });
  await declare({ type, get: { id } });
  expect(told(await workspace.up({ expectFailure: true }))).toMatch(late);
});

test.each(hosts)("%s: formations:timeout limits refresh and destroy", async (host) => {
  // A refresh and a destroy have the configuration of the last run.
  const { citus, workspace } = await stackOf(formation(), { host, config: { timeout: "2m" } });
  await workspace.up();
  citus.order(delayed);
  const late = /formations:timeout \(or FORMATIONS_TIMEOUT\)/;

  expect(told(await workspace.refresh({ expectFailure: true }))).toMatch(late);
  expect(told(await workspace.destroy({ expectFailure: true }))).toMatch(late);
});

test.each(hosts)("%s: a timeout that is not one fails in the preview", async (host) => {
  const { citus, workspace } = await stackOf(formation(), { host, config: { timeout: "soon" } });
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toMatch(/timeout.* is "soon"; it must be a duration: 90s, 30m, 1h30m/);
  expect(citus.requests).toEqual([]);
});
