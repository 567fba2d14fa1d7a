import { describe, expect, test } from "vitest";
import type { Definition, Snapshot } from "../../provider/resource/definition.ts";
import { Incomplete } from "../../provider/resource/errors.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import type { Values } from "../../provider/resource/values.ts";
import { failure } from "../support/failure.ts";
import { settled } from "./made-up.ts";
import { hosting, made, request, stateOf } from "./made-up-resource.ts";

const lost = new RangeError("the network went away");

function create(definition: Partial<Definition>) {
  const { session, call } = hosting();
  return lifecycle.create(made(definition), session, settled, call);
}

function update(definition: Partial<Definition>) {
  const { session, call } = hosting();
  const news = { ...settled, disk: 200 };
  return lifecycle.update(made(definition), session, request({ news }), call);
}

/** Refreshes a state while the server shows another. */
function read(known: Values, seen: Partial<Snapshot>, definition: Partial<Definition> = {}) {
  const { session, call } = hosting();
  const read = async () => ({ id: "s-1", state: stateOf(), ...seen });
  return lifecycle.read(made({ read, ...definition }), session, "s-1", known, call);
}

describe("a verb that fails", () => {
  test.each([
    ["create", create],
    ["update", update],
  ])("before anything exists throws its error as it is: %s", async (verb, run) => {
    expect(await failure(run({ [verb]: () => Promise.reject(lost) }), RangeError)).toBe(lost);
  });

  test("after its resource exists keeps ID and state, and marks it as pending", async () => {
    const error = await failure(
      create({
        create: async (_, { exists }) => {
          exists({ id: "s-1", state: { state: "creating", size: undefined, note: null } });
          throw lost;
        },
      }),
      Incomplete,
    );
    expect(error).toMatchObject({
      id: "s-1",
      state: { state: "creating", __pending: true },
      message: "the network went away",
      code: "INCOMPLETE",
      cause: lost,
    });
    expect(Object.keys(error.state)).toEqual(["state", "__pending"]);
  });

  test("keeps what it said last of its resource", async () => {
    const error = await failure(
      create({
        create: async (_, { exists }) => {
          exists({ id: "s-1", state: { state: "creating" } });
          exists({ id: "s-2", state: { state: "converging" } });
          throw "words only";
        },
      }),
      Incomplete,
    );
    expect(error).toMatchObject({ id: "s-2", state: { state: "converging" } });
    expect(error.message).toBe("words only");
  });

  test("in the middle of a change keeps what is unfinished, and marks it as pending", async () => {
    const error = await failure(
      update({
        update: async ({ id, state }, { exists }) => {
          exists({ id, state, unfinished: ["disk"] });
          throw lost;
        },
      }),
      Incomplete,
    );
    expect(error.state).toEqual({ ...stateOf(), __unfinished: ["disk"], __pending: true });
  });
});

describe("a verb that succeeds", () => {
  const snapshot = { id: "s-1", state: { state: "ready" } };

  test("leaves no mark, whatever it said before", async () => {
    const done = await create({
      create: async (_, { exists }) => {
        exists({ id: "s-1", state: { state: "creating" } });
        return snapshot;
      },
    });
    expect(done).toEqual(snapshot);
  });

  test("marks what it says is unfinished", async () => {
    const done = await update({ update: async () => ({ ...snapshot, unfinished: ["disk"] }) });
    expect(done.state).toEqual({ state: "ready", __unfinished: ["disk"] });
  });

  test("leaves no mark where nothing is unfinished", async () => {
    const done = await update({ update: async () => ({ ...snapshot, unfinished: [] }) });
    expect(done.state).toEqual({ state: "ready" });
  });
});

describe("the mark of what is pending", () => {
  const busy = { state: stateOf({ state: "creating" }) };
  const marked = { __pending: true };

  test.each<[string, Values, Partial<Snapshot>, boolean]>([
    ["stays as long as the server is busy", stateOf({ ...marked, state: "creating" }), busy, true],
    ["goes when the server is ready", stateOf({ ...marked, state: "creating" }), {}, false],
    ["is not set on one that was ready and is busy again", stateOf(), busy, false],
    ["is set on an import of one that is busy", {}, busy, true],
    ["is set where nothing but hidden keys was known", { __provider: "x" }, busy, true],
    ["is not set on an import of one that is ready", {}, {}, false],
  ])("%s", async (_, known, seen, expected) => {
    const { id, state } = (await read(known, seen)) ?? expect.fail("gone");
    expect(id).toBe("s-1");
    expect(Object.hasOwn(state, "__pending")).toBe(expected);
  });

  test("goes where a resource has nothing to wait for", async () => {
    const seen = await read(stateOf(marked), busy, { pending: undefined });
    expect(seen?.state).toEqual(busy.state);
  });

  test("makes the next run an update that goes on waiting", () => {
    const { session } = hosting();
    const state = stateOf({ ...marked, state: "creating" });
    expect(lifecycle.diff(made({}), session, request({ state }))).toMatchObject({
      action: "update",
      reasons: [expect.stringContaining('state "creating"')],
    });
  });

  test.each<[string, Values, Partial<Definition>]>([
    ["it is ready by now", stateOf(marked), {}],
    ["it has no mark", stateOf({ state: "creating" }), {}],
    ["there is nothing to wait for", stateOf({ ...marked, state: "x" }), { pending: undefined }],
  ])("makes no update where %s", (_, state, definition) => {
    const { session } = hosting();
    expect(lifecycle.diff(made(definition), session, request({ state })).action).toBe("keep");
  });
});

describe("the mark of what is unfinished", () => {
  const marked = stateOf({ __unfinished: ["disk"] });

  test("stays over a refresh, which may see what is not carried out", async () => {
    expect((await read(marked, {}))?.state).toEqual(marked);
  });

  test("is what the read says, if it says so", async () => {
    expect((await read(marked, { unfinished: ["size"] }))?.state.__unfinished).toEqual(["size"]);
    expect((await read(marked, { unfinished: [] }))?.state).toEqual(stateOf());
  });

  test("makes the next run send the property again", () => {
    const { session } = hosting();
    const plan = lifecycle.diff(made({}), session, request({ state: marked }));
    expect(plan.changes).toMatchObject([{ property: "disk", action: "update", to: 100 }]);
  });

  test("that is none says nothing", () => {
    const { session } = hosting();
    const state = stateOf({ __unfinished: "disk" });
    expect(lifecycle.diff(made({}), session, request({ state })).action).toBe("keep");
  });
});
