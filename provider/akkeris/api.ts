import type { HttpClient, SendOptions } from "../http/client";
import { unlessGone } from "../http/errors";
import type { Clock } from "../process/clock";
import { AppQueue, type Ticket } from "./app-queue";
import { sendUpdates, type Update } from "./batch";
import {
  createFormation,
  deleteFormation,
  type Formation,
  listFormations,
  listSizes,
  type NewFormation,
  readFormation,
  type Size,
  updateFormations,
} from "./endpoints";

/** The formation API of Akkeris. Mutations of one app never overlap within one instance. */
export class AkkerisApi {
  private readonly client: HttpClient;
  private readonly clock: Clock;
  private readonly queues = new Map<string, AppQueue<Update, Formation | undefined>>();

  constructor(client: HttpClient, clock: Clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Creates a formation. What the answer shows is not all done yet: see {@link createFormation}. */
  create(app: string, formation: NewFormation, options: SendOptions): Promise<Formation> {
    const secrets = Object.values(formation.options?.env ?? {});
    return this.queue(app).run(() =>
      this.client.send(createFormation, { app, formation }, { ...options, secrets }),
    );
  }

  /** A formation; undefined when it is gone, or its app is. */
  async get(app: string, type: string, options: SendOptions): Promise<Formation | undefined> {
    return unlessGone(this.client.send(readFormation, { app, type }, options));
  }

  /** All formations of an app. */
  list(app: string, options: SendOptions): Promise<Formation[]> {
    return this.client.send(listFormations, { app }, options);
  }

  /** The sizes that formations can have. */
  sizes(options: SendOptions): Promise<Size[]> {
    return this.client.send(listSizes, undefined, options);
  }

  /**
   * Changes a formation, together with the other changes of its app that are in flight, and reads it
   * back; undefined when it is gone by then.
   */
  update(
    app: string,
    { change, again }: Omit<Update, "options">,
    options: SendOptions,
  ): Promise<Formation | undefined> {
    return this.queue(app).update({ change, again, options });
  }

  /** Deletes a formation; one that is gone already, with its app or without, is success. */
  async delete(app: string, type: string, options: SendOptions): Promise<void> {
    const sent = this.queue(app).run(() =>
      this.client.send(deleteFormation, { app, type }, options),
    );
    await unlessGone(sent);
  }

  private queue(app: string): AppQueue<Update, Formation | undefined> {
    const found = this.queues.get(app);
    if (found) return found;
    const made = new AppQueue<Update, Formation | undefined>(this.clock, (tickets) =>
      this.carryOut(app, tickets),
    );
    this.queues.set(app, made);
    return made;
  }

  private async carryOut(
    app: string,
    tickets: readonly Ticket<Update, Formation | undefined>[],
  ): Promise<void> {
    const errors = await sendUpdates(
      tickets.map(({ update }) => update),
      (changes, options) => {
        const types = changes.map(({ type }) => type).join(", ");
        const operation = `update ${types} of ${app}`;
        return this.client.send({ ...updateFormations, operation }, { app, changes }, options);
      },
      this.clock,
    );
    tickets.forEach(({ reject }, index) => {
      if (errors[index]) reject(errors[index]);
    });
    const changed = tickets.filter((_, index) => !errors[index]);
    const [first, second] = changed;
    if (!first) return;
    const { change, options } = first.update;
    const seen = second
      ? await this.list(app, options)
      : [await this.get(app, change.type, options)];
    for (const { update, resolve } of changed) {
      resolve(seen.find((formation) => formation?.type === update.change.type));
    }
  }
}
