import { describe, expect, test } from "vitest";
import * as errors from "../../provider/http/errors.ts";
import { AlreadyExists } from "../../provider/resource/errors.ts";
import { failure } from "../support/failure.ts";
import { item, list, small, world } from "./world.ts";

describe("where a formation of the same name and region exists, create", () => {
  test.each(["steady", "ready", "creating", "converging", "levitating"])(
    "posts nothing, whatever it is busy with: %s",
    async (state) => {
      const { host, simulator, sent } = await world();
      const { id } = simulator.addFormation({ name: small.name, state });
      await failure(host.create(small), AlreadyExists);
      expect(sent()).toEqual([`GET ${list}`, `GET ${item(id)}`]);
    },
  );

  test("names it, and what can be done", async () => {
    const { host, simulator } = await world();
    const created_at = "2019-01-01T00:00:00Z";
    const { id } = simulator.addFormation({ name: small.name, created_at });
    const error = await failure(host.create(small), AlreadyExists);
    expect(error.code).toBe("ALREADY_EXISTS");
    expect(error.message).toMatch(
      `formation "orders" in us-east-1 already exists (ID ${id}, created ${created_at}). Nothing was created.`,
    );
    expect(error.message).toContain("give this one another name, or set allowDuplicateName");
    expect(error.message).toContain("`deleteBeforeReplace`");
  });

  test("creates another where the program allows that, without a look at the first", async () => {
    const { host, simulator } = await world();
    const first = simulator.addFormation({ name: small.name });
    const { id } = await host.create({ ...small, allowDuplicateName: true });
    expect(id).not.toBe(first.id);
    expect(simulator.count("GET", item(first.id))).toBe(0);
  });

  test("posts nothing where it cannot look at it", async () => {
    const { host, simulator } = await world();
    const { id } = simulator.addFormation({ name: small.name });
    simulator.order({ path: item(id), kind: { type: "status", status: 403 } });
    await failure(host.create(small), errors.Forbidden);
    expect(simulator.count("POST")).toBe(0);
  });
});

describe("is no rival, so that create goes on:", () => {
  test.each([
    ["one of another name", { name: "orders-2" }, 0],
    ["one in another region", { region: "eu-west-1" }, 0],
    ["one that is being archived", { state: "archiving" }, 1],
    ["one that is archived, and listed still", { state: "archived" }, 1],
  ])("%s", async (_, partial, looks) => {
    const { host, simulator } = await world();
    const other = simulator.addFormation({ name: small.name, ...partial });
    const { id } = await host.create(small);
    expect(id).not.toBe(other.id);
    expect(simulator.count("GET", item(other.id))).toBe(looks);
  });

  test("one that is archived, and listed, but not answered", async () => {
    const { host, simulator } = await world();
    simulator.answersArchived = false;
    simulator.addFormation({ name: small.name, state: "archived" });
    await host.create(small);
    expect(simulator.count("POST")).toBe(1);
  });

  test("the predecessor that this process' plan replaces", async () => {
    const { host, simulator } = await world();
    const held = await host.create(small);
    const changed = { ...small, workerCount: 3 };
    expect(host.plan(held, changed)).toMatchObject({ action: "replace", order: "new first" });
    simulator.clearRequests();
    const { id } = await host.create(changed);
    expect(id).not.toBe(held.id);
    expect(simulator.count("GET", item(held.id))).toBe(0);
    expect(simulator.count("POST")).toBe(1);
  });

  test("but one beside the predecessor is", async () => {
    const { host, simulator } = await world();
    const held = await host.create(small);
    const { id } = simulator.addFormation({ name: small.name });
    host.plan(held, { ...small, workerCount: 3 });
    const error = await failure(host.create({ ...small, workerCount: 3 }), AlreadyExists);
    expect(error.message).toContain(`ID ${id}`);
  });

  test("but one that is planned to be kept is", async () => {
    const { host } = await world();
    const held = await host.create(small);
    host.plan(held);
    const error = await failure(host.create(small), AlreadyExists);
    expect(error.message).toContain(`ID ${held.id}`);
  });
});

describe("of two formations of one name and region that start together, create", () => {
  test.each([
    ["refuses one", [{}, {}], 1],
    ["refuses the one that is to be the only one", [{ allowDuplicateName: true }, {}], 1],
    ["makes both where two are meant", [{}, { allowDuplicateName: true }], 2],
    ["makes both where their regions differ", [{}, { region: "eu-west-1" }], 2],
  ])("%s", async (_, changes, posts) => {
    const { host, simulator } = await world();
    const ends = await Promise.allSettled(
      changes.map((change) => host.create({ ...small, ...change })),
    );
    expect(simulator.count("POST")).toBe(posts);
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(refused).toHaveLength(2 - posts);
    for (const error of refused) {
      expect(error).toBeInstanceOf(AlreadyExists);
      expect(error.message).toBe(
        'This run is already creating another formation "orders" in us-east-1. Nothing was created: give this one another name, or set allowDuplicateName if you want both.',
      );
    }
  });
});

describe("a predecessor that is still to be deleted", () => {
  /** A formation that replaced another of its name, which the engine could not delete yet. */
  async function replaced() {
    const made = await world();
    const { host, another } = made;
    const old = await host.create(small);
    host.plan(old, { ...small, workerCount: 3 });
    const held = await host.create({ ...small, workerCount: 3 });
    return { ...made, old, held, next: another() };
  }

  test("is no rival of the next replacement, which is another run's", async () => {
    const { held, next, simulator } = await replaced();
    const changed = { ...small, workerCount: 4 };
    expect(next.plan(held, changed).action).toBe("replace");
    await next.create(changed);
    expect(simulator.count("POST")).toBe(3);
  });

  test("is none after a refresh either, nor where the creation did not end", async () => {
    // More than the hour that a run waits.
    const { host, another, simulator } = await world({ provisioningSeconds: 5_400 });
    const { held: old } = await host.createPartly(small);
    host.plan(old, { ...small, workerCount: 3 });
    const { held } = await host.createPartly({ ...small, workerCount: 3 });
    const next = another();
    const seen = (await next.refresh(held)) ?? expect.fail("gone");
    const waited = await next.update(seen);
    const changed = { ...small, workerCount: 4 };
    next.plan(waited, changed);
    await next.createPartly(changed);
    expect(simulator.count("POST")).toBe(3);
  });

  test("is a rival of every other formation", async () => {
    const { next, old } = await replaced();
    const error = await failure(next.create(small), AlreadyExists);
    expect(error.message).toContain(`ID ${old.id}`);
  });
});
