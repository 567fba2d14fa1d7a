import { randomUUID } from "node:crypto";
import { readBody } from "../http/body";
import type { HttpClient, SendOptions } from "../http/client";
import { Conflict, type HttpError, unlessGone } from "../http/errors";
import { type Dialect, detectDialect } from "./dialect";
import type { BackupInfo, BackupPlace, ClusterStatus, RestoreJob, SecretEntry } from "./endpoints";
import * as endpoints from "./endpoints";
import { EndlessList } from "./errors";
import * as tables from "./table-endpoints";

/** The most that 0.2 puts into one page. */
const pageSize = 1000;

/**
 * How a backup ended:
 *
 * - `completed`: every table is in it;
 * - `partial`, `failed`: some tables, or all, are not. 0.2 neither lists such a backup nor keeps its
 *   ID; v0.1 lists it, with the tables that are in it;
 * - `ambiguous`: the server cannot say. Look at the list before taking it again;
 * - `exists`: nothing was done, since the location has a backup of that ID (0.2; v0.1 overwrites it);
 * - `busy`: nothing was done, since another backup is being written to the location (0.2).
 */
export type BackupOutcome = "completed" | "partial" | "failed" | "ambiguous" | "exists" | "busy";

/** How a backup ended, for the whole and for each table. */
export interface BackupResult {
  outcome: BackupOutcome;
  /** Empty where nothing was done. */
  tables: endpoints.TableOutcome[];
  /** The server's own word for the outcome. */
  serverSays: string;
}

/** What a restore has begun: 0.2 tells a job to follow, v0.1 the tables, of which nothing more is told. */
export type Restore =
  | { kind: "job"; job: RestoreJob }
  | { kind: "triggered"; status: string; tables: endpoints.TableOutcome[] };

/** What the API of one server is made of. */
export interface AntflyApiOptions {
  /** Client of the server's root. */
  client: HttpClient;
  /** Client of the health port. It sends no credential. */
  health: HttpClient;
  /** The dialect, where the configured URL tells it. */
  dialect?: Dialect;
}

/** The API of one Antfly server, in whichever dialect it speaks. */
export class AntflyApi {
  private readonly client: HttpClient;
  private readonly healthClient: HttpClient;
  private readonly told: Dialect | undefined;
  private detected: Promise<Dialect> | undefined;

  constructor({ client, health, dialect }: AntflyApiOptions) {
    this.client = client;
    this.healthClient = health;
    this.told = dialect;
    this.forgetDialect();
  }

  /** The dialect that the server speaks. Asked of it once, by one request, unless its URL tells it. */
  dialect(options: SendOptions): Promise<Dialect> {
    this.detected ??= detectDialect(this.client, options).catch((error) => {
      this.detected = undefined;
      throw error;
    });
    return this.detected;
  }

  /** Asks for the dialect anew, unless the server's URL tells it: a server may have been upgraded. */
  forgetDialect(): void {
    this.detected = this.told && Promise.resolve(this.told);
  }

  /** The cluster's health and mode. Any credential may ask. */
  async status(options: SendOptions): Promise<ClusterStatus & { dialect: Dialect }> {
    const dialect = await this.dialect(options);
    return { ...(await this.client.send(endpoints.readStatus, { dialect }, options)), dialect };
  }

  /** What the health port says of the process: `ok`. */
  async health(options: SendOptions): Promise<string> {
    const text = await this.healthClient.send(endpoints.readHealth, {}, options);
    const { value } = readBody(text);
    const told = typeof value === "object" && value !== null && Reflect.get(value, "status");
    return typeof told === "string" ? told : text.trim();
  }

  /** Prometheus metrics of the process, in the text format. */
  metrics(options: SendOptions): Promise<string> {
    return this.healthClient.send(endpoints.readMetrics, {}, options);
  }

  /** All secrets, without their values. */
  async secrets(options: SendOptions): Promise<SecretEntry[]> {
    const dialect = await this.dialect(options);
    return (await this.client.send(endpoints.listSecrets, { dialect }, options)).secrets;
  }

  /** One secret, stored or from the server's environment; undefined: there is neither. */
  async secret(key: string, options: SendOptions): Promise<SecretEntry | undefined> {
    return (await this.secrets(options)).find((entry) => entry.key === key);
  }

  /** Stores a secret, over an existing one of that key too. Only in single-node mode; else 503. */
  putSecret(key: string, value: string, options: SendOptions): Promise<SecretEntry> {
    return this.sendSecret(endpoints.putSecret, { key, value }, options);
  }

  /**
   * Stores a secret whose key was not there. It is sent once: after an error with `mayHaveTakenEffect`
   * look whether it is there before it is sent again.
   */
  createSecret(key: string, value: string, options: SendOptions): Promise<SecretEntry> {
    return this.sendSecret(endpoints.putSecretOnce, { key, value }, options);
  }

  /**
   * Deletes a secret; that the server's file has none of that key is success. One that the server
   * takes from its environment stays.
   */
  async deleteSecret(key: string, options: SendOptions): Promise<void> {
    const dialect = await this.dialect(options);
    await unlessGone(this.client.send(endpoints.deleteSecret, { dialect, key }, options));
  }

  /**
   * Takes a backup and waits for its end: minutes, up to an hour or more; `timeoutSeconds` limits it,
   * by default two hours. After an error with `mayHaveTakenEffect` look at the list before taking it
   * again: 0.2 finishes a backup whose client has gone, and v0.1 lists what of it was done.
   */
  async takeBackup(request: endpoints.BackupRequest, options: SendOptions): Promise<BackupResult> {
    demandTables(request);
    const dialect = await this.dialect(options);
    try {
      const seen = await this.client.send(endpoints.takeBackup, { ...request, dialect }, options);
      return { outcome: outcomeOf(seen.status), tables: seen.tables, serverSays: seen.status };
    } catch (error) {
      const outcome = error instanceof Conflict && conflictOf(error);
      if (!outcome) throw error;
      return { outcome, tables: [], serverSays: error.serverMessage ?? "" };
    }
  }

  /** All backups of a location; in 0.2 by ID, in byte order. A location that is not there has none. */
  async backups(place: BackupPlace, options: SendOptions): Promise<BackupInfo[]> {
    const dialect = await this.dialect(options);
    const backups: BackupInfo[] = [];
    let cursor: string | undefined;
    for (;;) {
      const listing = { ...place, dialect, limit: pageSize, cursor };
      const page = await this.client.send(endpoints.listBackups, listing, options);
      backups.push(...page.backups);
      // A page may be empty and not the last: broken manifests are left out.
      if (page.next_cursor === undefined) return backups;
      if (page.next_cursor === cursor) throw new EndlessList(place.location, cursor);
      cursor = page.next_cursor;
    }
  }

  /** Asks for as little of a location's list as the server lets, to see whether it can be listed. */
  async tryLocation(place: BackupPlace, options: SendOptions): Promise<void> {
    const dialect = await this.dialect(options);
    await this.client.send(endpoints.listBackups, { ...place, dialect, limit: 1 }, options);
  }

  /**
   * Begins a restore. In 0.2 it is sent under an idempotency key, the same for each try, so that a
   * lost answer does not begin a second one; v0.1 knows no such key, and its restores are sent once.
   * Where v0.1 refuses since a table exists (400), it has restored the others nevertheless.
   *
   * @param idempotencyKey 1 to 256 characters; by default a new one
   */
  async restore(
    request: endpoints.RestoreRequest,
    options: SendOptions,
    idempotencyKey: string = randomUUID(),
  ): Promise<Restore> {
    demandTables(request);
    const dialect = await this.dialect(options);
    const params = { ...request, dialect };
    const headers = { ...options.headers, "idempotency-key": idempotencyKey };
    const begun =
      dialect === "0.2"
        ? await this.client.send(endpoints.restoreOnce, params, { ...options, headers })
        : await this.client.send(endpoints.restore, params, options);
    return "jobId" in begun ? { kind: "job", job: begun } : { kind: "triggered", ...begun };
  }

  /** A restore's job, of a 0.2 server; undefined when the server does not know it, or no more. */
  async restoreJob(id: string, options: SendOptions): Promise<RestoreJob | undefined> {
    return unlessGone(this.client.send(endpoints.readRestoreJob, { id }, options));
  }

  /** The names of all tables, in the server's order. */
  async tables(options: SendOptions): Promise<string[]> {
    const dialect = await this.dialect(options);
    return this.client.send(tables.listTables, { dialect }, options);
  }

  /** Drops a table with its documents. That there is none is success; v0.1 calls it an error. */
  async dropTable(table: string, options: SendOptions): Promise<void> {
    const dialect = await this.dialect(options);
    await unlessGone(this.client.send(tables.dropTable, { dialect, table }, options));
  }

  /** Some documents of a table, in byte order of their IDs. Fewer than the limit: they are the last. */
  async documents(range: tables.DocumentRange, options: SendOptions): Promise<tables.Document[]> {
    const dialect = await this.dialect(options);
    const lines = await this.client.send(tables.scanDocuments, { ...range, dialect }, options);
    return tables.readLines(lines);
  }

  /** No text that leaves the client shows the value. */
  private async sendSecret(
    endpoint: typeof endpoints.putSecret,
    { key, value }: { key: string; value: string },
    options: SendOptions,
  ): Promise<SecretEntry> {
    const dialect = await this.dialect(options);
    const secrets = [...(options.secrets ?? []), value];
    return this.client.send(endpoint, { dialect, key, value }, { ...options, secrets });
  }
}

/** Whether the server stores the secret itself: one that its environment alone provides it does not. */
export function isStored({ status }: Pick<SecretEntry, "status">): boolean {
  return status !== "configured_env";
}

/** Whether a server says that it stores no secrets at all, since it is one of several nodes. */
export function storesNone({ status, serverMessage }: HttpError): boolean {
  return status === 503 && /^secret management/i.test(serverMessage ?? "");
}

/** Whether a variable of the server's environment provides the secret, stored or not. */
export function isInEnvironment({ status }: Pick<SecretEntry, "status">): boolean {
  return status === "configured_env" || status === "configured_both";
}

/** Whether a restore has ended, well or not: a phase that is not known goes on. */
export function hasEnded({ phase }: RestoreJob): boolean {
  return ["succeeded", "failed", "cancelled"].includes(phase);
}

/** The word of a 200. One that is not known is neither a success nor a failure. */
function outcomeOf(status: string): BackupOutcome {
  switch (status) {
    case "completed":
    case "successful":
      return "completed";
    case "partial":
    case "failed":
      return status;
    default:
      return "ambiguous";
  }
}

/** 0.2's conflicts: texts, save for `backup_outcome_ambiguous`, which is a code. */
function conflictOf({ serverCode, serverMessage }: Conflict): BackupOutcome | undefined {
  if (serverCode === "backup_outcome_ambiguous") return "ambiguous";
  if (serverMessage?.includes("already exists")) return "exists";
  if (serverMessage?.includes("busy")) return "busy";
  return undefined;
}

/** v0.1 would take an empty list for all tables; 0.2 refuses such a backup and restores nothing. */
function demandTables({ tableNames }: { tableNames?: readonly string[] }): void {
  if (tableNames?.length === 0) {
    throw new RangeError("tableNames is empty: name one table at least, or leave it out for all.");
  }
}
