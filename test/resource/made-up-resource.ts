import { z } from "zod";
import {
  type Definition,
  type DiffRequest,
  defineSystem,
} from "../../provider/resource/definition.ts";
import type { Call } from "../../provider/resource/lifecycle.ts";
import { flag, integer } from "../../provider/resource/property.ts";
import type { Values } from "../../provider/resource/values.ts";
import { InstantClock } from "../support/clock.ts";
import { sessionOf } from "../support/session.ts";
import { rules, settled } from "./made-up.ts";

/** A made-up system: its client is whatever the session holds. */
export const acme = defineSystem({
  name: "acme",
  title: "Acme Cloud",
  config: z.object({}),
  probe: async () => {},
  connect: () => undefined,
});

const text = z.string().optional();

/** The made-up resource. A test says what its verbs do; one that it does not expect fails it. */
export function made(verbs: Partial<Definition>): Definition {
  const unexpected = (verb: string) => async () => {
    throw new Error(`${verb} was called`);
  };
  return {
    name: "Server",
    description: "A server.",
    system: acme,
    inputs: z.object({
      name: text,
      region: text,
      zone: text,
      size: text,
      disk: integer({ min: 1 }).optional(),
      ha: flag().optional(),
      note: text,
      owner: text,
      hint: text,
    }),
    outputs: z.object({ state: z.string() }),
    id: "the server's ID",
    plan: rules,
    pending: ({ state }) => (state === "ready" ? undefined : `state "${state}"`),
    create: unexpected("create"),
    read: unexpected("read"),
    update: unexpected("update"),
    whenDeleted: () => ({ kind: "deletion", text: "it is gone" }),
    delete: unexpected("delete"),
    ...verbs,
  };
}

/** A state of the resource, ready unless told. */
export function stateOf(change: Values = {}): Values {
  return { ...settled, state: "ready", ...change };
}

/** A session and a call, with what was said in it. */
export function hosting() {
  const said: string[] = [];
  const clock = new InstantClock();
  const aborter = new AbortController();
  const session = sessionOf("the client", clock);
  const call: Call = {
    signal: aborter.signal,
    progress: (line) => said.push(`progress: ${line}`),
    onWait: (line) => said.push(`wait: ${line}`),
    warn: (line) => said.push(`warn: ${line}`),
  };
  return { session, call, said, clock, aborter };
}

/** A change of a resource that was settled. */
export function request(change: Partial<DiffRequest> = {}): DiffRequest {
  const same = { id: "s-1", applied: settled, state: stateOf(), news: settled };
  return { ...same, marks: {}, autonamed: false, ...change };
}
