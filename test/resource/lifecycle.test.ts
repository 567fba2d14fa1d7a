import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type Context,
  defineFunction,
  type FunctionDefinition,
} from "../../provider/resource/definition.ts";
import { ChangeRefused, InvalidArguments, WaitTimedOut } from "../../provider/resource/errors.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import type { PlanRules } from "../../provider/resource/plan-rules.ts";
import { integer } from "../../provider/resource/property.ts";
import { invoke } from "../../provider/resource/reading.ts";
import type { Values } from "../../provider/resource/values.ts";
import { failure } from "../support/failure.ts";
import { settled } from "./made-up.ts";
import { acme, hosting, made, request, stateOf } from "./made-up-resource.ts";

const hour = 60 * 60 * 1000;

test("check normalises inputs, and finds what is wrong with them and between them", () => {
  const constraints = [{ properties: ["disk"], check: () => "is full" }];
  const inputs = { disk: "100", note: 5 };
  expect(lifecycle.check(made({ constraints }), inputs)).toEqual({
    inputs: { disk: 100 },
    failures: [
      { property: "note", reason: "is 5; it must be of type string" },
      { property: "disk", reason: "is full" },
    ],
    warnings: [],
  });
});

/** Creates with a verb that does as told, and gives back what it was given. */
async function created(inputs: Values = {}, timeout?: number, configured?: number) {
  const { session: standard, call, ...rest } = hosting();
  const session = configured === undefined ? standard : { ...standard, timeout: configured };
  const given: { inputs: Values; context: Context<unknown> }[] = [];
  const definition = made({
    create: async (inputs, context) => {
      given.push({ inputs, context });
      return { id: "s-1", state: { ...inputs, state: "ready", note: null, size: undefined } };
    },
  });
  const kept = await lifecycle.create(definition, session, inputs, { ...call, timeout });
  const [{ inputs: seen, context } = expect.fail("not called")] = given;
  return { kept, inputs: seen, context, session, ...rest };
}

describe("create", () => {
  test("gives the verb normalised inputs", async () => {
    const { inputs } = await created({ disk: "100", ha: "true", note: null });
    expect(inputs).toEqual({ disk: 100, ha: true });
  });

  test("gives back ID and state, without what is absent", async () => {
    const { kept } = await created({ disk: 100 });
    expect(kept).toEqual({ id: "s-1", state: { disk: 100, state: "ready" }, marks: {} });
  });

  test("gives the verb the session's client, clock and IDs, and the call's signal", async () => {
    const { context, session, clock, aborter } = await created();
    expect(context.api).toBe("the client");
    expect(context.clock).toBe(clock);
    expect(context.replaced).toBe(session.replaced);
    expect(context.signal).toBe(aborter.signal);
  });

  test("passes on what the verb says", async () => {
    const { context, said } = await created();
    context.progress("creating");
    context.onWait("rate limit");
    context.warn("look out");
    expect(said).toEqual(["progress: creating", "wait: rate limit", "warn: look out"]);
  });

  test.each([
    ["an hour", undefined, undefined, hour],
    ["what is configured for all", undefined, 90_000, 90_000],
    ["what the program gives it, whatever is configured", 5_000, 90_000, 5_000],
  ])("may take %s", async (_, timeout, configured, expected) => {
    const { context, clock } = await created({}, timeout, configured);
    expect(context.deadline - clock.now()).toBe(expected);
  });
});

describe("diff", () => {
  test("is pure: what it will replace is noted by nobody", () => {
    const change = Object.freeze(request({ news: { ...settled, region: "west" } }));
    expect(lifecycle.diff(made({}), change)).toEqual(lifecycle.diff(made({}), change));
    expect(lifecycle.diff(made({}), change).action).toBe("replace");
  });

  test("throws where the plan refuses, and tells what is refused only", () => {
    const news = { ...settled, disk: 50, note: "bye" };
    const refused = () => lifecycle.diff(made({}), request({ news }));
    expect(refused).toThrow(ChangeRefused);
    expect(refused).toThrow("Server s-1: refused.\ndisk: 100 → 50: refuse: disks only grow");
    expect(refused).not.toThrow(/note/);
  });

  test("shows no value of a secret, in warnings and refusals", () => {
    const { note, ...shape } = made({}).inputs.shape;
    const secret = z.string().optional().meta({ secret: true });
    const properties: PlanRules["properties"] = [
      { change: "", properties: ["size"], becomes: "update", why: "", warning: "to {desired}" },
      { change: "", properties: ["note"], becomes: "refuse", why: "fixed" },
    ];
    const definition = made({
      inputs: z.object({ ...shape, note: secret, size: secret }),
      plan: { properties },
    });
    const changed = (change: Values) =>
      lifecycle.diff(definition, request({ news: { ...settled, ...change } }));
    expect(changed({ size: "hunter2" }).warnings).toEqual(["to (secret)"]);
    expect(() => changed({ note: "hunter2" })).toThrow("note: (secret) → (secret): refuse: fixed");
  });

  test("keeps a name that the provider made", () => {
    const news = { ...settled, name: "other" };
    const plan = lifecycle.diff(made({}), request({ news, autonamed: true }));
    expect(plan.action).toBe("keep");
  });
});

describe("announce", () => {
  const change = request({ news: { ...settled, size: "b" } });

  test("tells a client that has been made what an update will change, and that none will come", () => {
    const announced: unknown[] = [];
    const definition = made({ announce: (id, changes) => void announced.push([id, changes]) });
    const { session } = hosting();
    const connected = { ...session, isConnected: () => true };
    const plan = lifecycle.diff(definition, change);
    lifecycle.announce(definition, connected, change, plan);
    lifecycle.announce(definition, connected, change, { ...plan, action: "keep" });
    expect(announced).toEqual([
      ["s-1", { size: "b" }],
      ["s-1", {}],
    ]);
  });

  test("makes no client", () => {
    const definition = made({ announce: () => expect.fail("announced") });
    const { session } = hosting();
    const unconnected = {
      ...session,
      isConnected: () => false,
      api: () => expect.fail("connected"),
    };
    lifecycle.announce(definition, unconnected, change, lifecycle.diff(definition, change));
  });
});

describe("update", () => {
  /** Updates, and gives back what the verb was given. */
  async function updated(change: Parameters<typeof request>[0]) {
    const { session, call } = hosting();
    const given: unknown[] = [];
    const definition = made({
      update: async (update) => {
        given.push(update);
        return { id: update.id, state: stateOf(update.changes) };
      },
    });
    const kept = await lifecycle.update(definition, session, request(change), call);
    return { kept, given };
  }

  test("passes what the plan marks, with the values to send, and nothing else", async () => {
    const { given } = await updated({
      state: stateOf({ disk: 50, region: "west" }),
      marks: { unfinished: ["size"] },
      news: { ...settled, note: undefined, hint: "y", disk: 100 },
    });
    expect(given).toEqual([
      {
        id: "s-1",
        inputs: { ...settled, note: undefined, hint: "y" },
        state: stateOf({ disk: 50, region: "west" }),
        changes: { size: "large", disk: 100, note: undefined },
        isPending: false,
      },
    ]);
    expect(Object.keys((given[0] as { changes: Values }).changes)).toContain("note");
  });

  test("gives back the new state", async () => {
    const { kept } = await updated({ news: { ...settled, disk: 200 } });
    expect(kept).toEqual({ id: "s-1", state: stateOf({ disk: 200 }), marks: {} });
  });

  test("rejects where the plan refuses, without calling the verb", async () => {
    const error = await failure(updated({ news: { ...settled, disk: 50 } }), ChangeRefused);
    expect(error.code).toBe("CHANGE_REFUSED");
  });
});

test("read passes the last known state, and gives back what is there", async () => {
  const { session, call } = hosting();
  const read = async (id: string, known: Values) => ({ id, state: { ...known, note: null } });
  const known = { id: "s-1", state: stateOf(), marks: {} };
  const { note: _, ...rest } = stateOf();
  const seen = await lifecycle.read(made({ read }), session, known, call);
  expect(seen).toEqual({ id: "s-1", state: rest, marks: {} });
});

test("read gives undefined for what is gone", async () => {
  const { session, call } = hosting();
  const definition = made({ read: async () => undefined });
  const known = { id: "s-1", state: stateOf(), marks: {} };
  expect(await lifecycle.read(definition, session, known, call)).toBeUndefined();
});

test("destroy passes the state", async () => {
  const { session, call } = hosting();
  const given: unknown[] = [];
  const definition = made({ delete: async (id, state) => void given.push(id, state) });
  await lifecycle.destroy(definition, session, { id: "s-1", state: stateOf() }, call);
  expect(given).toEqual(["s-1", stateOf()]);
});

describe("invoke", () => {
  const given: Parameters<FunctionDefinition["invoke"]>[] = [];
  const getServer = defineFunction({
    name: "getServer",
    description: "Reads a server.",
    system: acme,
    args: z.object({ id: z.string(), count: integer({ max: 9 }).optional() }),
    result: z.object({ id: z.string(), note: z.string().optional() }),
    requests: ["GET /servers/{id}"],
    async invoke(args, context) {
      given.push([args, context]);
      return { id: args.id, note: undefined };
    },
  }) as FunctionDefinition;

  async function invoked(args: Values, timeout?: number) {
    const { session, call, ...rest } = hosting();
    const result = await invoke(getServer, session, args, { ...call, timeout });
    const [seen, context] = given.at(-1) ?? expect.fail("not called");
    return { result, seen, context, ...rest };
  }

  test("gives the function normalised arguments, and back what it gives without what is absent", async () => {
    const { result, seen } = await invoked({ id: "s-1", count: "2" });
    expect(seen).toEqual({ id: "s-1", count: 2 });
    expect(Object.entries(result)).toEqual([["id", "s-1"]]);
  });

  test.each([
    ["an hour", undefined, hour],
    ["what its caller gives it", 5_000, 5_000],
  ])("may take %s", async (_, timeout, expected) => {
    const { context, clock, aborter } = await invoked({ id: "s-1" }, timeout);
    expect(context.deadline - clock.now()).toBe(expected);
    expect(context.signal).toBe(aborter.signal);
    expect(context.api).toBe("the client");
  });

  test("says how to allow more where its time was up, and keeps the error's code", async () => {
    const { session, call } = hosting();
    const late = async () => {
      throw new WaitTimedOut("Waited 1 h.");
    };
    const reading = invoke({ ...getServer, invoke: late }, session, { id: "s" }, call);
    const error = await failure(reading, WaitTimedOut);
    expect(error.message).toBe(
      "Waited 1 h. formations:timeout (or FORMATIONS_TIMEOUT) sets how long it may take (default: 1 hour).",
    );
  });

  test("tells all that is wrong with its arguments, without calling the function", async () => {
    given.length = 0;
    const error = await failure(invoked({ count: 10, name: "x" }), InvalidArguments);
    expect(error.code).toBe("INVALID_ARGUMENTS");
    expect(error.message).toBe(
      "getServer: name is not an argument of this function. Arguments: id, count; " +
        "id is required; count is 10; it must be at most 9",
    );
    expect(given).toEqual([]);
  });
});
