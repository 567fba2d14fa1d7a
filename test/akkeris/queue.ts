import { AppQueue } from "../../provider/akkeris/app-queue.ts";
import type { FormationChange } from "../../provider/akkeris/endpoints.ts";
import type { Endpoint } from "../../provider/http/endpoint.ts";
import { InstantClock } from "../support/clock.ts";

/**
 * A queue before a server that takes every PATCH. Each update is known by its type, and resolves to
 * the types that were sent with it.
 *
 * @param onPatch called with the types of each PATCH; an error that it throws ends the update
 */
export function queueOf({
  clock = new InstantClock(),
  onPatch = () => {},
}: {
  clock?: InstantClock;
  onPatch?: (types: string[]) => void;
} = {}) {
  const sent: string[][] = [];
  const client = {
    async send<Params, Body, Answer>(
      { method, body, answer }: Endpoint<Params, Body, Answer>,
      params: Params,
    ): Promise<Answer> {
      if (method === "PATCH") {
        const types = ((body?.(params) ?? []) as FormationChange[]).map(({ type }) => type);
        sent.push(types);
        onPatch(types);
        return answer.parse(undefined);
      }
      const types = sent.at(-1) ?? [];
      const rows = types.map((type) => ({
        id: type,
        type,
        size: "gp1",
        quantity: 1,
        command: types.join(),
        created_at: new Date(clock.now()).toISOString(),
      }));
      return answer.parse(types.length === 1 ? rows[0] : rows);
    },
  };
  const queue = new AppQueue("foo-default", client, clock);
  const { signal } = new AbortController();
  return {
    sent,
    clock,
    run: <T>(mutation: () => Promise<T>) => queue.run(mutation),
    async update(type: string) {
      const change = { type };
      return (await queue.update({ change, again: change, options: { signal } }))?.command;
    },
  };
}
