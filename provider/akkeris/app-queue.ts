import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { SendOptions } from "../http/client";
import type { Clock } from "../process/clock";
import type { Pace } from "../resource/session";
import type { Formation, FormationChange } from "./endpoints";
import type { Facts, Group, GroupState, Rule, Waiting } from "./waiting";

/** How long the last update of a batch that redeploys waits for one that may not come, in milliseconds. */
const windowMs = 200;

/** How long it waits for one that is certain to come, or the first one for all others. */
const longestMs = 2_000;

/** How long those wait that redeploy nothing, in milliseconds: callers that were served a moment ago come again. */
const briefMs = 6;

/** How long they wait at most, while calls are in flight whose callers may come again. */
const longestBriefMs = 30;

/** How many of its steps the engine may take longer than usual before it counts as quiet. */
const stepsOfQuiet = 3;

/** After how many resources of others the engine is not expected to come back to an app. */
const resourcesOfQuiet = 2;

/** How many operations the engine runs at once, unless it is told otherwise. */
const defaultSlots = 4 * availableParallelism();

/** How long a group waits before it looks again whether it may go, in milliseconds. */
const longestNap = 5;

/** What the calls of one app share. */
export interface AppCalls {
  clock: Clock;
  company: Company;
  /** The types that the engine has planned or asked for. */
  known: ReadonlySet<string>;
}

/** The calls of one client, of which some wait for others to be sent with. */
export class Company {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #rule: Rule;
  readonly #groups = new Set<Group>();
  #inFlight = 0;
  /** How many calls the engine has in flight at most, as far as is known. */
  #slots: number;
  #arrivedAt = Number.NEGATIVE_INFINITY;
  #endedAt = Number.NEGATIVE_INFINITY;
  /** The groups that could be sent: since when, and how to send one. */
  readonly #ready = new Map<Group, { readyAt: number; release(): void }>();

  constructor(clock: Clock, pace: Pace, { slots = defaultSlots, rule = waitOf } = {}) {
    this.#clock = clock;
    this.#pace = pace;
    this.#slots = slots;
    this.#rule = rule;
  }

  /** Counts a call among those in flight until it ends. */
  async with<T>(call: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await call();
    } finally {
      // While calls go on coming, nobody knows how many the engine will have in flight.
      this.#slots = Math.max(this.#slots, this.#inFlight);
      this.#inFlight -= 1;
      this.#endedAt = this.#clock.now();
    }
  }

  /** How many resources the engine has planned. */
  get planned(): number {
    return this.#pace.resources;
  }

  /** Notes that calls of an app have begun to wait. */
  add(group: Group): void {
    this.#groups.add(group);
  }

  /** Notes that a call has come that others may travel with. If nothing more can come, all go that may. */
  arrived(): void {
    this.#arrivedAt = this.#clock.now();
    const facts = this.#facts();
    if (!facts.isFull) return;
    for (const [group, { readyAt, release }] of this.#ready) {
      if (this.#rule({ ...facts, ...group.state(), readyAt }) <= 0) release();
    }
  }

  /** Waits until a group that could be sent has waited long enough for others. */
  async gathered(group: Group): Promise<void> {
    const readyAt = this.#clock.now();
    let isReleased = false;
    const { promise: released, resolve } = Promise.withResolvers<void>();
    const release = () => {
      isReleased = true;
      resolve();
    };
    this.#ready.set(group, { readyAt, release });
    for (;;) {
      // Whatever has arrived already is served first.
      await setImmediate();
      const wait = this.#rule({ ...this.#facts(), ...group.state(), readyAt });
      if (isReleased || wait <= 0) break;
      await Promise.race([this.#clock.sleep(Math.min(wait, longestNap)), released]);
    }
    this.#ready.delete(group);
    this.#groups.delete(group);
  }

  #facts(): Facts {
    const groups = [...this.#groups];
    const waiting = groups.reduce((sum, group) => sum + group.size(), 0);
    const { plannedAt, step, resources: planned } = this.#pace;
    const isMoving = this.#inFlight > waiting;
    return {
      now: this.#clock.now(),
      quietSince: Math.max(plannedAt, this.#arrivedAt),
      plannedAt,
      planned,
      step,
      isFull: waiting === this.#slots,
      endedAt: this.#endedAt,
      isMoving,
      groups: groups.length,
    };
  }
}

/**
 * How long a group waits for others, from now on, in milliseconds. What redeploys waits for updates that are
 * announced, and for those that the engine may still plan; nothing else waits longer than a caller that was
 * served a moment ago takes to come again.
 */
export function waitOf(waiting: Waiting): number {
  const { now, openedAt, joinedAt, plannedAt, planned, expected, quietSince, isFull } = waiting;
  if (!waiting.redeploys) {
    if (waiting.isAlone || isFull) return 0;
    const latest = waiting.readyAt + longestBriefMs;
    if (waiting.isMoving) return latest - now;
    return Math.min(Math.max(joinedAt, plannedAt, waiting.endedAt) + briefMs, latest) - now;
  }
  if (expected.length > 0) {
    // The engine goes on to the next resource when it has handed an update over; the last one may lack a slot.
    const isHandedOver = expected.some((order) => order < planned);
    const comes = isHandedOver || waiting.isMoving || waiting.groups > 1;
    if (comes) return joinedAt + longestMs - now;
    if (!isFull) return quietSince + windowMs - now;
  }
  if (isFull || planned - waiting.plannedLast >= resourcesOfQuiet) return 0;
  const quiet = Math.max(stepsOfQuiet * waiting.step, briefMs);
  return (
    Math.min(Math.max(plannedAt, joinedAt) + quiet, joinedAt + windowMs, openedAt + longestMs) - now
  );
}

/** One formation's change. */
export interface Update {
  change: FormationChange;
  /** What to send where the server may have stored the change already. */
  again: FormationChange;
  /** Whether it redeploys the app. */
  redeploys: boolean;
  /** Those of the call that asked for it. */
  options: SendOptions;
}

/** An update in a batch, and the promise that its caller waits for. */
export interface Ticket {
  update: Update;
  resolve(formation: Formation | undefined): void;
  reject(reason: unknown): void;
}

/** A batch that is being collected; times are milliseconds since the epoch. */
interface Batch {
  tickets: Ticket[];
  openedAt: number;
  /** When the last update joined. */
  joinedAt: number;
}

/**
 * Carries out the mutations of one app, one after another: the server has no unique constraint, and
 * concurrent creations left duplicate rows. It collects updates that arrive together, sends them in
 * one PATCH, since each PATCH may redeploy the whole app, and settles each with its own result.
 */
export class AppQueue {
  readonly #clock: Clock;
  readonly #company: Company;
  readonly #known: ReadonlySet<string>;
  readonly #settle: (tickets: readonly Ticket[]) => Promise<void>;
  #tail: Promise<unknown> = Promise.resolve();
  #open: Batch | undefined;
  /** The types of which an update that redeploys is announced and has not come. */
  readonly #announced = new Map<string, number>();
  #plannedLast = 0;

  /** @param settle sends a batch and settles its tickets; if it throws, those that are left fail with the error */
  constructor(
    { clock, company, known }: AppCalls,
    settle: (tickets: readonly Ticket[]) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#company = company;
    this.#known = known;
    this.#settle = settle;
  }

  /** Runs a mutation when all mutations before it have ended, in success or not. */
  run<T>(mutation: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(mutation);
    this.#tail = result.catch(() => {});
    return result;
  }

  /** Notes whether the engine is about to ask for an update of a type that redeploys the app. */
  announce(type: string, redeploys: boolean): void {
    this.#plannedLast = this.#company.planned;
    if (redeploys) this.#announced.set(type, this.#plannedLast);
    else this.#announced.delete(type);
  }

  /**
   * Adds an update to the batch that is being collected. Resolves to the formation as it is read
   * back; undefined where it no longer exists.
   *
   * @throws RegionFailed when the server may have stored the change without the region having it
   * @throws ReadBackFailed when the change took effect and only reading it back failed
   */
  update(update: Update): Promise<Formation | undefined> {
    const { type } = update.change;
    const now = this.#clock.now();
    this.#announced.delete(type);
    const { promise, resolve, reject } = Promise.withResolvers<Formation | undefined>();
    this.#open ??= this.#collect();
    this.#open.tickets.push({ update, resolve, reject });
    this.#open.joinedAt = now;
    this.#company.arrived();
    return promise;
  }

  /** Opens a batch, which stays open while updates arrive and while earlier mutations run. */
  #collect(): Batch {
    const now = this.#clock.now();
    const batch: Batch = { tickets: [], openedAt: now, joinedAt: now };
    const { tickets } = batch;
    const group = { size: () => tickets.length, state: () => this.#stateOf(batch) };
    this.#company.add(group);
    void this.run(async () => {
      await this.#company.gathered(group);
      this.#open = undefined;
      await this.#settle(tickets);
    }).catch((error) => {
      for (const { reject } of tickets) reject(error);
    });
    return batch;
  }

  #stateOf({ tickets, openedAt, joinedAt }: Batch): GroupState {
    return {
      openedAt,
      joinedAt,
      redeploys: tickets.some(({ update }) => update.redeploys),
      isAlone: this.#known.size === 1,
      expected: [...this.#announced.values()],
      plannedLast: this.#plannedLast,
    };
  }
}
