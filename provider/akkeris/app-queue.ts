import { FormationsError } from "../errors";
import type { HttpClient, SendOptions } from "../http/client";
import { Conflict, HttpError, isGone, Refused, ServerFailure } from "../http/errors";
import type { Clock } from "../process/clock";
import {
  type Formation,
  type FormationChange,
  hasType,
  listFormations,
  readFormation,
  updateFormations,
} from "./endpoints";
import { isMaintenance, ReadBackFailed, RegionFailed, translated } from "./errors";

/**
 * How long the last update of a batch waits for another, in milliseconds. The updates of one app come
 * within 50 ms on an idle machine, and up to 150 ms apart on a busy one.
 */
const windowMs = 200;

/** How long the first update of a batch waits at most, in milliseconds. */
const longestMs = 2_000;

/** The pauses before a PATCH is retried, or what it changed is read again, in milliseconds. */
const pauses = [1_000, 3_000];

/** One formation's change. */
export interface Update {
  change: FormationChange;
  /** What to send where the server may have stored the change already. */
  again: FormationChange;
  /** Those of the call that asked for it. */
  options: SendOptions;
}

/** An update in a batch, and the promise that its caller waits for. */
interface Ticket {
  update: Update;
  resolve(formation: Formation | undefined): void;
  reject(reason: unknown): void;
}

/** A batch that is being collected; times are milliseconds since the epoch. */
interface Batch {
  tickets: Ticket[];
  /** When it is sent, unless another update joins. */
  until: number;
  /** When it is sent at the latest. */
  latest: number;
}

/**
 * Carries out the mutations of one app, one after another: the server has no unique constraint, and
 * concurrent creations left duplicate rows. It collects updates that arrive together, sends them in
 * one PATCH, since each PATCH may redeploy the whole app, and settles each with its own result.
 */
export class AppQueue {
  readonly #app: string;
  readonly #client: Pick<HttpClient, "send">;
  readonly #clock: Clock;
  #tail: Promise<unknown> = Promise.resolve();
  #open: Batch | undefined;

  constructor(app: string, client: Pick<HttpClient, "send">, clock: Clock) {
    this.#app = app;
    this.#client = client;
    this.#clock = clock;
  }

  /** Runs a mutation when all mutations before it have ended, in success or not. */
  run<T>(mutation: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(mutation);
    this.#tail = result.catch(() => {});
    return result;
  }

  /**
   * Adds an update to the batch that is being collected. Resolves to the formation as it is read
   * back; undefined where it no longer exists.
   *
   * @throws RegionFailed when the server may have stored the change without the region having it
   * @throws ReadBackFailed when the change took effect and only reading it back failed
   */
  update(update: Update): Promise<Formation | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<Formation | undefined>();
    this.#open ??= this.#collect();
    this.#open.tickets.push({ update, resolve, reject });
    this.#open.until = Math.min(this.#clock.now() + windowMs, this.#open.latest);
    return promise;
  }

  /** Opens a batch, which stays open while updates arrive and while earlier mutations run. */
  #collect(): Batch {
    const tickets: Ticket[] = [];
    const latest = this.#clock.now() + longestMs;
    const batch = { tickets, latest, until: latest };
    void this.run(async () => {
      do await this.#clock.sleep(Math.max(batch.until - this.#clock.now(), 0));
      while (this.#clock.now() < batch.until);
      this.#open = undefined;
      await this.#settle(tickets);
    }).catch((error) => {
      for (const { reject } of tickets) reject(error);
    });
    return batch;
  }

  /** Sends a batch and settles its tickets. Those that are left when it throws fail with its error. */
  async #settle(tickets: readonly Ticket[]): Promise<void> {
    const errors = await this.#send(tickets.map(({ update }) => update));
    for (const [index, error] of errors.entries()) if (error) tickets[index]?.reject(error);

    const changed = tickets.filter((_, index) => !errors[index]);
    const seen = await this.#readBackAll(changed.map(({ update }) => update));
    for (const { update, resolve } of changed) {
      resolve(seen.find(({ type }) => type === update.change.type));
    }
  }

  /**
   * Sends updates in one PATCH. Where the server refuses that, each is sent alone, so that only the
   * culprit fails. Resolves to the error of each update, or undefined where it took effect.
   */
  async #send(updates: readonly Update[]): Promise<(FormationsError | undefined)[]> {
    const together = await this.#tryPatch(updates, pauses);
    if (!together || updates.length === 1 || !mayBeOneUpdatesFault(together)) {
      return updates.map(() => together);
    }
    // A failing region was tried often enough. After a 422 nothing is stored; after a 409 the other
    // updates are.
    const isStored = together.mayHaveTakenEffect;
    const left = isStored ? [] : pauses;
    const isAgain = isStored || together instanceof Conflict;
    const errors: (FormationsError | undefined)[] = [];
    for (const update of updates) errors.push(await this.#tryPatch([update], left, isAgain));
    return errors;
  }

  /** Sends one PATCH, and retries it where the server may have stored the change all the same. */
  async #tryPatch(
    updates: readonly Update[],
    pausesLeft: readonly number[],
    isAgain = false,
  ): Promise<FormationsError | undefined> {
    const options = combine(updates.map((update) => update.options));
    try {
      await this.#patch(
        updates.map((update) => (isAgain ? update.again : update.change)),
        options,
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof FormationsError)) throw error;
      const [pause, ...rest] = pausesLeft;
      if (!error.mayHaveTakenEffect || pause === undefined) return error;
      options.onWait?.(`${error.message} Retrying in ${pause / 1_000} s.`);
      const isCancelled = await this.#clock.sleep(pause, options.signal).then(
        () => false,
        () => true,
      );
      return isCancelled ? error : await this.#tryPatch(updates, rest, true);
    }
  }

  async #patch(changes: readonly FormationChange[], options: SendOptions): Promise<void> {
    const app = this.#app;
    const operation = `update ${changes.map(({ type }) => type).join(", ")} of ${app}`;
    try {
      await this.#client.send({ ...updateFormations, operation }, { app, changes }, options);
    } catch (error) {
      throw translated(error);
    }
  }

  /** Reads back what was changed. A read may be behind, and not show yet what was just created. */
  async #readBackAll(updates: readonly Update[]): Promise<Formation[]> {
    let seen = await this.#readBack(updates);
    for (const pause of pauses) {
      const isShown = ({ change }: Update) => seen.some(({ type }) => type === change.type);
      if (updates.every(isShown)) break;
      await this.#clock.sleep(pause);
      seen = await this.#readBack(updates);
    }
    return seen;
  }

  /** One formation, or all of the app with one request; none where it, or the app, no longer exists. */
  async #readBack([first, second]: readonly Update[]): Promise<Formation[]> {
    if (!first) return [];
    const { change, options } = first;
    const app = this.#app;
    try {
      if (second) {
        const all = await this.#client.send(listFormations, { app }, options);
        return all.filter(hasType);
      }
      const { type } = change;
      const seen = await this.#client.send(readFormation, { app, type }, options);
      return [{ ...seen, type: seen.type ?? type }];
    } catch (error) {
      if (isGone(error)) return [];
      throw error instanceof HttpError ? new ReadBackFailed(error) : error;
    }
  }
}

function mayBeOneUpdatesFault(error: FormationsError): boolean {
  if (isMaintenance(error)) return false;
  const answers = [Refused, Conflict, ServerFailure, RegionFailed];
  return answers.some((answer) => error instanceof answer);
}

/** The options of all calls together. The engine cancels all calls at once, so one signal is enough. */
function combine(all: readonly SendOptions[]): SendOptions {
  const signals = all.flatMap(({ signal }) => signal ?? []);
  const deadlines = all.map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY);
  const deadline = Math.max(...deadlines);
  return {
    signal: AbortSignal.any(signals),
    deadline: Number.isFinite(deadline) ? deadline : undefined,
    onWait: (text) => {
      for (const { onWait } of all) onWait?.(text);
    },
  };
}
