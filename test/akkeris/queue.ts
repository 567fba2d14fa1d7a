import { AppQueue, Company } from "../../provider/akkeris/app-queue.ts";
import { Pace } from "../../provider/resource/session.ts";
import { InstantClock } from "../support/clock.ts";

/**
 * The queue of an app whose server takes every PATCH. Each update is known by its type, and resolves to the
 * types that were sent with it.
 *
 * @param slots how many calls the engine has in flight at most
 * @param onPatch called with the types of each PATCH; an error that it throws ends the update
 */
export function queueOf({
  clock = new InstantClock(),
  slots,
  onPatch = () => {},
}: {
  clock?: InstantClock;
  slots?: number;
  onPatch?: (types: string[]) => void;
} = {}) {
  const sent: string[][] = [];
  const pace = new Pace(clock);
  const company = new Company(clock, pace, { slots });
  const known = new Set<string>();
  const queue = new AppQueue({ clock, company, known }, async (tickets) => {
    const types = tickets.map(({ update }) => update.change.type);
    sent.push(types);
    onPatch(types);
    for (const [index, { resolve }] of tickets.entries()) {
      resolve({ type: types[index] ?? "", command: types.join() });
    }
  });
  const { signal } = new AbortController();

  async function update(type: string, redeploys: boolean): Promise<string | null | undefined> {
    known.add(type);
    const change = { type };
    const options = { signal };
    const changed = company.with(() => queue.update({ change, again: change, redeploys, options }));
    return (await changed)?.command;
  }

  return {
    sent,
    clock,
    /** Lets the engine plan an update that redeploys. */
    plan(type: string, step = 1) {
      pace.planned(type);
      clock.advance(step);
      pace.planned(type);
      known.add(type);
      queue.announce(type, true);
    },
    run: <T>(mutation: () => Promise<T>) => company.with(() => queue.run(mutation)),
    /** Changes a size, which redeploys the app. */
    resize: (type: string) => update(type, true),
    /** Changes a quantity, which doesn't. */
    scale: (type: string) => update(type, false),
  };
}
