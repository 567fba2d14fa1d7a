import type { AntflyApi, BackupInfo } from "../../../provider/antfly/api";
import type { BackupResult } from "../../../provider/antfly/backup-outcome";
import type { BackupRequest } from "../../../provider/antfly/endpoints";
import type { TableOutcome } from "../../../provider/antfly/responses";
import type { SendOptions } from "../../../provider/http/client";
import { HttpError, NoAnswer } from "../../../provider/http/errors";
import { backoff } from "../../../provider/process/backoff";
import type { Clock } from "../../../provider/process/clock";
import { WaitTimedOut } from "../../../provider/resource/errors";
import { duration, waitUntil } from "../../../provider/resource/wait";
import { isWhole } from "./due";

/** What taking a backup came to. */
export type SlotOutcome =
  /** The server answered that it is whole. */
  | { kind: "taken"; tables: readonly string[] }
  /** The location lists it: somebody else took it, or this runner and the response was lost. */
  | { kind: "found"; tables: readonly string[] }
  | { kind: "failed"; reason: string }
  /** The runner was told to stop. */
  | { kind: "interrupted"; reason: string };

/** How long a backup may take. */
export interface BackupLimits {
  clock: Clock;
  signal: AbortSignal;
  /** Time limit for the request, queueing included, in milliseconds. */
  deadlineMs: number;
  /** How long to keep checking the list after that, in milliseconds. */
  graceMs: number;
  /** Told why and how long the backup waits. */
  onWait(text: string): void;
  /** Returns numbers from 0 to 1. Default: Math.random. */
  random?: () => number;
}

/** How often a backup is requested in all, if each response leaves its outcome in doubt. */
const mostDoubts = 5;

/** How often the server may say that a backup exists before it lists it. */
const mostHidden = 5;

/** The longest pause between two looks at the list, in milliseconds. */
const longestPause = 30_000;

/**
 * Takes a backup that the location does not list, and follows it until it is listed, by this
 * runner or another, or has failed. It checks the list before it repeats a request.
 *
 * @throws HttpError if the server refuses the backup, or can't be reached
 */
export async function takeSlot(
  api: AntflyApi,
  request: BackupRequest,
  limits: BackupLimits,
): Promise<SlotOutcome> {
  return new SlotBackup(api, request, limits).run();
}

/**
 * One backup under way. This is not `createOnce`: it tries a busy location until the deadline,
 * however many requests that takes, and a regular response can leave the outcome in doubt too.
 */
class SlotBackup {
  readonly #api: AntflyApi;
  readonly #request: BackupRequest;
  readonly #limits: BackupLimits;
  readonly #deadline: number;
  #pauses = 0;
  #doubts = 0;
  #hidden = 0;
  /** Whether the server may be working on it. */
  #isStarted = false;
  /** The last thing that went wrong, as a sentence. */
  #trouble = "";

  constructor(api: AntflyApi, request: BackupRequest, limits: BackupLimits) {
    this.#api = api;
    this.#request = request;
    this.#limits = limits;
    this.#deadline = limits.clock.now() + limits.deadlineMs;
  }

  async run(): Promise<SlotOutcome> {
    try {
      return await this.#run();
    } catch (error) {
      if (!this.#limits.signal.aborted) throw error;
      return { kind: "interrupted", reason: this.#interruption() };
    }
  }

  async #run(): Promise<SlotOutcome> {
    for (;;) {
      const response = await this.#send();
      const outcome =
        response instanceof HttpError ? this.#doubt(response.message) : this.#judge(response);
      if (outcome) return outcome;
      if (response instanceof NoAnswer && this.#isLate()) return this.#awaitListing();
      await this.#pause();
      const listed = await this.#findListed();
      if (listed) return found(listed);
      if (this.#isLate()) {
        return failed(`${this.#trouble} Gave up after ${duration(this.#limits.deadlineMs)}.`);
      }
    }
  }

  /** The response, or an error after which the backup may be under way. */
  async #send(): Promise<BackupResult | HttpError> {
    const { signal, onWait, clock } = this.#limits;
    const timeoutSeconds = Math.max((this.#deadline - clock.now()) / 1_000, 0.001);
    this.#isStarted = true;
    try {
      // No deadline for the whole call: a response at the last moment counts.
      return await this.#api.takeBackup(this.#request, { signal, onWait, timeoutSeconds });
    } catch (error) {
      const isInDoubt = error instanceof HttpError && error.mayHaveTakenEffect && !signal.aborted;
      if (isInDoubt) return error;
      throw error;
    }
  }

  /** What a response means; undefined: check the list, then try again. */
  #judge({ outcome, tables, serverSays }: BackupResult): SlotOutcome | undefined {
    switch (outcome) {
      case "completed":
        return { kind: "taken", tables: tables.map(({ name }) => name) };
      case "partial":
      case "failed":
        return failed(`the backup is ${outcome}: ${tablesText(tables)}.`);
      case "exists":
        this.#trouble = `The server says "${serverSays}" but does not list the backup: its manifest may be unreadable.`;
        this.#hidden += 1;
        return this.#hidden >= mostHidden ? failed(this.#trouble) : undefined;
      case "busy":
        this.#isStarted = false;
        this.#trouble = `${this.#request.location} is busy ("${serverSays}"). ${whatFreesIt}`;
        return undefined;
      case "ambiguous":
        return this.#doubt(`The server cannot tell the outcome ("${serverSays}").`);
    }
  }

  #doubt(trouble: string): SlotOutcome | undefined {
    this.#trouble = trouble;
    this.#doubts += 1;
    if (this.#doubts < mostDoubts || this.#isLate()) return undefined;
    return failed(`${trouble} Tried ${this.#doubts} times; the backup is not listed.`);
  }

  /** Waits for the list after a request timed out: the server finishes the backup all the same. */
  async #awaitListing(): Promise<SlotOutcome> {
    const { clock, signal, graceMs, onWait } = this.#limits;
    const { backupId, location } = this.#request;
    onWait(`${this.#trouble} The server may still finish: checking for ${duration(graceMs)}.`);
    const seen = await waitUntil({
      what: `${location} to list ${backupId}`,
      poll: () => this.#findListed(),
      verdict: (listed) => (listed ? "done" : "waiting"),
      describe: () => "not listed",
      deadline: clock.now() + graceMs,
      signal,
      clock,
      pace: { cap: longestPause },
    }).catch((error) => {
      if (error instanceof WaitTimedOut) return undefined;
      throw error;
    });
    if (seen) return found(seen);
    return failed(`${this.#trouble} The backup is not listed yet; the next run checks again.`);
  }

  /** The backup, if the location lists it whole. */
  async #findListed(): Promise<BackupInfo | undefined> {
    const { signal, onWait } = this.#limits;
    const options: SendOptions = { signal, onWait };
    const dialect = await this.#api.dialect(options);
    // A v0.1 server stops a backup whose client has gone, and lists the part that it took.
    const isTelling = dialect !== "v0.1" || this.#doubts === 0 || this.#request.tableNames;
    if (!isTelling) return undefined;
    const backups = await this.#api.backups(this.#request, options);
    const { backupId } = this.#request;
    return backups.find((one) => one.backupId === backupId && isWhole(one, this.#request, dialect));
  }

  async #pause(): Promise<void> {
    const { clock, signal, onWait, random = Math.random } = this.#limits;
    this.#pauses += 1;
    const delay = Math.min(backoff(this.#pauses, random()), this.#deadline - clock.now());
    onWait(`${this.#trouble} Checking again in ${duration(delay)}.`);
    await clock.sleep(Math.max(delay, 1), signal);
  }

  #isLate(): boolean {
    return this.#limits.clock.now() >= this.#deadline;
  }

  /** Said without asking the server: the runner has to stop now. */
  #interruption(): string {
    const { backupId } = this.#request;
    return this.#isStarted
      ? `${backupId} was under way. Servers of version 0.2 finish it; those of v0.1 stop. The next run checks and takes what is missing.`
      : `${backupId} was waiting for its turn and was not started.`;
  }
}

/** What 0.2 does: a reservation, then a lease, whose file is stored beside the backups. */
const whatFreesIt =
  "If no backup is running there, a killed server left the location locked: for 5 minutes by a reservation, then for 24 hours by a lease, the file at the location whose name ends in `-writer-lease`. To free it, set the expiry in that file to a time in the past.";

function found({ tables }: BackupInfo): SlotOutcome {
  return { kind: "found", tables };
}

function failed(reason: string): SlotOutcome {
  return { kind: "failed", reason };
}

function tablesText(tables: readonly TableOutcome[]): string {
  const lacking = tables.filter(({ status }) => !["completed", "successful"].includes(status));
  const told = lacking.map(
    ({ name, status, error }) => `${name} ${error ? `${status} (${error})` : status}`,
  );
  return told.length > 0 ? told.join(", ") : "the server does not say which tables are missing";
}
