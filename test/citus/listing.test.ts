import { expect, test } from "vitest";
import { InvalidArguments } from "../../provider/resource/errors.ts";
import { failure } from "../support/failure.ts";
import { listOf } from "../support/listing.ts";
import { definition, list, world } from "./world.ts";

test("formations are listed by name, with one request, as far as the list shows them", async () => {
  const { host, simulator, sent } = await world();
  const orders = simulator.addFormation({ name: "orders", region: "eu-west-1" });
  const events = simulator.addFormation({ name: "events" });
  expect(await listOf(definition, host)).toEqual([
    {
      id: events.id,
      name: "events",
      state: { name: "events", region: "us-east-1", createdAt: events.created_at },
      isWhole: false,
    },
    {
      id: orders.id,
      name: "orders",
      state: { name: "orders", region: "eu-west-1", createdAt: orders.created_at },
      isWhole: false,
    },
  ]);
  expect(sent()).toEqual([`GET ${list}`]);
});

test("those of one name are in the order of their IDs, whatever the server's is", async () => {
  const { host, simulator } = await world();
  for (const id of ["c", "a", "b"]) simulator.addFormation({ id, name: "twins" });
  expect((await listOf(definition, host)).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("an archived one and one in creation are listed where the server lists them: a read tells", async () => {
  const { host, simulator } = await world();
  const archived = simulator.addFormation({ name: "a", state: "archived" });
  const creating = simulator.addFormation({ name: "b", state: "creating" });
  const listed = await listOf(definition, host);
  expect(listed).toMatchObject([
    { id: archived.id, isWhole: false },
    { id: creating.id, isWhole: false },
  ]);
});

test("one that the list does not show yet is not listed", async () => {
  const { host, simulator } = await world();
  simulator.listLagSeconds = 60;
  await fetch(`${simulator.url}/formations/`, {
    method: "POST",
    headers: {
      authorization: `Token ${simulator.token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      name: "young",
      region: "us-east-1",
      tune_attributes: {
        ...{ coordinator_tune: "t2.small", coordinator_disk_size: "100", coordinator_ha: false },
        ...{ worker_tune: "t2.small", worker_count: "2", worker_disk_size: "100" },
        worker_ha: false,
      },
    }),
  });
  expect(await listOf(definition, host)).toEqual([]);
  simulator.clock.advance(60_000);
  expect(await listOf(definition, host)).toMatchObject([{ name: "young" }]);
});

test.each([
  [{ name: "orders" }, ["orders", "orders"]],
  [{ region: "eu-west-1" }, ["events", "orders"]],
  [{ name: "orders", region: "eu-west-1" }, ["orders"]],
  [{ name: "none" }, []],
])("%j narrows the list, with one request", async (query, names) => {
  const { host, simulator, sent } = await world();
  simulator.addFormation({ name: "orders", region: "us-east-1" });
  simulator.addFormation({ name: "orders", region: "eu-west-1" });
  simulator.addFormation({ name: "events", region: "eu-west-1" });
  expect((await listOf(definition, host, query)).map(({ name }) => name)).toEqual(names);
  expect(sent()).toEqual([`GET ${list}`]);
});

test("an empty account has none", async () => {
  const { host } = await world();
  expect(await listOf(definition, host)).toEqual([]);
});

test("a formation whose name the list lacks is called by its ID", async () => {
  const { host, simulator } = await world();
  const body = { formations: [{ id: "f1", name: null, region: 7 }] };
  simulator.order({ path: list, kind: { type: "status", status: 200, body } });
  expect(await listOf(definition, host)).toMatchObject([{ id: "f1", name: "f1" }]);
});

test("reads are limited to the account's requests per minute", async () => {
  const { host } = await world({ config: { citusRequestsPerMinute: 3 } });
  const { listing, system } = definition;
  expect(listing?.readsPerMinute?.(host.session.api(system))).toBe(3);
});

test("the list has one page, so there is nowhere to continue", async () => {
  const { host, sent } = await world();
  const error = await failure(listOf(definition, host, {}, "page-2"), InvalidArguments);
  expect(error.message).toBe(
    'The list of formations can\'t continue at "page-2": no page of such a list ended with that. List them from the beginning.',
  );
  expect(sent()).toEqual([]);
});
