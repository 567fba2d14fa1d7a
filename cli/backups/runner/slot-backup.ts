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
import { busyText, silence } from "./busy";
import { isWhole } from "./due";
import type { UnendedBackup } from "./memory";

/** What taking a backup came to. */
export type SlotOutcome =
  /** The server answered that it is whole. */
  | { kind: "taken"; tables: readonly string[] }
  /** The location lists it: somebody else took it, or this runner and the response was lost. */
  | { kind: "found"; tables: readonly string[] }
  /** The server says that the ID exists, and does not list it: it was taken, and removed since. */
  | { kind: "expired"; reason: string }
  /** `hasBegun`: the server worked on it, or may have. */
  | { kind: "failed"; reason: string; hasBegun: boolean }
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
  /** A backup at the location that began from this machine, and of whose end nobody heard. */
  unended?: UnendedBackup;
  /** Told of a backup under way, and with undefined that it has ended. Default: nobody is. */
  track?(what: UnendedBackup | undefined): Promise<void>;
  /** Returns numbers from 0 to 1. Default: Math.random. */
  random?: () => number;
}

/** How often a backup is requested in all, if each response leaves its outcome in doubt. */
const mostDoubts = 5;

/** How often the list is checked for a backup that the server says exists. */
const mostLooks = 2;

/** A request without a response for so long is a backup under way, not one that is refused: milliseconds. */
const underWayMs = 5_000;

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
  /** Whether the server may have worked on it. */
  #hasBegun = false;
  /** Whether the server says that the ID exists. */
  #isTaken = false;
  /** What was last noted of the backup under way. */
  #tracked = Promise.resolve();
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
      if (this.#isTaken) return this.#awaitShown();
      if (isSilence(response) || (response instanceof NoAnswer && this.#isLate())) {
        return this.#awaitListing();
      }
      await this.#pause();
      const listed = await this.#findListed();
      if (listed) return found(listed);
      if (this.#isLate()) {
        return this.#failed(`${this.#trouble} Gave up after ${duration(this.#limits.deadlineMs)}.`);
      }
    }
  }

  /** The response, or an error after which the backup may be under way. */
  async #send(): Promise<BackupResult | HttpError> {
    const { signal, onWait, clock } = this.#limits;
    const timeoutSeconds = Math.max((this.#deadline - clock.now()) / 1_000, 0.001);
    this.#isStarted = true;
    const startedAt = clock.now();
    const underWay = setTimeout(() => this.#track(startedAt, "running"), underWayMs).unref();
    try {
      // No deadline for the whole call: a response at the last moment counts.
      const result = await this.#api.takeBackup(this.#request, { signal, onWait, timeoutSeconds });
      // A busy location is another backup's.
      if (result.outcome !== "busy") this.#track(startedAt, undefined);
      return result;
    } catch (error) {
      const isInDoubt = error instanceof HttpError && error.mayHaveTakenEffect && !signal.aborted;
      if (!isInDoubt) throw error;
      const how = isSilence(error) ? "silent" : "lost";
      this.#track(startedAt, error instanceof NoAnswer ? how : undefined);
      return error;
    } finally {
      clearTimeout(underWay);
      await this.#tracked;
    }
  }

  #track(startedAt: number, how: UnendedBackup["how"] | undefined): void {
    const { track } = this.#limits;
    const { backupId } = this.#request;
    const what = how && { backupId, startedAt, how };
    this.#tracked = this.#tracked.then(() => track?.(what));
  }

  /** What a response means; undefined: check the list, then try again. */
  #judge({ outcome, tables, serverSays }: BackupResult): SlotOutcome | undefined {
    switch (outcome) {
      case "completed":
        return { kind: "taken", tables: tables.map(({ name }) => name) };
      case "partial":
      case "failed":
        this.#hasBegun = true;
        return this.#failed(`the backup is ${outcome}: ${tablesText(tables)}.`);
      case "exists":
        this.#isTaken = true;
        this.#trouble = `The server says "${serverSays}" but does not list the backup: it was taken, and a lifecycle rule removed parts of it, or its manifest is unreadable.`;
        return undefined;
      case "busy":
        this.#isStarted = false;
        this.#trouble = busyText(this.#request.location, serverSays, this.#limits.unended);
        return undefined;
      case "ambiguous":
        return this.#doubt(`The server cannot tell the outcome ("${serverSays}").`);
    }
  }

  #doubt(trouble: string): SlotOutcome | undefined {
    this.#trouble = trouble;
    this.#hasBegun = true;
    this.#doubts += 1;
    if (this.#doubts < mostDoubts || this.#isLate()) return undefined;
    return this.#failed(`${trouble} Tried ${this.#doubts} times; the backup is not listed.`);
  }

  /** The backup of an ID that exists: somebody else took it just now, or it was removed since. */
  async #awaitShown(): Promise<SlotOutcome> {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      await this.#pause();
      const listed = await this.#findListed();
      if (listed) return found(listed);
    }
    return { kind: "expired", reason: this.#trouble };
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
    if (seen) {
      await this.#limits.track?.(undefined);
      return found(seen);
    }
    return this.#failed(
      `${this.#trouble} The backup is not listed yet. ${silence} The next run checks again.`,
    );
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

  #failed(reason: string): SlotOutcome {
    return { kind: "failed", reason, hasBegun: this.#hasBegun };
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

/** Whether no response came in time, on a connection that held: one that breaks has a cause. */
function isSilence(response: unknown): response is NoAnswer {
  return response instanceof NoAnswer && response.cause === undefined;
}

function found({ tables }: BackupInfo): SlotOutcome {
  return { kind: "found", tables };
}

function tablesText(tables: readonly TableOutcome[]): string {
  const lacking = tables.filter(({ status }) => !["completed", "successful"].includes(status));
  const told = lacking.map(
    ({ name, status, error }) => `${name} ${error ? `${status} (${error})` : status}`,
  );
  return told.length > 0 ? told.join(", ") : "the server does not say which tables are missing";
}
