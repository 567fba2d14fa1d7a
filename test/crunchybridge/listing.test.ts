import { describe, expect, test } from "vitest";
import { Forbidden, NotFound } from "../../provider/http/errors.ts";
import { InvalidArguments, NoSuchResource, PartlyListed } from "../../provider/resource/errors.ts";
import { importedInputs } from "../../provider/resource/imported.ts";
import type { Listed } from "../../provider/resource/listing.ts";
import { present } from "../../provider/resource/values.ts";
import { newEid, toUuid } from "../../simulators/crunchybridge.ts";
import { firstPages, listOf, pagesOf, resumedListOf } from "../support/listing.ts";
import { definition, failureOf, type World, world } from "./world.ts";

/** Longer ago than a creation takes. */
const long = "2021-07-11T01:02:03Z";

/** IDs in their order. */
const [first = "", second = "", third = ""] = [newEid(), newEid(), newEid()].sort();

const idsOf = (items: readonly Listed[]) => items.map(({ id }) => id);
const namesOf = (items: readonly Listed[]) => items.map(({ name }) => name);

/** The requests so far, with what narrows a list of clusters. */
function asked({ simulator }: World): string[] {
  const lines = simulator.requests.map(({ method, path, query }) => {
    const { team_id, limit } = query;
    return [`${method} ${path}`, team_id, limit].filter(Boolean).join(" ");
  });
  simulator.clearRequests();
  return lines;
}

/** A world whose primary has an old replica. */
async function withReplica() {
  const here = await world();
  const { simulator, primary } = here;
  const add = (name: string, parent_id: string, more = {}) =>
    simulator.addCluster({ name, parent_id, created_at: long, ...more });
  const replica = add("orders-read", primary.id);
  return { ...here, add, replica };
}

describe("a replica", () => {
  test("is listed whole where it is nested in its parent, with a request per team and one for the teams", async () => {
    const here = await withReplica();
    const { replica, primary } = here;
    const [listed, ...others] = await listOf(definition, here);
    expect(others).toEqual([]);
    expect({ ...listed, state: present(listed?.state ?? {}) }).toEqual({
      id: replica.id,
      name: "orders-read",
      state: {
        ...{ clusterId: primary.id, parentId: primary.id, name: "orders-read", detached: false },
        ...{ planId: "standard-8", providerId: "aws", regionId: "us-east-1", storage: 100 },
        ...{ networkId: replica.network_id, teamId: primary.team_id, cpu: 2, memory: 8 },
        ...{ isHa: false, isProtected: false, isSuspended: false, majorVersion: 16 },
        ...{ postgresVersionId: "v3eygkynpfb7xjxpclzvkhnwxe", createdAt: long, state: "ready" },
      },
      isWhole: true,
    });
    expect(asked(here)).toEqual(["GET /teams", `GET /clusters ${primary.team_id} 100`]);
  });

  test("is imported with the inputs that a read would give", async () => {
    const here = await withReplica();
    const [listed] = await listOf(definition, here);
    const read = await here.import(here.replica.id);
    expect(importedInputs(definition, listed?.state ?? {})).toEqual(
      importedInputs(definition, read?.state ?? {}),
    );
  });

  test("of a replica of a replica has its own parent, and comes after it", async () => {
    const here = await withReplica();
    const deep = here.add("orders-deep", here.replica.id);
    const deepest = here.add("orders-deepest", deep.id);
    expect(await listOf(definition, here)).toMatchObject([
      { id: here.replica.id, state: { clusterId: here.primary.id, parentId: here.primary.id } },
      { id: deep.id, state: { clusterId: here.replica.id, parentId: here.replica.id } },
      { id: deepest.id, state: { clusterId: deep.id, parentId: deep.id } },
    ]);
  });

  test("has an EID whichever spelling the server uses", async () => {
    const here = await withReplica();
    const { primary, replica, simulator } = here;
    const uuids = { id: toUuid(primary.id), replicas: [{ id: toUuid(replica.id), name: "r" }] };
    const body = { clusters: [uuids], has_more: false };
    simulator.order({ path: "/clusters", kind: { type: "status", status: 200, body } });
    expect(await listOf(definition, here)).toMatchObject([
      { id: replica.id, state: { clusterId: primary.id } },
    ]);
  });

  test("that was detached is a primary, which is not listed", async () => {
    const here = await withReplica();
    here.simulator.detachOutOfBand(here.replica.id);
    expect(await listOf(definition, here)).toEqual([]);
  });

  test("is listed once if a list has it beside its parent too", async () => {
    const here = await withReplica();
    const { primary, replica, simulator } = here;
    const nested = { id: replica.id, name: replica.name };
    const body = {
      clusters: [
        { id: primary.id, replicas: [nested] },
        { ...nested, parent_id: primary.id },
      ],
    };
    simulator.order({ path: "/clusters", kind: { type: "status", status: 200, body } });
    expect(await listOf(definition, here)).toMatchObject([
      { id: replica.id, state: { clusterId: primary.id } },
    ]);
  });

  test("with neither state nor host is read while it may be in creation", async () => {
    const here = await withReplica();
    const young = new Date(here.clock.now() - 60_000).toISOString();
    here.simulator.addCluster({
      ...{ name: "young", parent_id: here.replica.id, created_at: young },
    });
    const [, listed] = await listOf(definition, here);
    expect(listed).toMatchObject({ name: "young", isWhole: false });
    expect(listed?.state.state).toBeUndefined();
    here.clock.advance(24 * 60 * 60_000);
    const later = await listOf(definition, here);
    expect(later[1]).toMatchObject({ state: { state: "ready" }, isWhole: true });
  });

  test("that is suspended is listed so, at any age", async () => {
    const here = await world();
    const suspended = { is_suspended: true, state: "suspended" };
    here.simulator.addCluster({ name: "asleep", parent_id: here.primary.id, ...suspended });
    expect(await listOf(definition, here)).toMatchObject([
      { name: "asleep", state: { state: "suspended", isSuspended: true }, isWhole: true },
    ]);
  });

  test.each(["creating", "creation_failed", "destroying", "levitating"])(
    "is listed with the state %s where the list has states",
    async (state) => {
      const here = await withReplica();
      here.simulator.clustersHaveState = true;
      here.simulator.setState(here.replica.id, state);
      const [listed] = await listOf(definition, here);
      expect(listed).toMatchObject({ state: { state }, isWhole: true });
      expect(definition.isLeaving?.(listed?.state ?? {})).toBe(state === "destroying");
    },
  );

  test("is listed with host and state where its nested form has them", async () => {
    const here = await withReplica();
    here.simulator.nestedForm = "rich";
    expect(await listOf(definition, here)).toMatchObject([
      { state: { host: here.replica.host, state: "ready" }, isWhole: true },
    ]);
  });

  test("has to be read where its nested form lacks what an import needs", async () => {
    const here = await withReplica();
    here.simulator.nestedForm = "poor";
    const deep = here.add("orders-deep", here.replica.id);
    expect(await listOf(definition, here)).toMatchObject([
      { id: here.replica.id, state: { clusterId: here.primary.id, storage: 100 }, isWhole: false },
      { id: deep.id, state: { clusterId: here.replica.id }, isWhole: false },
    ]);
  });

  test("is not listed before the list shows it", async () => {
    const here = await world();
    here.simulator.listLagSeconds = 600;
    await here.api.createReplica(
      here.primary.id,
      { name: "orders-read" },
      "9d1f6a0e-4d0b-4c33-9a6e-0a3f7c0f5b11",
      here.options,
    );
    expect(await listOf(definition, here)).toEqual([]);
    here.clock.advance(600_000);
    expect(namesOf(await listOf(definition, here))).toEqual(["orders-read"]);
  });
});

describe("pages", () => {
  test("have a hundred clusters: 250 clusters are three requests", async () => {
    const here = await world();
    const { simulator, primary } = here;
    for (let number = 1; number < 250; number += 1) {
      const { id } = simulator.addCluster({ name: `cluster ${number}` });
      simulator.addCluster({ name: `replica ${number}`, parent_id: id, created_at: long });
    }
    const listed = await listOf(definition, here);
    expect(new Set(idsOf(listed)).size).toBe(249);
    const page = `GET /clusters ${primary.team_id} 100`;
    expect(asked(here)).toEqual(["GET /teams", page, page, page]);
  });

  test("are requested one by one, as they are taken", async () => {
    const here = await withReplica();
    here.simulator.pageSize = 1;
    for (let number = 1; number < 5; number += 1) here.simulator.addCluster();
    await firstPages(pagesOf(definition, here), 2);
    expect(asked(here)).toHaveLength(3);
  });

  test("have the same items if every one is a call of its own, which asks for the teams once", async () => {
    const here = await withTeams();
    here.simulator.pageSize = 1;
    for (const { id } of here.teams) here.simulator.addCluster({ team_id: id });
    const whole = await listOf(definition, here);
    const requests = asked(here);
    expect(await resumedListOf(definition, here)).toEqual(whole);
    expect(asked(here)).toEqual(requests);
  });

  test("continue nowhere but where a page ended", async () => {
    const here = await withReplica();
    const error = await failureOf(listOf(definition, here, {}, "e30"));
    expect(error).toBeInstanceOf(InvalidArguments);
    expect(error.message).toMatch(/^The list of replicas can't continue at "e30"/);
    const ofCluster = listOf(definition, here, { clusterId: here.primary.id }, "e30");
    expect(await failureOf(ofCluster)).toBeInstanceOf(InvalidArguments);
    expect(asked(here)).toEqual([]);
  });
});

/** A world with a replica in each of three teams, the personal one among them. */
async function withTeams() {
  const here = await withReplica();
  const { simulator, add, primary } = here;
  const teams = [first, second].map((id) => simulator.addTeam({ id }));
  for (const { id } of teams) {
    const cluster = simulator.addCluster({ team_id: id, name: "orders-primary" });
    add(`read of ${id}`, cluster.id, { team_id: id });
  }
  const sorted = [primary.team_id, first, second].sort();
  return { ...here, teams, sorted };
}

const pageOf = (team: string) => `GET /clusters ${team} 100`;

describe("teams", () => {
  test("are listed once, then the clusters of each, in the order of their IDs", async () => {
    const here = await withTeams();
    const listed = await listOf(definition, here);
    expect(listed.map(({ state }) => state.teamId)).toEqual(here.sorted);
    expect(asked(here)).toEqual(["GET /teams", ...here.sorted.map(pageOf)]);
  });

  test("are read on all pages, where their list has pages", async () => {
    const here = await withTeams();
    here.simulator.teamsPageSize = 1;
    expect(await listOf(definition, here)).toHaveLength(3);
    expect(asked(here)).toEqual([
      ...["GET /teams", "GET /teams", "GET /teams"],
      ...here.sorted.map(pageOf),
    ]);
  });

  test.each([
    ["refuses", 403],
    ["does not know", 404],
  ])("are the personal one where the server %s their list", async (_, status) => {
    const here = await withTeams();
    const body = { message: "no", request_id: "r" };
    here.simulator.order({ path: "/teams", kind: { type: "status", status, body } });
    expect(namesOf(await listOf(definition, here))).toEqual(["orders-read"]);
    expect(asked(here)).toEqual(["GET /teams", "GET /clusters 100"]);
  });

  test("are the personal one where the key may list none", async () => {
    const here = await withTeams();
    here.simulator.teams.clear();
    here.simulator.addTeam({ id: here.primary.team_id });
    const body = { teams: [] };
    here.simulator.order({ path: "/teams", kind: { type: "status", status: 200, body } });
    expect(namesOf(await listOf(definition, here))).toEqual(["orders-read"]);
  });

  test("that fail are an error, rather than one team", async () => {
    const here = await withTeams();
    here.simulator.order({ path: "/teams", times: 5, kind: { type: "status", status: 503 } });
    await expect(listOf(definition, here)).rejects.toThrow(/could not list teams/);
  });

  test("whose clusters the key may not list stop no other, and are named at the end", async () => {
    const here = await withTeams();
    here.simulator.closedTeams.add(here.sorted[0] ?? "");
    const found: Listed[] = [];
    const listing = (async () => {
      for await (const { items } of pagesOf(definition, here)) found.push(...items);
    })();
    const error = await failureOf(listing);
    expect(error).toBeInstanceOf(PartlyListed);
    expect(error.message).toMatch(
      new RegExp(
        `^The list lacks the team ${here.sorted[0]}\\. Crunchy Bridge: could not list clusters: .*403`,
      ),
    );
    expect(found.map(({ state }) => state.teamId)).toEqual(here.sorted.slice(1));
  });

  test("are all named where none can be listed", async () => {
    const here = await withTeams();
    for (const team of here.sorted) here.simulator.closedTeams.add(team);
    const error = await failureOf(listOf(definition, here));
    expect(error.message).toMatch(
      new RegExp(`^The list lacks the teams ${here.sorted.join(", ")}`),
    );
    expect(asked(here)).toHaveLength(4);
  });

  test("that are gone by the time they are listed are left out", async () => {
    const here = await withTeams();
    here.simulator.onAnswer = ({ path }) => {
      if (path === "/teams") here.simulator.teams.delete(first);
    };
    const listed = await listOf(definition, here);
    expect(listed.map(({ state }) => state.teamId)).toEqual(
      here.sorted.filter((team) => team !== first),
    );
  });
});

describe("filters:", () => {
  test("a team is asked without the list of teams", async () => {
    const here = await withTeams();
    const listed = await listOf(definition, here, { teamId: toUuid(second) });
    expect(namesOf(listed)).toEqual([`read of ${second}`]);
    expect(asked(here)).toEqual([pageOf(second)]);
  });

  test.each([
    ["does not exist", NotFound, false],
    ["is closed to the key", Forbidden, true],
  ])("a team that %s is an error, since it was named", async (_, type, isClosed) => {
    const here = await withTeams();
    if (isClosed) here.simulator.closedTeams.add(second);
    const error = await failureOf(listOf(definition, here, { teamId: isClosed ? second : third }));
    expect(error).toBeInstanceOf(type);
    expect(asked(here)).toHaveLength(1);
  });

  test("a cluster's direct replicas take one request", async () => {
    const here = await withReplica();
    const deep = here.add("orders-deep", here.replica.id);
    const { primary, replica } = here;
    const ofPrimary = await listOf(definition, here, { clusterId: primary.id });
    expect(ofPrimary).toMatchObject([
      { id: replica.id, state: { clusterId: primary.id }, isWhole: true },
    ]);
    expect(here.sent()).toEqual(["GET /clusters/orders-primary"]);
    const ofReplica = await listOf(definition, here, { clusterId: toUuid(replica.id) });
    expect(idsOf(ofReplica)).toEqual([deep.id]);
    expect(await listOf(definition, here, { clusterId: deep.id })).toEqual([]);
  });

  test("a cluster that does not exist is an error, since it was named", async () => {
    const here = await world();
    const error = await failureOf(listOf(definition, here, { clusterId: first }));
    expect(error).toBeInstanceOf(NoSuchResource);
    expect(error.message).toBe(`Crunchy Bridge has no cluster ${first}.`);
  });

  test("replicas of a cluster that can't be read are an error, rather than none", async () => {
    const here = await world();
    const { id } = here.primary;
    const body = { id, replicas: [{ name: "no ID" }] };
    here.simulator.order({ path: `/clusters/${id}`, kind: { type: "status", status: 200, body } });
    await expect(listOf(definition, here, { clusterId: id })).rejects.toThrow(/could not read/);
  });

  test("name and region narrow what was listed, at any depth", async () => {
    const here = await withReplica();
    here.add("orders-deep", here.replica.id, { region_id: "us-west-2" });
    const listed = async (query: object) => namesOf(await listOf(definition, here, { ...query }));
    expect(await listed({ name: "orders-deep" })).toEqual(["orders-deep"]);
    expect(await listed({ regionId: "us-east-1" })).toEqual(["orders-read"]);
    expect(await listed({ name: "orders-read", regionId: "us-west-2" })).toEqual([]);
  });
});

test("an account without replicas has none", async () => {
  const here = await world();
  expect(await listOf(definition, here)).toEqual([]);
});

test("a list with a cluster that can't be read is an error, rather than a shorter one", async () => {
  const here = await world();
  const body = { clusters: [{ name: "no ID" }] };
  here.simulator.order({ path: "/clusters", kind: { type: "status", status: 200, body } });
  await expect(listOf(definition, here)).rejects.toThrow(/could not list clusters/);
});
