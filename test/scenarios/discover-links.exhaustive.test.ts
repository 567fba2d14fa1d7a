import { expect, test } from "vitest";
import { propertiesOf } from "../../cli/discover/output/entry.ts";
import { importFiles } from "../../cli/discover/output/import-file.ts";
import { type Importable, linksOf } from "../../cli/discover/output/links.ts";
import { withSecretValues } from "../../cli/discover/output/secret-values.ts";
import {
  addAppFormation,
  addFormation,
  addReplica,
  addSecret,
  emptyFleet,
  type Fleet,
  foundIn,
} from "../support/fleet.ts";
import { importAndDeclare, importFile, referencesIn } from "./discover-support.ts";
import { configOf, told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

/** A fleet whose names mean something else elsewhere. */
async function misleadingFleet(): Promise<Fleet> {
  const fleet = await emptyFleet();
  // A type of process, a region, an environment, an app, a machine type.
  for (const name of ["web", "us-east-1", "production", "shop-dev", "r5.large"]) {
    addFormation(fleet, { name, region: "eu-west-1" });
  }
  for (const region of ["us-east-1", "us-west-2", "eu-west-1"]) {
    addFormation(fleet, { name: "triplets", region });
  }
  const primary = fleet.bridge.addCluster({ name: "orders" });
  const first = addReplica(fleet, primary, { name: "orders-reports", environment: "production" });
  addReplica(fleet, primary, { name: "standard-8" });
  addReplica(fleet, first, { name: "orders-nested" });
  fleet.akkeris.addApp("shop-dev");
  addAppFormation(fleet, "shop-dev", { type: "web", command: undefined, healthcheck: "/web" });
  addAppFormation(fleet, "shop-dev", { type: "worker", command: "shop-dev/web" });
  addAppFormation(fleet, "shop-dev", { type: "escapes", command: odd });
  // The ID of a secret is its key.
  for (const key of ["worker", "gp1"]) addSecret(fleet, key);
  return fleet;
}

const odd = `echo $${"{PORT}"} $HOME $(x) %{if} "q" \\ \n next {{b}} été # no: comment`;

/** What an import of all of it in one file is, as Pulumi's importer looks at it. */
async function wholeOf(fleet: Fleet) {
  const given = new Map(Object.entries(fleet.secretValues));
  const { found } = withSecretValues(await foundIn(fleet), given);
  const files = importFiles(found, { target: { resources: [] } });
  const whole = { resources: files.flatMap(({ resources }) => resources) };
  const variables = new Map(whole.resources.map(({ type, id, name }) => [`${type} ${id}`, name]));
  const variableOf = ({ kind, id }: Importable) =>
    variables.get(`formations:index:${kind}` + ` ${id}`);
  const links = linksOf(
    found.map((one) => ({ kind: one.definition.name, id: one.id, ...propertiesOf(one) })),
  ).map(
    ({ from, input, to, output }) => `${variableOf(from)}.${input} -> ${variableOf(to)}.${output}`,
  );
  return { found, files, whole, links };
}

test("Pulumi's importer links what is equal, whatever it means", async () => {
  const fleet = await misleadingFleet();
  const { whole, links } = await wholeOf(fleet);
  const { workspace } = await yamlStack({}, configOf(fleet.config));

  const linked = await importFile(workspace, whole);

  expect(links).toEqual(
    expect.arrayContaining([
      "shopDevWorker.type -> worker.id",
      "shopDevWorker.command -> shopDevWeb.id",
      "ordersReports.environment -> production.name",
      "ordersNested.clusterId -> ordersReports.id",
    ]),
  );
  expect(referencesIn(linked).toSorted()).toEqual(links.toSorted());
});

test("in the files of discover it links what belongs together alone, and the next preview is empty", async () => {
  const fleet = await misleadingFleet();
  // Two that would be linked to each other: the importer then gives up all references.
  for (const region of ["eu-west-1", "us-west-1"]) addFormation(fleet, { name: "twins", region });
  for (const key of ["web", "orders-reports"]) addSecret(fleet, key);
  const { found, files } = await wholeOf(fleet);
  const { workspace } = await yamlStack({}, configOf(fleet.config));
  fleet.forget();

  const program = await importAndDeclare(workspace, files);

  expect(referencesIn(program)).toEqual(["ordersNested.clusterId -> ordersReportsReplica.id"]);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: found.length });
  expect(fleet.requests()).toBe(0);
});
