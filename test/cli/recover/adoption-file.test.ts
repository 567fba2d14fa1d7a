import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adoptionFile } from "../../../cli/discover/files/adoption-file.ts";
import { named } from "../../../cli/discover/files/names.ts";
import { withSecretValues } from "../../../cli/discover/files/secret-values.ts";
import type { AdoptionFile } from "../../../cli/recover/adoption-file.ts";
import type { ResourceState } from "../../../cli/stack/deployment.ts";
import { importedInputs } from "../../../provider/resource/imported.ts";
import { unknownValue, type Values } from "../../../provider/resource/values.ts";
import { addReplica, type Fleet, foundIn, smallFleet } from "../../support/fleet.ts";
import { creation, type Host, providerState, type StackContent, stubStack } from "../command.ts";

/** A fleet, the file that discover writes of it, and what a program asks to have it. */
async function world(host: Host = "plugin", change: (fleet: Fleet) => void = () => {}) {
  const fleet = await smallFleet();
  change(fleet);
  const given = new Map(Object.entries(fleet.secretValues));
  const { found } = withSecretValues(await foundIn(fleet), given);
  const names = named(found);
  const file = adoptionFile(names, Date.parse("2026-03-01T00:00:00Z"));
  const creations = names.map(({ name, found: { definition, state } }) =>
    creation(name, definition.name, importedInputs(definition, state), host),
  );
  fleet.forget();
  return { fleet, file, creations, host };
}

type World = Awaited<ReturnType<typeof world>>;

/** Runs `recover --yes --adopt-file` on a stack whose program makes these. */
async function recovered(
  { fleet, host }: Pick<World, "fleet" | "host">,
  file: unknown,
  content: Partial<StackContent>,
) {
  const config = Object.fromEntries(
    Object.entries(fleet.config).map(([key, value]) => [
      key,
      String(typeof value === "object" ? value?.secret : value),
    ]),
  );
  const stack = stubStack({ resources: [providerState(host)], config, ...content });
  const path = join(stack.folder, "adopt.json");
  writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
  const outcome = await stack.formations("recover", "--yes", "--adopt-file", path);
  const resources = stack.imported()?.deployment.resources ?? [];
  const held = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`));
  return { ...outcome, held, isChanged: stack.imported() !== undefined };
}

test.each(["plugin", "dynamic"] as const)(
  "%s: one file adopts a fleet without a request",
  async (host) => {
    const all = await world(host);

    const { code, out, err, held } = await recovered(all, all.file, { creations: all.creations });

    expect(code, out + err).toBe(0);
    expect(all.fleet.requests()).toBe(0);
    expect(out).toContain("events (Formation): adopt ");
    expect(out).toContain("the file has it, as of 2026-03-01 00:00 UTC.");
    expect(held("events")?.outputs).toMatchObject({ name: "events", state: "steady" });
    expect(held("shop-dev-worker")?.id).toBe("shop-dev/worker");
    const key = held("openai.api_key");
    expect(key?.outputs).toMatchObject({ value: fleetValue, status: "configured_file" });
    expect(key?.outputs).not.toHaveProperty("__unfinished");
    expect(JSON.stringify(held("events")?.outputs?.databaseUrl)).toContain("plaintext");
    expect(out + err).not.toMatch(/value-of|postgres:/);
  },
);

const fleetValue = "value-of-openai.api_key";

const replacing = (all: World, name: string, inputs: Values): ResourceState[] =>
  all.creations.map((one) =>
    one.urn.endsWith(`::${name}`) ? { ...one, inputs: { ...one.inputs, ...inputs } } : one,
  );

test("a secret of which the program has another value is stored by the next run", async () => {
  const all = await world();
  const creations = replacing(all, "openai.api_key", { value: "another" });

  const { code, held, out } = await recovered(all, all.file, { creations });

  expect(code).toBe(0);
  expect(held("openai.api_key")?.outputs).toMatchObject({ __unfinished: ["value"] });
  expect(out).not.toContain("another");
});

test("so is one of which the file has no value", async () => {
  const all = await world();
  const [{ value: _, ...state } = {}] = all.file.resources
    .filter(({ type }) => type === "AntflySecret")
    .map((one) => one.state);
  const resources = all.file.resources.map((one) =>
    one.type === "AntflySecret" ? { ...one, state: { ...state } } : one,
  );

  const { held } = await recovered(all, { ...all.file, resources }, { creations: all.creations });

  expect(held("openai.api_key")?.outputs).toMatchObject({ __unfinished: ["value"] });
});

test("a replica of a replica is adopted with its parent, whose ID the preview does not know", async () => {
  const all = await world("plugin", (fleet) => {
    const [, parent = ""] = fleet.ids.find(([kind]) => kind === "Replica") ?? [];
    addReplica(fleet, { id: parent, network_id: parent }, { name: "orders-nested" });
  });
  const creations = replacing(all, "orders-nested", { clusterId: unknownValue });

  const { code, out, held } = await recovered(all, all.file, { creations });

  expect(code, out).toBe(0);
  expect(held("orders-nested")?.inputs?.clusterId).toBe(held("orders-reports")?.id);
});

test.each<{ what: string; name: string; inputs: Values; says: string }>([
  {
    what: "another place",
    name: "shop-dev-worker",
    inputs: { type: "cron" },
    says: 'shop-dev-worker (AppFormation): is it this? the file has it, but it differs from the program: type is "worker", not "cron"',
  },
  {
    what: "what only a replacement would change",
    name: "events",
    inputs: { workerCount: 9 },
    says: "events (Formation): is it this? the file has it, but it differs from the program: workerCount is 2, not 9",
  },
])("what the program has in $what is asked about", async ({ name, inputs, says }) => {
  const all = await world();

  const { code, out, held } = await recovered(all, all.file, {
    creations: replacing(all, name, inputs),
  });

  expect(code).toBe(2);
  expect(out).toContain(says);
  expect(held(name)).toBeUndefined();
  expect(held("openai.api_key")?.id).toBe("openai.api_key");
  expect(all.fleet.requests()).toBe(0);
});

test("what the next run would update in place is adopted, and said", async () => {
  const all = await world();
  const creations = replacing(all, "shop-dev-worker", { quantity: 3 });

  const { code, out } = await recovered(all, all.file, { creations });

  expect(code).toBe(0);
  expect(out).toContain(
    "the file has it, as of 2026-03-01 00:00 UTC, although quantity is 1, not 3.",
  );
});

test("what the state has already is not requested, and what another resource has is left", async () => {
  const all = await world();
  const [events, reports, worker, ...others] = all.creations;
  if (!events || !reports || !worker) throw new Error("the fleet has one of each kind");
  const idOf = (name: string) => all.file.resources.find((one) => one.name === name)?.id;
  const resources = [
    providerState(),
    { ...events, id: idOf("events"), outputs: { name: "events" } },
    { ...worker, urn: worker.urn.replace(/::[^:]*$/, "::mine"), id: idOf("shop-dev-worker") },
  ];
  all.fleet.akkeris.addFormation("shop-dev", { type: "other" });

  const { code, out } = await recovered(all, all.file, {
    ...{ resources, creations: [reports, worker, ...others] },
  });

  expect(code).toBe(2);
  expect(out).toContain("Already in the state, as the file has it: events.");
  expect(out).toContain(
    "shop-dev-worker (AppFormation): left unchanged: shop-dev/worker is already in the state, as mine.",
  );
  expect(all.fleet.citus.requests).toEqual([]);
});

test("what the program does not declare is said, and so is a name that several have", async () => {
  const all = await world();
  const [, reports, worker, key] = all.creations;
  if (!reports || !worker || !key) throw new Error("the fleet has one of each kind");
  const twin = { ...worker, urn: worker.urn.replace("formations:", "my:index:Shop$formations:") };

  const { code, out } = await recovered(all, all.file, { creations: [reports, worker, twin, key] });

  expect(code).toBe(2);
  expect(out).toMatch(
    /events \(Formation\): the program does not declare it, so \w+ stays unmanaged\./,
  );
  expect(out).toContain(
    "shop-dev-worker (AppFormation): several resources of the program have this name.",
  );
});

test("the account of another provider is another account", async () => {
  const all = await world();
  const creations = all.creations.map((one) => ({
    ...one,
    provider: `${one.provider?.replace("::default::", "::eu::")}`,
  }));
  const eu = { ...providerState(), urn: `${providerState().urn.replace(/default$/, "eu")}` };

  const { code, out, isChanged } = await recovered(all, all.file, { resources: [eu], creations });

  expect(code).toBe(2);
  expect(out).toContain(
    "left unchanged: the file has it in the account of the default provider, while the program has it in that of provider eu.",
  );
  expect(isChanged).toBe(false);
});

const entry = { type: "Formation", name: "events", id: "f1", state: { databaseUrl: "hidden-pw" } };
const wholeOf = (...resources: object[]): Partial<AdoptionFile> =>
  ({
    format: "formations adoptions",
    version: 1,
    readAt: "2026-03-01T00:00:00Z",
    resources,
  }) as never;

test.each<{ what: string; file: unknown; says: string }>([
  { what: "half a file", file: '{"format": "hidden-pw', says: "the file is not valid JSON." },
  { what: "a list", file: ["hidden-pw"], says: "it is another kind of file." },
  {
    what: "an import file",
    file: { resources: [entry] },
    says: "its format is missing or not valid.",
  },
  { what: "a later version", file: { ...wholeOf(), version: 2 }, says: "its version is missing" },
  {
    what: "an entry without an ID",
    file: wholeOf({ ...entry, id: undefined }),
    says: "its resources.0.id is missing or not valid.",
  },
  {
    what: "a type that is none",
    file: wholeOf({ ...entry, type: "Database" }),
    says: "events is of a type that cannot be adopted: Database.",
  },
  {
    what: "a schedule, which is nowhere but in a stack",
    file: wholeOf({ ...entry, type: "AntflyBackupSchedule" }),
    says: "cannot be adopted: AntflyBackupSchedule.",
  },
  {
    what: "an ID of another kind",
    file: wholeOf({ ...entry, id: "shop-dev/web" }),
    says: "events has an ID that no Formation has: shop-dev/web. An ID is the formation's ID",
  },
  {
    what: "a name twice",
    file: wholeOf(entry, { ...entry, id: "f2" }),
    says: "it has Formation events twice.",
  },
  {
    what: "an ID twice",
    file: wholeOf(entry, { ...entry, name: "other" }),
    says: "it offers f1 both as events and as other.",
  },
])("$what is refused, and nothing of it is shown", async ({ file, says }) => {
  const all = await world();

  const { code, out, err, isChanged } = await recovered(all, file, { creations: all.creations });

  expect(code).toBe(1);
  expect(err).toContain(says);
  expect(err).toContain("`formations discover --adopt-file` writes such files.");
  expect(out + err).not.toMatch(/hidden-pw| {4}at /);
  expect(isChanged).toBe(false);
  expect(all.fleet.requests()).toBe(0);
});
