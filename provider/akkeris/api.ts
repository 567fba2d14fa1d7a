import type { HttpClient, SendOptions } from "../http/client";
import { unlessGone } from "../http/errors";
import type { Clock } from "../process/clock";
import { inOrder } from "../resource/values";
import { AppQueue, type Update } from "./app-queue";
import {
  createFormation,
  deleteFormation,
  type Formation,
  hasType,
  listApps,
  listFormations,
  listSizes,
  type NewFormation,
  readFormation,
  type Size,
} from "./endpoints";
import { isTaken, TypeTaken, translated } from "./errors";

/** The formation API of Akkeris. Mutations of one app never overlap within one instance. */
export class AkkerisApi {
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #queues = new Map<string, AppQueue>();

  constructor(client: HttpClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
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
      const made = await this.#queue(app).run(() =>
        this.#client.send(createFormation, { app, formation }, { ...options, secrets }),
      );
      return { ...made, type: made.type ?? formation.type };
    } catch (error) {
      throw isTaken(error) ? new TypeTaken(error) : translated(error);
    }
  }

  /** A formation; undefined where it, or its app, does not exist. */
  async get(app: string, type: string, options: SendOptions): Promise<Formation | undefined> {
    const seen = await unlessGone(this.#client.send(readFormation, { app, type }, options));
    return seen && { ...seen, type: seen.type ?? type };
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

  /** Changes a formation, together with the other updates of its app: see {@link AppQueue.update}. */
  update(
    app: string,
    { change, again }: Omit<Update, "options">,
    options: SendOptions,
  ): Promise<Formation | undefined> {
    return this.#queue(app).update({ change, again, options });
  }

  /** Deletes a formation; success where it, or its app, no longer exists. */
  async delete(app: string, type: string, options: SendOptions): Promise<void> {
    const sent = this.#queue(app).run(() =>
      this.#client.send(deleteFormation, { app, type }, options),
    );
    await unlessGone(sent);
  }

  #queue(app: string): AppQueue {
    const queue = this.#queues.get(app) ?? new AppQueue(app, this.#client, this.#clock);
    this.#queues.set(app, queue);
    return queue;
  }
}
