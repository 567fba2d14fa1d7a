import { setImmediate } from "node:timers/promises";
import type { HttpClient, SendOptions } from "../http/client";
import { isGone, unlessGone } from "../http/errors";
import { anySignal } from "../process/call";
import type { Clock } from "../process/clock";
import type { AppCalls, Company } from "./app-queue";
import { type Formation, hasType, listFormations, readFormation } from "./endpoints";

/** A read with less time than this waits for no other: two lists may each take as long as one try. */
const leastTimeMs = 2 * 60_000;

/** What a list says of a type: the formation, that the app is gone, or nothing to rely on. */
type Listed = Formation | "gone" | "unclear";

/** A read that waits to be answered by a list. */
interface Reader {
  type: string;
  options: SendOptions;
  resolve(listed: Listed): void;
}

/** Reads that are being collected; times are milliseconds since the epoch. */
interface Batch {
  readers: Reader[];
  /** When the last one came. */
  joinedAt: number;
}

/**
 * Reads formations of one app. Those that come in together, or while a list is under way, are answered by
 * one list, which is requested after all of them came. What a list leaves open is read alone, so that each
 * call has the result, or the error, of a read of its own.
 */
export class AppReads {
  readonly #app: string;
  readonly #client: Pick<HttpClient, "send">;
  readonly #clock: Clock;
  readonly #company: Company;
  readonly #known: ReadonlySet<string>;
  #open: Batch | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(app: string, client: Pick<HttpClient, "send">, { clock, company, known }: AppCalls) {
    this.#app = app;
    this.#client = client;
    this.#clock = clock;
    this.#company = company;
    this.#known = known;
  }

  /** A formation; undefined where it, or the app, does not exist. */
  async get(type: string, options: SendOptions): Promise<Formation | undefined> {
    const left = (options.deadline ?? Number.POSITIVE_INFINITY) - this.#clock.now();
    if (left < leastTimeMs) return this.#readAlone(type, options);
    if (await this.#isAlone()) {
      const seen = this.#readAlone(type, options);
      this.#tail = seen.catch(() => {});
      return seen;
    }
    const listed = await this.#listed(type, options);
    if (listed === "gone") return undefined;
    return listed === "unclear" ? this.#readAlone(type, options) : listed;
  }

  /** Whether no read can be expected that would travel with this one. Whatever has arrived already is served first. */
  async #isAlone(): Promise<boolean> {
    if (this.#known.size > 1 || this.#open) return false;
    await setImmediate();
    return this.#known.size === 1;
  }

  async #readAlone(type: string, options: SendOptions): Promise<Formation | undefined> {
    const app = this.#app;
    const seen = await unlessGone(this.#client.send(readFormation, { app, type }, options));
    return seen && { ...seen, type: seen.type ?? type };
  }

  /** What the list says for which this call waits. A call that is cancelled waits no longer. */
  async #listed(type: string, options: SendOptions): Promise<Listed> {
    const { promise, resolve } = Promise.withResolvers<Listed>();
    const leave = () => resolve("unclear");
    this.#open ??= this.#collect();
    this.#open.readers.push({ type, options, resolve });
    this.#open.joinedAt = this.#clock.now();
    this.#company.arrived();
    options.signal?.addEventListener("abort", leave);
    try {
      return options.signal?.aborted ? "unclear" : await promise;
    } finally {
      options.signal?.removeEventListener("abort", leave);
    }
  }

  /** Opens a batch, which stays open while reads come in and while the list before it is under way. */
  #collect(): Batch {
    const openedAt = this.#clock.now();
    const batch: Batch = { readers: [], joinedAt: openedAt };
    const { readers } = batch;
    const group = {
      size: () => readers.length,
      state: () => {
        const { joinedAt } = batch;
        const isAlone = this.#known.size === 1;
        const never = { redeploys: false, expected: [], plannedLast: 0 };
        return { openedAt, joinedAt, isAlone, ...never };
      },
    };
    this.#company.add(group);
    this.#tail = this.#tail.then(async () => {
      await this.#company.gathered(group);
      this.#open = undefined;
      const listed = await this.#list(readers);
      for (const { type, resolve } of readers) resolve(listed(type));
    });
    return batch;
  }

  /** Requests a list, if there is more than one formation to read. It fails for none of the readers. */
  async #list(readers: readonly Reader[]): Promise<(type: string) => Listed> {
    if (new Set(readers.map(({ type }) => type)).size < 2) return () => "unclear";
    const app = this.#app;
    const signal = anySignal(readers.map(({ options }) => options));
    try {
      const all = await this.#client.send(listFormations, { app }, { signal, once: true });
      const rows = Map.groupBy(all.filter(hasType), (one) => one.type);
      return (type) => {
        const [row, another] = rows.get(type) ?? [];
        return row === undefined || another ? "unclear" : row;
      };
    } catch (error) {
      return () => (isGone(error) ? "gone" : "unclear");
    }
  }
}
