import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Explanation, ResourceChange } from "../../../cli/explain/model.ts";
import { withPrices } from "../../../cli/prices/explaining.ts";
import { WrongPrices } from "../../../cli/prices/file.ts";
import { resources } from "../../../provider/index.ts";
import { environmentVariable } from "../../../provider/resource/config.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

/** Both systems, and an environment that is configured for them, but for what is left out. */
async function world(...without: string[]) {
  const akkeris = await running(new AkkerisSimulator());
  const crunchyBridge = await running(new CrunchyBridgeSimulator());
  const folder = ownTemporaryFolder();
  const config = {
    ...{ akkerisToken: akkeris.token, akkerisUrl: akkeris.url },
    ...{ crunchyBridgeApiKey: crunchyBridge.token, crunchyBridgeUrl: crunchyBridge.url },
  };
  for (const [key, value] of Object.entries(config)) {
    vi.stubEnv(environmentVariable(key), without.includes(key) ? undefined : value);
  }
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => said.mockRestore());
  return {
    ...{ akkeris, crunchyBridge, file: join(folder, "prices.json") },
    said: () => said.mock.calls.flat().join("\n"),
    sent: () => [akkeris, crunchyBridge].map(({ requests }) => requests.length),
  };
}

/** A creation of a resource. */
function creation(resource: string, after: ResourceChange["priced"]): ResourceChange {
  const definition = resources.find(({ name }) => name === resource);
  return {
    ...{ urn: `urn:${resource}`, name: resource, type: resource, definition },
    ...{ operation: "create", priced: after },
    ...{ reasons: [], properties: [], notes: [], messages: [] },
  };
}

const formation = creation("AppFormation", { after: { size: "gp2", quantity: 3 } });

const replica = creation("Replica", {
  after: { planId: "hobby-2", storage: 100, providerId: "aws", regionId: "eu-west-1" },
});

function explaining(...changes: ResourceChange[]): Explanation[] {
  return [{ source: "a", hasFailed: false, changes, messages: [] }];
}

function costsOf(explained: readonly Explanation[]) {
  return explained.flatMap(({ changes }) => changes.map(({ cost }) => cost));
}

test("without a file, the servers list their prices, with one request each", async () => {
  const here = await world();

  const explained = await withPrices(explaining(formation, replica, formation), true);

  expect(costsOf(explained)).toEqual([
    { before: 0, after: 120 },
    { before: 0, after: 49.5, note: "with 100 GB; it has its parent's storage if that is more" },
    { before: 0, after: 120 },
  ]);
  expect([here.sent(), here.said()]).toEqual([[1, 1], ""]);
});

test("a system of which nothing changes is not asked", async () => {
  const here = await world("crunchyBridgeApiKey");

  await withPrices(explaining(formation, creation("Formation", {})), true);
  expect([here.sent(), here.said()]).toEqual([[1, 0], ""]);

  await withPrices(explaining(creation("Formation", {})), true);
  expect([here.sent(), here.said()]).toEqual([[1, 0], ""]);
});

test("a system that is not configured, or fails, is named, and the others have costs", async () => {
  const here = await world("crunchyBridgeApiKey");
  here.akkeris.order({ path: "/sizes", kind: { type: "status", status: 401, body: "" }, skip: 1 });
  const note = "the price list has nothing of Crunchy Bridge";

  const first = await withPrices(explaining(formation, replica), true);
  const second = await withPrices(explaining(formation), true);

  expect(costsOf(first)).toEqual([{ before: 0, after: 120 }, { note }]);
  expect(costsOf(second)).toEqual([{ note: "the price list has nothing of Akkeris" }]);
  expect(here.said()).toMatch(/^No prices of Crunchy Bridge: the API key is missing\./);
  expect(here.said()).toMatch(/^No prices of Akkeris: could not list sizes/m);
  expect(here.said()).not.toContain(here.akkeris.token);
});

test("with a file, no request is sent, and no token is needed", async () => {
  const here = await world("akkerisToken", "crunchyBridgeApiKey");
  const systems = { akkeris: [{ name: "gp2", price: 1.5 }] };
  writeFileSync(here.file, JSON.stringify({ version: 1, readAt: new Date(), systems }));

  const explained = await withPrices(explaining(formation), here.file);

  expect(costsOf(explained)).toEqual([{ before: 0, after: 4.5 }]);
  expect([here.sent(), here.said()]).toEqual([[0, 0], ""]);
});

test("an old file is used, and the reviewer is told its age", async () => {
  const { file } = await world();
  const systems = { akkeris: [{ name: "gp2", price: 1.5 }] };
  writeFileSync(file, JSON.stringify({ version: 1, readAt: "2020-01-01T00:00:00Z", systems }));

  const [explained] = await withPrices(explaining(formation), file);

  expect(explained?.messages).toEqual([
    { severity: "info", text: expect.stringMatching(/^The prices are \d+ days old: /) },
  ]);
});

test("a file that is not a price list is an error", async () => {
  const { file } = await world();
  writeFileSync(file, "{}");
  await expect(withPrices(explaining(formation), file)).rejects.toBeInstanceOf(WrongPrices);
});
