import { describe, expect, test } from "vitest";
import { functions } from "../../provider/citus/index.ts";
import type { FunctionDefinition } from "../../provider/resource/definition.ts";
import { InvalidArguments, NoSuchResource } from "../../provider/resource/errors.ts";
import { failure } from "../support/failure.ts";
import { item, list, world } from "./world.ts";

const [getFormation, getFormations]: FunctionDefinition[] = functions;
if (!getFormation || !getFormations) throw new Error("a function is missing");

describe("getFormation", () => {
  test("reads a formation by its ID, with one request", async () => {
    const { host, simulator, sent } = await world();
    const formation = simulator.addFormation({ name: "orders", state: "levitating" });
    expect(await host.invoke(getFormation, { id: formation.id })).toEqual({
      id: formation.id,
      name: "orders",
      region: "us-east-1",
      coordinatorTune: "t2.small",
      coordinatorDiskSize: 100,
      coordinatorHa: false,
      workerTune: "t2.small",
      workerCount: 2,
      workerDiskSize: 100,
      workerHa: false,
      state: "levitating",
      createdAt: formation.created_at,
      isMx: false,
      isZfs: false,
      databaseUrl: formation.database_url,
    });
    expect(sent()).toEqual([`GET ${item(formation.id)}`]);
  });

  test("of one that is being created has no database yet", async () => {
    const { host, simulator } = await world();
    const { id } = simulator.addFormation({ state: "creating" });
    expect(await host.invoke(getFormation, { id })).not.toHaveProperty("databaseUrl");
  });

  test.each([
    ["unknown", undefined],
    ["archived", "archived"],
  ])("says so where the formation is %s", async (_, state) => {
    const { host, simulator } = await world();
    const id = state ? simulator.addFormation({ state }).id : "0123456789abcdef0123456789a";
    const error = await failure(host.invoke(getFormation, { id }), NoSuchResource);
    expect(error.message).toBe(`Citus Cloud has no formation ${id}, or it is archived.`);
  });

  test("asks for an ID", async () => {
    const { host, sent } = await world();
    const error = await failure(host.invoke(getFormation), InvalidArguments);
    expect(error.message).toBe("getFormation: id is required");
    expect(sent()).toEqual([]);
  });

  test("marks the database's URL as a secret, and nothing else", () => {
    const secrets = Object.entries(getFormation.result.shape)
      .filter(([, property]) => property.meta()?.secret)
      .map(([name]) => name);
    expect(secrets).toEqual(["databaseUrl"]);
  });
});

describe("getFormations", () => {
  const there = [
    { name: "orders", region: "us-east-1" },
    { name: "orders", region: "eu-west-1" },
    { name: "events", region: "eu-west-1", state: "archived" },
  ];

  test.each([
    ["all of them", {}, [0, 1, 2]],
    ["those of a name", { name: "orders" }, [0, 1]],
    ["those of a region", { region: "eu-west-1" }, [1, 2]],
    ["those of a name in a region", { name: "orders", region: "eu-west-1" }, [1]],
    ["none", { name: "nothing" }, []],
  ])("lists %s, with one request", async (_, args, expected) => {
    const { host, simulator, sent } = await world();
    const made = there.map((one) => simulator.addFormation(one));
    const { formations } = await host.invoke(getFormations, args);
    expect(formations).toEqual(
      made
        .filter((_, index) => expected.includes(index))
        .map(({ id, name, region, created_at }) => ({ id, name, region, createdAt: created_at })),
    );
    expect(sent()).toEqual([`GET ${list}`]);
  });

  test("has no use for other arguments", async () => {
    const { host, sent } = await world();
    const error = await failure(host.invoke(getFormations, { id: "x" }), InvalidArguments);
    expect(error.message).toMatch(/^getFormations: id is not an argument/);
    expect(sent()).toEqual([]);
  });
});
