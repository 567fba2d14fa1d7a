import { FormationsError } from "../errors";
import type { HttpClient, SendOptions } from "../http/client";
import { Conflict, HttpError, isGone, Refused, ServerFailure, unlessGone } from "../http/errors";
import { anySignal } from "../process/call";
import type { Clock } from "../process/clock";
import { Pace } from "../resource/session";
import { inOrder } from "../resource/values";
import { AppQueue, Company, type Ticket, type Update } from "./app-queue";
import { AppReads } from "./app-reads";
import {
  createFormation,
  deleteFormation,
  type Formation,
  type FormationChange,
  hasType,
  listApps,
  listFormations,
  listSizes,
  type NewFormation,
  readFormation,
  type Size,
  updateFormations,
} from "./endpoints";
import {
  isMaintenance,
  isTaken,
  ReadBackFailed,
  RegionFailed,
  TypeTaken,
  translated,
} from "./errors";

/** The pauses before a PATCH is retried, or what it changed is read again, in milliseconds. */
const pauses = [1_000, 3_000];

/** What one client knows of an app. */
interface App {
  queue: AppQueue;
  reads: AppReads;
  /** The types that the engine has planned or asked for. */
  known: Set<string>;
}

/** The formation API of Akkeris. Mutations of one app never overlap within one instance. */
export class AkkerisApi {
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #company: Company;
  readonly #apps = new Map<string, App>();

  constructor(client: HttpClient, clock: Clock, pace = new Pace(clock)) {
    this.#client = client;
    this.#clock = clock;
    this.#company = new Company(clock, pace);
  }

  /**
   * Creates a formation. Not all that the response shows is done: see {@link createFormation}.
   *
   * @throws TypeTaken when the app already has a formation of this type
   * @throws RegionFailed when the server may have stored the formation without the region having it
   */
  async create(app: string, formation: NewFormation, options: SendOptions): Promise<Formation> {
    const secrets = Object.values(formation.options?.env ?? {});
    try {
      const send = () =>
        this.#client.send(createFormation, { app, formation }, { ...options, secrets });
      const { queue } = this.#app(app, formation.type);
      const made = await this.#company.with(() => queue.run(send));
      return { ...made, type: made.type ?? formation.type };
    } catch (error) {
      throw isTaken(error) ? new TypeTaken(error) : translated(error);
    }
  }

  /**
   * A formation; undefined where it, or its app, does not exist. Reads of one app travel together: see
   * {@link AppReads}.
   */
  get(app: string, type: string, options: SendOptions): Promise<Formation | undefined> {
    const { reads } = this.#app(app, type);
    return this.#company.with(() => reads.get(type, options));
  }

  /** All formations of an app. */
  async list(app: string, options: SendOptions): Promise<Formation[]> {
    const all = await this.#client.send(listFormations, { app }, options);
    return all.filter(hasType);
  }

  /** The names of all apps, in their order. An app that the response does not name is left out. */
  async apps(options: SendOptions): Promise<string[]> {
    const all = await this.#client.send(listApps, undefined, options);
    return [...new Set(all)].sort(inOrder);
  }

  /** The sizes that formations can have. */
  sizes(options: SendOptions): Promise<Size[]> {
    return this.#client.send(listSizes, undefined, options);
  }

  /**
   * Notes a plan of the engine.
   *
   * @param redeploys whether an update will come that redeploys the app: others wait for it
   */
  announce(app: string, type: string, redeploys: boolean): void {
    this.#app(app, type).queue.announce(type, redeploys);
  }

  /** Changes a formation, together with the other updates of its app: see {@link AppQueue.update}. */
  update(
    app: string,
    update: Omit<Update, "options">,
    options: SendOptions,
  ): Promise<Formation | undefined> {
    const { queue } = this.#app(app, update.change.type);
    return this.#company.with(() => queue.update({ ...update, options }));
  }

  /** Deletes a formation; success where it, or its app, no longer exists. */
  async delete(app: string, type: string, options: SendOptions): Promise<void> {
    const { queue, known } = this.#app(app, type);
    queue.announce(type, false);
    const send = () => this.#client.send(deleteFormation, { app, type }, options);
    await unlessGone(this.#company.with(() => queue.run(send)));
    known.delete(type);
  }

  #app(name: string, type: string): App {
    const app = this.#apps.get(name) ?? this.#open(name);
    app.known.add(type);
    return app;
  }

  #open(name: string): App {
    const known = new Set<string>();
    const calls = { clock: this.#clock, company: this.#company, known };
    const queue = new AppQueue(calls, (tickets) => this.#settle(name, tickets));
    const app = { queue, reads: new AppReads(name, this.#client, calls), known };
    this.#apps.set(name, app);
    return app;
  }

  /** Sends a batch and settles its tickets. Those that are left when it throws fail with its error. */
  async #settle(app: string, tickets: readonly Ticket[]): Promise<void> {
    const errors = await this.#send(
      app,
      tickets.map(({ update }) => update),
    );
    for (const [index, error] of errors.entries()) if (error) tickets[index]?.reject(error);

    const changed = tickets.filter((_, index) => !errors[index]);
    const seen = await this.#readBackAll(
      app,
      changed.map(({ update }) => update),
    );
    for (const { update, resolve } of changed) {
      resolve(seen.find(({ type }) => type === update.change.type));
    }
  }

  /**
   * Sends updates in one PATCH. Where the server refuses that, each is sent alone, so that only the
   * culprit fails. Resolves to the error of each update, or undefined where it took effect.
   */
  async #send(app: string, updates: readonly Update[]): Promise<(FormationsError | undefined)[]> {
    const together = await this.#tryPatch(app, updates, pauses);
    if (!together || updates.length === 1 || !mayBeOneUpdatesFault(together)) {
      return updates.map(() => together);
    }
    // A failing region was tried often enough. After a 422 nothing is stored; after a 409 the other
    // updates are.
    const isStored = together.mayHaveTakenEffect;
    const left = isStored ? [] : pauses;
    const isAgain = isStored || together instanceof Conflict;
    const errors: (FormationsError | undefined)[] = [];
    for (const update of updates) errors.push(await this.#tryPatch(app, [update], left, isAgain));
    return errors;
  }

  /** Sends one PATCH, and retries it where the server may have stored the change all the same. */
  async #tryPatch(
    app: string,
    updates: readonly Update[],
    pausesLeft: readonly number[],
    isAgain = false,
  ): Promise<FormationsError | undefined> {
    const options = combine(updates.map((update) => update.options));
    try {
      await this.#patch(
        app,
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
      return isCancelled ? error : await this.#tryPatch(app, updates, rest, true);
    }
  }

  async #patch(
    app: string,
    changes: readonly FormationChange[],
    options: SendOptions,
  ): Promise<void> {
    const operation = `update ${changes.map(({ type }) => type).join(", ")} of ${app}`;
    try {
      await this.#client.send({ ...updateFormations, operation }, { app, changes }, options);
    } catch (error) {
      throw translated(error);
    }
  }

  /** Reads back what was changed. A read may be behind, and not show yet what was just created. */
  async #readBackAll(app: string, updates: readonly Update[]): Promise<Formation[]> {
    let seen = await this.#readBack(app, updates);
    for (const pause of pauses) {
      const isShown = ({ change }: Update) => seen.some(({ type }) => type === change.type);
      if (updates.every(isShown)) break;
      await this.#clock.sleep(pause);
      seen = await this.#readBack(app, updates);
    }
    return seen;
  }

  /** One formation, or all of the app with one request; none where it, or the app, no longer exists. */
  async #readBack(app: string, [first, second]: readonly Update[]): Promise<Formation[]> {
    if (!first) return [];
    const { change, options } = first;
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

/** The options of all calls together. */
function combine(all: readonly SendOptions[]): SendOptions {
  const [first, second] = all;
  if (first && !second) return first;
  const deadlines = all.map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY);
  const deadline = Math.max(...deadlines);
  return {
    signal: anySignal(all),
    deadline: Number.isFinite(deadline) ? deadline : undefined,
    onWait: (text) => {
      for (const { onWait } of all) onWait?.(text);
    },
  };
}
