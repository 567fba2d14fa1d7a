import { describe, expect, test } from "vitest";
import { ReadBackFailed, RegionFailed } from "../../provider/akkeris/errors.ts";
import { Conflict, Forbidden, Refused } from "../../provider/http/errors.ts";
import { ChangeRefused, Incomplete } from "../../provider/resource/errors.ts";
import type { Held } from "../support/host.ts";
import { heldOf } from "../support/host.ts";
import { item, list, type World, web, worker, world } from "./world.ts";

const app = "foo-default";
const patch = `PATCH ${list}`;
const get = (type: string) => `GET ${item(type)}`;
const fullWeb = { ...web, port: 8080, command: "node web.js", healthcheck: "/health" };

/** Creates, and forgets the requests of it. */
async function created(here: World, inputs: typeof web): Promise<Held> {
  const held = await here.create(inputs);
  here.simulator.clearRequests();
  return held;
}

/** Web and five workers of one app, created. */
async function six(here: World): Promise<Held[]> {
  const held: Held[] = [];
  for (const type of ["web", "a", "b", "c", "d", "e"]) {
    held.push(await here.create(type === "web" ? web : { ...worker, type }));
  }
  here.simulator.clearRequests();
  return held;
}

/** Changes all quantities at once. */
function scaleAll({ update }: World, held: Held[], quantity: number) {
  return Promise.allSettled(held.map((one) => update(one, { ...one.inputs, quantity })));
}

describe("an update", () => {
  test("is one batch PATCH and one GET, however many properties change", async () => {
    const here = await world();
    const held = await created(here, web);
    const change = { size: "gp3", quantity: 4, port: 8081, command: "x", healthcheck: "/x" };
    const done = await here.update(held, { ...web, ...change });
    expect(here.patches()).toEqual([[{ type: "web", ...change }]]);
    expect(here.sent()).toEqual([patch, get("web")]);
    expect(done.state).toMatchObject({ ...change, serverSize: "gp3" });
    expect(here.plan(done).action).toBe("keep");
  });

  test.each([
    [{ size: "gp3" }, 1],
    [{ port: 8081 }, 1],
    [{ healthcheck: "/x" }, 1],
    [{ command: "node other.js" }, 1],
    [{ quantity: 2 }, 0],
  ])("sends only what changed, and redeploys as announced: %j", async (change, redeploys) => {
    const here = await world();
    const held = await created(here, fullWeb);
    const before = here.simulator.redeploys(app);
    const inputs = { ...fullWeb, ...change };
    expect(here.plan(held, inputs).warnings).toHaveLength(redeploys);
    await here.update(held, inputs);
    expect(here.patches()).toEqual([[{ type: "web", ...change }]]);
    expect(here.simulator.redeploys(app) - before).toBe(redeploys);
  });

  test("of a worker resends its command without redeploying", async () => {
    const here = await world();
    const held = await created(here, worker);
    const before = here.simulator.redeploys(app);
    await here.update(held, { ...worker, quantity: 5 });
    expect(here.patches()).toEqual([[{ type: "worker", quantity: 5, command: worker.command }]]);
    expect(here.simulator.redeploys(app)).toBe(before);
  });

  test("of a one-off without command says that it is one", async () => {
    const here = await world();
    const inputs = { ...web, type: "job", oneoff: true };
    const held = await created(here, inputs);
    await here.update(held, { ...inputs, size: "gp3" });
    expect(here.patches()).toEqual([[{ type: "job", size: "gp3", oneoff: true }]]);
  });

  test("of a one-off remembers that it is one when the program says so no more", async () => {
    const here = await world();
    const held = await created(here, { ...worker, oneoff: true } as typeof worker);
    const done = await here.update(held, { ...worker, size: "gp3" });
    expect(done.state.oneoff).toBe(true);
  });

  test("clears a command and a healthcheck that the program drops", async () => {
    const here = await world();
    const held = await created(here, fullWeb);
    const inputs = { ...web, port: 8080, quantity: 2 };
    const done = await here.update(held, inputs);
    expect(here.patches()).toEqual([
      [{ type: "web", quantity: 2, "remove-command": true, removeHealthcheck: true }],
    ]);
    expect(done.state).not.toHaveProperty("command");
    expect(done.state).not.toHaveProperty("healthcheck");
    expect(here.simulator.formation(app, "web")).toMatchObject({
      command: null,
      healthcheck: null,
    });
  });

  test("that drops a worker's command is refused, and sends nothing", async () => {
    const here = await world();
    const held = await created(here, worker);
    const news = { ...worker, command: undefined, oneoff: true };
    const state = { ...held.state, oneoff: true };
    expect(() => here.plan({ ...held, state, inputs: { ...worker, oneoff: true } }, news)).toThrow(
      ChangeRefused,
    );
    expect(here.sent()).toEqual([]);
  });

  test("that has nothing to send makes no call", async () => {
    const here = await world();
    const held = await created(here, web);
    await here.update(held);
    expect(here.sent()).toEqual([]);
  });

  test("puts drift back", async () => {
    const here = await world();
    const held = await created(here, web);
    here.simulator.scale(app, "web", 9);
    const seen = await here.refresh(held);
    expect(seen?.state.quantity).toBe(9);
    if (seen) await here.update(seen);
    expect(here.simulator.instances(app, "web")).toBe(1);
  });

  test("of a size never sends the suffix of the space", async () => {
    const here = await world({ tags: "compliance=prod" });
    const held = await created(here, web);
    const done = await here.update(held, { ...web, size: "gp3" });
    expect(here.patches()).toEqual([[{ type: "web", size: "gp3" }]]);
    expect(done.state).toMatchObject({ size: "gp3", serverSize: "gp3-prod" });
  });

  test("reads back what the server has, since the answer of PATCH may show a deleted row", async () => {
    const here = await world();
    here.simulator.addFormation(app, { type: "worker", size: "gp4" });
    here.simulator.remove(app, "worker");
    const held = await created(here, worker);
    const done = await here.update(held, { ...worker, quantity: 2 });
    expect(done.state.formationId).toBe(here.simulator.formation(app, "worker")?.id);
  });

  test("of a formation that was removed out of band says what to do", async () => {
    const here = await world();
    const held = await created(here, worker);
    here.simulator.remove(app, "worker");
    const update = here.update(held, { ...worker, quantity: 2 });
    await expect(update).rejects.toThrow(
      /Run `pulumi refresh`; the next `pulumi up` then creates it again/,
    );
  });

  test("of a formation that vanishes before it is read back says what to do", async () => {
    const here = await world();
    const held = await created(here, worker);
    here.simulator.onAnswer = ({ method }) => {
      if (method === "PATCH") here.simulator.remove(app, "worker");
    };
    const update = here.update(held, { ...worker, quantity: 2 });
    await expect(update).rejects.toThrow(/was deleted by someone else while it was being changed/);
  });

  test.each([1, 2])("of %d formations of an app that vanishes says the same", async (count) => {
    const here = await world();
    const held: Held[] = [];
    for (const type of ["a", "b"]) held.push(await here.create({ ...worker, type }));
    here.simulator.onAnswer = ({ method }) => {
      if (method === "PATCH") here.simulator.removeApp(app);
    };
    const changed = held.slice(0, count);
    const message = expect.stringMatching(/was deleted by someone else while it was being changed/);
    const failed = { status: "rejected", reason: expect.objectContaining({ message }) };
    expect(await scaleAll(here, changed, 2)).toEqual(changed.map(() => failed));
  });
});

describe("updates of one app that are in flight together", () => {
  test("share one PATCH and one list, for six types", async () => {
    const here = await world();
    const held = await six(here);
    const before = here.simulator.redeploys(app);
    const results = await scaleAll(here, held, 3);
    expect(results.map(({ status }) => status)).toEqual(Array(6).fill("fulfilled"));
    expect(here.sent()).toEqual([patch, `GET ${list}`]);
    expect(here.simulator.formations(app).map(({ quantity }) => quantity)).toEqual(
      Array(6).fill(3),
    );
    expect(here.simulator.redeploys(app)).toBe(before);
  });

  test("give each resource its own state", async () => {
    const here = await world();
    const held = await six(here);
    const results = await Promise.all(
      held.map((one, index) => here.update(one, { ...one.inputs, quantity: index + 2 })),
    );
    expect(results.map(({ state }) => [state.type, state.quantity])).toEqual([
      ["web", 2],
      ["a", 3],
      ["b", 4],
      ["c", 5],
      ["d", 6],
      ["e", 7],
    ]);
  });

  test("are sent after mutations that came before, and take those along that come meanwhile", async () => {
    const here = await world();
    const held = await six(here);
    const [first, ...others] = held;
    if (!first) throw new Error("no formation");
    let later: Promise<unknown> | undefined;
    // The client has not read the response yet.
    here.simulator.onAnswer = ({ method }) => {
      if (method === "POST") later = scaleAll(here, others, 2);
    };
    const creation = here.create({ ...worker, type: "late" });
    const early = here.update(first, { ...first.inputs, quantity: 2 });
    await Promise.all([creation, early]);
    await later;
    expect(here.sent()).toEqual([`POST ${list}`, patch, `GET ${list}`]);
  });

  test("of two apps go apart", async () => {
    const here = await world();
    here.simulator.addApp("bar-default");
    const one = await created(here, web);
    const other = await created(here, { ...web, app: "bar-default" });
    await Promise.all(
      [one, other].map((held) => here.update(held, { ...held.inputs, quantity: 2 })),
    );
    expect(here.sent().sort()).toEqual(
      [
        "GET /apps/bar-default/formation/web",
        get("web"),
        "PATCH /apps/bar-default/formation",
        patch,
      ].sort(),
    );
  });

  test("fail for the culprit only, where the server refuses the batch", async () => {
    const here = await world();
    const held = await six(here);
    const results = await Promise.allSettled(
      held.map((one) =>
        here.update(one, { ...one.inputs, size: one.state.type === "c" ? "gp99" : "gp3" }),
      ),
    );
    const failed = results.filter((result) => result.status === "rejected");
    expect(failed.map(({ reason }) => reason)).toEqual([expect.any(Refused)]);
    expect(String(failed[0]?.reason)).toMatch(/could not update c of foo-default/);
    expect(here.sent()).toEqual([...Array(7).fill(patch), `GET ${list}`]);
    const sizes = here.simulator.formations(app).map(({ type, size }) => [type, size]);
    expect(Object.fromEntries(sizes)).toMatchObject({ web: "gp3", b: "gp3", c: "gp2", e: "gp3" });
  });

  test("fail only for the type that is missing, though the others were applied", async () => {
    const here = await world();
    const held = await six(here);
    here.simulator.remove(app, "d");
    const results = await scaleAll(here, held, 2);
    await here.simulator.settled();
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(4).fill("fulfilled"),
      "rejected",
      "fulfilled",
    ]);
    expect(results[4]).toMatchObject({ reason: expect.any(Conflict) });
  });

  test("redeploy for a command that a refused batch had stored already", async () => {
    const here = await world();
    const held = await six(here);
    here.simulator.remove(app, "d");
    const before = here.simulator.redeploys(app);
    await Promise.allSettled(
      held.map((one) => here.update(one, { ...one.inputs, command: "node new.js" })),
    );
    expect(here.simulator.redeploys(app)).toBeGreaterThan(before);
    const retried = here.patches().slice(1).flat();
    expect(retried).toContainEqual({ type: "a", command: "node new.js", size: "gp2" });
  });

  test.each([
    [
      "in maintenance",
      409,
      "An apps formation can be changed or created while its been placed in maintenance mode.",
      Conflict,
    ],
    ["without permission", 403, "no", Forbidden],
  ])("fail all at once %s", async (_, status, body, kind) => {
    const here = await world();
    const held = await six(here);
    here.simulator.order({ method: "PATCH", kind: { type: "status", status, body } });
    const results = await scaleAll(here, held, 2);
    expect(results).toEqual(Array(6).fill({ status: "rejected", reason: expect.any(kind) }));
    expect(here.sent()).toEqual([patch]);
  });

  test("fail for the one that the region fails for", async () => {
    const here = await world();
    const [first, second] = await six(here);
    if (!first || !second) throw new Error("no formations");
    here.simulator.failRegion({ call: "size", times: 4 });
    const results = await Promise.allSettled([
      here.update(first, { ...first.inputs, size: "gp3" }),
      here.update(second, { ...second.inputs, quantity: 2 }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});

describe("a PATCH during which the region fails", () => {
  test("is repeated, for the region may lack what GET shows", async () => {
    const here = await world();
    const held = await created(here, web);
    here.simulator.failRegion({ call: "scale", times: 2 });
    await here.update(held, { ...web, quantity: 3 });
    expect(here.sent()).toEqual([patch, patch, patch, get("web")]);
    expect(here.clock.sleeps).toEqual([1_000, 3_000]);
    expect(here.simulator.instances(app, "web")).toBe(3);
  });

  test("is repeated when the region waits for resources", async () => {
    const here = await world();
    const held = await created(here, web);
    here.simulator.failRegion({ call: "scale", waiting: true });
    await here.update(held, { ...web, quantity: 3 });
    expect(here.simulator.instances(app, "web")).toBe(3);
  });

  test("is repeated when its response is lost", async () => {
    const here = await world();
    const held = await created(here, web);
    here.simulator.order({ method: "PATCH", kind: { type: "reset", apply: false } });
    await here.update(held, { ...web, quantity: 3 });
    expect(here.sent()).toEqual([patch, patch, get("web")]);
  });

  test.each([
    ["a new command", { ...fullWeb, command: "node new.js" }, { command: "node new.js" }],
    ["a dropped command", { ...fullWeb, command: undefined }, { "remove-command": true }],
  ])(
    "sends the size along with %s, which alone would redeploy nothing again",
    async (_, inputs, change) => {
      const here = await world();
      const held = await created(here, fullWeb);
      const before = here.simulator.redeploys(app);
      here.simulator.failRegion({ call: "scale" });
      await here.update(held, { ...inputs, quantity: 2 });
      expect(here.patches()).toEqual([
        [{ type: "web", quantity: 2, ...change }],
        [{ type: "web", quantity: 2, ...change, size: "gp2" }],
      ]);
      expect(here.simulator.redeploys(app)).toBe(before + 1);
    },
  );

  test("is sent again by the next run, though GET shows what was asked", async () => {
    const here = await world();
    const held = await created(here, fullWeb);
    here.simulator.failRegion({ call: "scale", times: 3 });
    const inputs = { ...fullWeb, quantity: 3, command: undefined };
    const error = await here.update(held, inputs).catch((reason: unknown) => reason);
    if (!(error instanceof Incomplete)) throw error;
    expect(error.cause).toBeInstanceOf(RegionFailed);
    expect(error.marks.unfinished).toEqual(["quantity", "command", "size"]);

    const seen = await here.refresh({ ...heldOf(error), inputs });
    here.simulator.clearRequests();
    if (!seen) throw new Error("gone");
    const done = await here.update(seen);
    expect(here.patches()).toEqual([
      [{ type: "web", size: "gp2", quantity: 3, "remove-command": true }],
    ]);
    expect(here.simulator.instances(app, "web")).toBe(3);
    expect(here.plan(done).action).toBe("keep");
  });

  test("is not repeated when the change is refused", async () => {
    const here = await world();
    const held = await created(here, web);
    const error = await here
      .update(held, { ...web, size: "gp99" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Refused);
    expect(here.sent()).toEqual([patch]);
  });

  test("that went through leaves nothing unfinished when only the GET after it fails", async () => {
    const here = await world();
    const held = await created(here, web);
    here.simulator.order({ method: "GET", kind: { type: "status", status: 403, body: "no" } });
    const inputs = { ...web, quantity: 3 };
    const error = await here.update(held, inputs).catch((reason: unknown) => reason);
    if (!(error instanceof Incomplete)) throw error;
    expect(error.cause).toBeInstanceOf(ReadBackFailed);
    expect(error.message).toMatch(
      /^The change took effect, but reading it back failed\. .*403: no/,
    );
    expect(here.plan({ ...heldOf(error), inputs }).action).toBe("keep");
  });
});
