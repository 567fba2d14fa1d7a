import { describe, expect, test } from "vitest";
import type { Definition, DiffRequest, Snapshot } from "../../provider/resource/definition.ts";
import { Incomplete } from "../../provider/resource/errors.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import type { Kept } from "../../provider/resource/marks.ts";
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
function read(
  { state = stateOf(), marks = {} }: Partial<Kept>,
  seen: Partial<Snapshot>,
  definition: Partial<Definition> = {},
) {
  const { session, call } = hosting();
  const read = async () => ({ id: "s-1", state: stateOf(), ...seen });
  return lifecycle.read(made({ read, ...definition }), session, { id: "s-1", state, marks }, call);
}

describe("a deletion of what is replaced", () => {
  const urn = "urn:pulumi:dev::shop::acme:index:Server::web";

  /** Deletes `s-1` where the creation of what replaces it has failed, and may go on. */
  async function deletion(create: Definition["create"], update?: Definition["update"]) {
    const { session, call } = hosting();
    const deleted: string[] = [];
    const definition = made({
      create,
      ...(update && { update }),
      delete: async (id) => void deleted.push(id),
    });
    const own = { ...call, urn };
    await lifecycle.create(definition, session, settled, own).catch(() => {});
    if (update) {
      const change = request({ id: "s-2", news: { ...settled, disk: 200 } });
      await lifecycle.update(definition, session, change, own);
    }
    const old = { id: "s-1", state: stateOf() };
    const refusal = await lifecycle.destroy(definition, session, old, own).catch(String);
    return { refusal, deleted };
  }

  const unfinished: Definition["create"] = async (_, { exists }) => {
    exists({ id: "s-2", state: stateOf() });
    throw lost;
  };

  test.each<[string, Definition["create"]]>([
    ["its replacement was not created", () => Promise.reject(lost)],
    ["its replacement s-2 is not ready", unfinished],
  ])("is refused while %s", async (why, create) => {
    const { refusal, deleted } = await deletion(create);
    expect(refusal).toContain(`s-1 was not deleted: ${why}. The next \`pulumi up\` goes on`);
    expect(deleted).toEqual([]);
  });

  test("is done once its replacement is ready", async () => {
    const ready = async () => ({ id: "s-2", state: stateOf() });
    expect(await deletion(unfinished, ready)).toEqual({ refusal: undefined, deleted: ["s-1"] });
  });
});

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
      state: { state: "creating" },
      marks: { pending: true },
      message: "the network went away",
      code: "INCOMPLETE",
      cause: lost,
    });
    expect(Object.keys(error.state)).toEqual(["state"]);
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
    expect(error.state).toEqual(stateOf());
    expect(error.marks).toEqual({ unfinished: ["disk"], pending: true });
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
    expect(done).toEqual({ ...snapshot, marks: {} });
  });

  test("marks what it says is unfinished", async () => {
    const done = await update({ update: async () => ({ ...snapshot, unfinished: ["disk"] }) });
    expect(done).toEqual({ ...snapshot, marks: { unfinished: ["disk"] } });
  });
});

describe("the mark of what is pending", () => {
  const busy = { state: stateOf({ state: "creating" }) };
  const marks = { pending: true };
  const creating = stateOf({ state: "creating" });

  test.each<[string, Partial<Kept>, Partial<Snapshot>, true | undefined]>([
    ["stays as long as the server is busy", { marks, state: creating }, busy, true],
    ["goes when the server is ready", { marks, state: creating }, {}, undefined],
    ["is not set on one that was ready and is busy again", {}, busy, undefined],
    ["is set on an import of one that is busy", { state: {} }, busy, true],
    ["is not set on an import of one that is ready", { state: {} }, {}, undefined],
  ])("%s", async (_, known, seen, expected) => {
    const { id, marks } = (await read(known, seen)) ?? expect.fail("gone");
    expect(id).toBe("s-1");
    expect(marks.pending).toBe(expected);
  });

  test("goes where a resource has nothing to wait for", async () => {
    const seen = await read({ marks }, busy, { pending: undefined });
    expect(seen).toEqual({ id: "s-1", state: busy.state, marks: {} });
  });

  test("makes the next run an update that resumes waiting", () => {
    expect(lifecycle.diff(made({}), request({ marks, state: creating }))).toMatchObject({
      action: "update",
      reasons: [expect.stringContaining('state "creating"')],
    });
  });

  test.each<[string, Partial<DiffRequest>, Partial<Definition>]>([
    ["it is ready by now", { marks }, {}],
    ["it has no mark", { state: creating }, {}],
    [
      "there is nothing to wait for",
      { marks, state: stateOf({ state: "x" }) },
      { pending: undefined },
    ],
  ])("makes no update where %s", (_, change, definition) => {
    expect(lifecycle.diff(made(definition), request(change)).action).toBe("keep");
  });
});

describe("the mark of what is unfinished", () => {
  const marks = { unfinished: ["disk"] };

  test("stays over a refresh, which may see what is not carried out", async () => {
    expect(await read({ marks }, {})).toEqual({ id: "s-1", state: stateOf(), marks });
  });

  test("is what the read says, if it says so", async () => {
    expect((await read({ marks }, { unfinished: ["size"] }))?.marks.unfinished).toEqual(["size"]);
    expect((await read({ marks }, { unfinished: [] }))?.marks.unfinished).toEqual([]);
  });

  test("makes the next run send the property again", () => {
    const plan = lifecycle.diff(made({}), request({ marks }));
    expect(plan.changes).toMatchObject([{ property: "disk", action: "update", to: 100 }]);
  });
});
