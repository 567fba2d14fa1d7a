import type { AntflyApi, BackupResult } from "../../../provider/antfly/api";
import type { BackupInfo, BackupRequest, TableOutcome } from "../../../provider/antfly/endpoints";
import type { SendOptions } from "../../../provider/http/client";
import { HttpError, NoAnswer } from "../../../provider/http/errors";
import { retryDelay } from "../../../provider/http/retry-decision";
import type { Clock } from "../../../provider/process/clock";
import { duration } from "../../../provider/resource/wait";

/** How a backup's taking ended. */
export type Ending =
  /** The server answered that it is whole. */
  | { kind: "taken"; tables: readonly string[] }
  /** The location lists it: somebody else took it, or this runner without hearing the answer. */
  | { kind: "found"; tables: readonly string[] }
  | { kind: "failed"; reason: string }
  /** The runner was told to end. */
  | { kind: "interrupted"; reason: string };

/** How a backup is waited for. */
export interface Patience {
  clock: Clock;
  signal: AbortSignal;
  /** How long the call and whatever is in its way are waited for, in milliseconds. */
  deadlineMs: number;
  /** How long the list is looked at after a call that was given up, in milliseconds. */
  graceMs: number;
  /** Told why and how long something waits. */
  onWait(text: string): void;
  /** Gives numbers from 0 to 1. Default: Math.random. */
  random?: () => number;
}

/** So often is a backup sent that ends in doubt. */
const mostDoubts = 5;

/** A list may tell of a backup a moment after the server does; more looks would not help. */
const mostHidden = 5;

/**
 * Whether a listed backup is the whole one that is asked for. 0.2 lists whole ones only; v0.1 lists
 * also what failed, with the tables that are in it.
 */
export function isWhole(
  listed: BackupInfo,
  { tableNames }: Pick<BackupRequest, "tableNames">,
  dialect: string,
): boolean {
  if (dialect !== "v0.1") return true;
  if (tableNames === undefined) return listed.tables.length > 0;
  return tableNames.every((name) => listed.tables.includes(name));
}

/**
 * Takes a backup of an ID that the location does not list, and stays with it until it is there, by
 * whomever, or cannot be had. It is sent again only after a look at the list.
 *
 * @throws HttpError where the server refuses it, or can't be reached
 */
export async function takeSlot(
  api: AntflyApi,
  request: BackupRequest,
  patience: Patience,
): Promise<Ending> {
  return new SlotBackup(api, request, patience).run();
}

/** One backup on its way. */
class SlotBackup {
  readonly #api: AntflyApi;
  readonly #request: BackupRequest;
  readonly #patience: Patience;
  readonly #deadline: number;
  #pauses = 0;
  #doubts = 0;
  #hidden = 0;
  /** Whether the server may be at work on it. */
  #isBegun = false;
  /** The last thing that went wrong, in words. */
  #trouble = "";

  constructor(api: AntflyApi, request: BackupRequest, patience: Patience) {
    this.#api = api;
    this.#request = request;
    this.#patience = patience;
    this.#deadline = patience.clock.now() + patience.deadlineMs;
  }

  async run(): Promise<Ending> {
    try {
      return await this.#run();
    } catch (error) {
      if (!this.#patience.signal.aborted) throw error;
      return { kind: "interrupted", reason: this.#underWay() };
    }
  }

  async #run(): Promise<Ending> {
    for (;;) {
      const answer = await this.#send();
      const ending =
        answer instanceof HttpError ? this.#doubted(answer.message) : this.#judge(answer);
      if (ending) return ending;
      const isGivenUp = answer instanceof NoAnswer && this.#isLate();
      if (isGivenUp) return this.#awaitListing();
      await this.#pause(this.#deadline);
      const listed = await this.#look();
      if (listed) return { kind: "found", tables: listed.tables };
      if (this.#isLate()) {
        const waited = duration(this.#patience.deadlineMs);
        return failed(`${this.#trouble} That was so for ${waited}.`);
      }
    }
  }

  /** The answer, or an error after which nobody knows whether it took effect. */
  async #send(): Promise<BackupResult | HttpError> {
    const { signal, onWait, clock } = this.#patience;
    const timeoutSeconds = Math.max((this.#deadline - clock.now()) / 1_000, 0.001);
    this.#isBegun = true;
    try {
      // No deadline of the whole call: what the server answers at the last moment counts.
      return await this.#api.takeBackup(this.#request, { signal, onWait, timeoutSeconds });
    } catch (error) {
      const isInDoubt = error instanceof HttpError && error.mayHaveTakenEffect && !signal.aborted;
      if (isInDoubt) return error;
      throw error;
    }
  }

  /** What an answer means; undefined: look, and go on. */
  #judge({ outcome, tables, serverSays }: BackupResult): Ending | undefined {
    switch (outcome) {
      case "completed":
        return { kind: "taken", tables: tables.map(({ name }) => name) };
      case "partial":
      case "failed":
        return failed(`the backup is ${outcome}: ${tablesText(tables)}.`);
      case "exists":
        this.#trouble = `The server says "${serverSays}", yet does not list it: its manifest there may be unreadable.`;
        this.#hidden += 1;
        return this.#hidden >= mostHidden ? failed(this.#trouble) : undefined;
      case "busy":
        this.#isBegun = false;
        this.#trouble = `${this.#request.location} is busy ("${serverSays}"). ${whatFreesIt}`;
        return undefined;
      case "ambiguous":
        return this.#doubted(`The server can't say how it ended ("${serverSays}").`);
    }
  }

  #doubted(trouble: string): Ending | undefined {
    this.#trouble = trouble;
    this.#doubts += 1;
    if (this.#doubts < mostDoubts || this.#isLate()) return undefined;
    return failed(`${trouble} It was tried ${this.#doubts} times, and is not listed.`);
  }

  /** After a call that was given up: the server finishes it all the same. */
  async #awaitListing(): Promise<Ending> {
    const until = this.#patience.clock.now() + this.#patience.graceMs;
    for (;;) {
      const listed = await this.#look();
      if (listed) return { kind: "found", tables: listed.tables };
      if (this.#patience.clock.now() >= until) {
        return failed(
          `${this.#trouble} The location does not list it yet; the next run looks again.`,
        );
      }
      await this.#pause(until);
    }
  }

  /** The backup, where the location lists it whole. */
  async #look(): Promise<BackupInfo | undefined> {
    const { signal, onWait } = this.#patience;
    const options: SendOptions = { signal, onWait };
    const dialect = await this.#api.dialect(options);
    // A v0.1 server cuts a backup short whose client has gone, and lists what there is of it.
    const isTelling = dialect !== "v0.1" || this.#doubts === 0 || this.#request.tableNames;
    if (!isTelling) return undefined;
    const backups = await this.#api.backups(this.#request, options);
    const { backupId } = this.#request;
    return backups.find((one) => one.backupId === backupId && isWhole(one, this.#request, dialect));
  }

  async #pause(until: number): Promise<void> {
    const { clock, signal, onWait, random = Math.random } = this.#patience;
    this.#pauses += 1;
    const delay = Math.min(retryDelay(this.#pauses, undefined, random()), until - clock.now());
    onWait(`${this.#trouble} Looking again in ${duration(delay)}.`);
    await clock.sleep(Math.max(delay, 1), signal);
  }

  #isLate(): boolean {
    return this.#patience.clock.now() >= this.#deadline;
  }

  /** Said without asking the server: the runner is to end now. */
  #underWay(): string {
    const { backupId } = this.#request;
    return this.#isBegun
      ? `${backupId} was under way. A server of version 0.2 finishes it, one of v0.1 cuts it short; the next run looks, and takes what is missing.`
      : `${backupId} was waiting for its turn, and nothing of it was begun.`;
  }
}

/** As 0.2 does it: a reservation, then a lease whose file stands beside the backups. */
const whatFreesIt =
  "If no backup runs there, a server that was killed has left it locked: for 5 minutes by a reservation, then for 24 hours by the lease whose file at the location ends in `-writer-lease`; setting the expiry in that file into the past frees it.";

function failed(reason: string): Ending {
  return { kind: "failed", reason };
}

function tablesText(tables: readonly TableOutcome[]): string {
  const lacking = tables.filter(({ status }) => !["completed", "successful"].includes(status));
  const told = lacking.map(
    ({ name, status, error }) => `${name} ${error ? `${status} (${error})` : status}`,
  );
  return told.length > 0 ? told.join(", ") : "the server does not say which tables are missing";
}
