import { randomUUID } from "node:crypto";
import { readBody } from "../http/body";
import type { HttpClient, SendOptions } from "../http/client";
import { Conflict, unlessGone } from "../http/errors";
import { type BackupResult, conflictOf, outcomeOf } from "./backup-outcome";
import { type Dialect, detectDialect } from "./dialect";
import type { BackupPlace, NewSecret } from "./endpoints";
import * as endpoints from "./endpoints";
import {
  EndlessList,
  isAboutLocation,
  LocationUnusable,
  NoSecretStore,
  saysNoSecretStore,
} from "./errors";
import type {
  ClusterStatus,
  ListedBackup,
  RestoreJob,
  SecretEntry,
  TableOutcome,
} from "./responses";
import * as tables from "./tables";

/** The most backups that 0.2 puts into one page. */
const pageSize = 1000;

/** What a restore has started: a job to follow in 0.2; in v0.1 the tables, without their progress. */
export type Restore =
  | { kind: "job"; job: RestoreJob }
  | { kind: "triggered"; status: string; tables: TableOutcome[] };

/** A backup in the list of a location. */
export interface BackupInfo extends ListedBackup {
  location: string;
}

/** The secrets that a server knows. */
export interface SecretList {
  secrets: SecretEntry[];
  /** Whether the server has a store of its own for secrets; undefined: it doesn't say (up to 0.2.5). */
  writable?: boolean;
}

/** How one server is reached. */
export interface AntflyApiOptions {
  /** Client for the server's root. */
  client: HttpClient;
  /** Client for the health port. It sends no credential. */
  health: HttpClient;
  /** The dialect, where the configured URL names one. */
  dialect?: Dialect;
}

/** The API of one Antfly server, in whichever dialect it speaks. */
export class AntflyApi {
  readonly #client: HttpClient;
  readonly #health: HttpClient;
  readonly #configured: Dialect | undefined;
  #detected: Promise<Dialect> | undefined;

  constructor({ client, health, dialect }: AntflyApiOptions) {
    this.#client = client;
    this.#health = health;
    this.#configured = dialect;
    this.forgetDialect();
  }

  /** The dialect that the server speaks: detected once, with one request, unless the URL names one. */
  dialect(options: SendOptions): Promise<Dialect> {
    this.#detected ??= detectDialect(this.#client, options).catch((error) => {
      this.#detected = undefined;
      throw error;
    });
    return this.#detected;
  }

  /** Detects the dialect anew, unless the URL names one: the server may have been upgraded. */
  forgetDialect(): void {
    this.#detected = this.#configured && Promise.resolve(this.#configured);
  }

  /** The cluster's health and mode. Any credential will do. */
  async status(options: SendOptions): Promise<ClusterStatus & { dialect: Dialect }> {
    const dialect = await this.dialect(options);
    return { ...(await this.#client.send(endpoints.readStatus, { dialect }, options)), dialect };
  }

  /** What the health port says about the process, for instance `ok`. */
  async health(options: SendOptions): Promise<string> {
    const text = await this.#health.send(endpoints.readHealth, {}, options);
    const { value } = readBody(text);
    const status = typeof value === "object" && value !== null && Reflect.get(value, "status");
    return typeof status === "string" ? status : text.trim();
  }

  /** Prometheus metrics of the process, in the text format. */
  metrics(options: SendOptions): Promise<string> {
    return this.#health.send(endpoints.readMetrics, {}, options);
  }

  /** All secrets, without their values, and whether the server can store any. */
  async secretList(options: SendOptions): Promise<SecretList> {
    const dialect = await this.dialect(options);
    return this.#client.send(endpoints.listSecrets, { dialect }, options);
  }

  /** All secrets, without their values. */
  async secrets(options: SendOptions): Promise<SecretEntry[]> {
    return (await this.secretList(options)).secrets;
  }

  /** One secret, stored, in a mounted file or from the environment; undefined where there is none. */
  async secret(key: string, options: SendOptions): Promise<SecretEntry | undefined> {
    return (await this.secrets(options)).find((entry) => entry.key === key);
  }

  /**
   * Stores a secret, and overwrites a stored one of that key. A value that a mounted file or the
   * environment provides stays; the stored one takes precedence over it.
   *
   * @throws NoSecretStore when the server has no store of its own
   */
  putSecret(key: string, secret: NewSecret, options: SendOptions): Promise<SecretEntry> {
    return this.#sendSecret(endpoints.putSecret, { key, ...secret }, options);
  }

  /**
   * Stores a secret whose key was free, with one request. After an error with `mayHaveTakenEffect`,
   * check the list before retrying.
   *
   * @throws NoSecretStore when the server has no store of its own
   */
  createSecret(key: string, secret: NewSecret, options: SendOptions): Promise<SecretEntry> {
    return this.#sendSecret(endpoints.putSecretOnce, { key, ...secret }, options);
  }

  /**
   * Deletes a secret; success where the server stores none of that key. A value from a mounted file or
   * the server's environment stays.
   *
   * @throws NoSecretStore when the server has no store of its own
   */
  async deleteSecret(key: string, options: SendOptions): Promise<void> {
    const dialect = await this.dialect(options);
    try {
      await unlessGone(this.#client.send(endpoints.deleteSecret, { dialect, key }, options));
    } catch (error) {
      throw saysNoSecretStore(error) ? new NoSecretStore(error) : error;
    }
  }

  /**
   * Takes a backup and waits for its end, which may take minutes to hours; `timeoutSeconds` limits it
   * (default: two hours). After an error with `mayHaveTakenEffect`, check the list before retrying: 0.2
   * finishes a backup whose client has gone, and v0.1 lists the part that was done.
   */
  async takeBackup(request: endpoints.BackupRequest, options: SendOptions): Promise<BackupResult> {
    demandTables(request);
    const dialect = await this.dialect(options);
    try {
      const seen = await this.#client.send(endpoints.takeBackup, { ...request, dialect }, options);
      return { outcome: outcomeOf(seen.status), tables: seen.tables, serverSays: seen.status };
    } catch (error) {
      const outcome = error instanceof Conflict && conflictOf(error);
      if (!outcome) throw error;
      return { outcome, tables: [], serverSays: error.serverMessage ?? "" };
    }
  }

  /** All backups at a location; 0.2 sorts them by ID, in byte order. A missing location has none. */
  async backups(place: BackupPlace, options: SendOptions): Promise<BackupInfo[]> {
    const dialect = await this.dialect(options);
    const backups: BackupInfo[] = [];
    let cursor: string | undefined;
    for (;;) {
      const listing = { ...place, dialect, limit: pageSize, cursor };
      const page = await this.#client.send(endpoints.listBackups, listing, options);
      const { location } = place;
      backups.push(...page.backups.map((one) => ({ ...one, location: one.location ?? location })));
      // The server leaves broken manifests out, so an empty page need not be the last.
      if (page.next_cursor === undefined) return backups;
      if (page.next_cursor === cursor) throw new EndlessList(place.location, cursor);
      cursor = page.next_cursor;
    }
  }

  /**
   * Checks that the backups at a location can be listed, with the shortest list that the server gives.
   *
   * @throws LocationUnusable when the server refuses, or fails, to list it
   */
  async tryLocation(place: BackupPlace, options: SendOptions): Promise<void> {
    const dialect = await this.dialect(options);
    try {
      await this.#client.send(endpoints.listBackups, { ...place, dialect, limit: 1 }, options);
    } catch (error) {
      throw isAboutLocation(error) ? new LocationUnusable(place, error) : error;
    }
  }

  /**
   * Starts a restore. 0.2 gets an idempotency key, the same for each retry, so that a lost response
   * does not start a second restore; v0.1 has no such keys, so its restores are sent once. Where v0.1
   * refuses because a table exists (400), it has restored the other tables all the same.
   *
   * @param idempotencyKey 1 to 256 characters; default: a new one
   */
  async restore(
    request: endpoints.RestoreRequest,
    options: SendOptions,
    idempotencyKey: string = randomUUID(),
  ): Promise<Restore> {
    demandTables(request);
    const dialect = await this.dialect(options);
    const params = { ...request, dialect };
    if (dialect === "v0.1") {
      const started = await this.#client.send(endpoints.restore, params, options);
      return { kind: "triggered", ...started };
    }
    const headers = { ...options.headers, "idempotency-key": idempotencyKey };
    const sent = { ...options, headers };
    return { kind: "job", job: await this.#client.send(endpoints.restoreOnce, params, sent) };
  }

  /** A restore's job on a 0.2 server; undefined when the server does not know it (any longer). */
  async restoreJob(id: string, options: SendOptions): Promise<RestoreJob | undefined> {
    const seen = await unlessGone(this.#client.send(endpoints.readRestoreJob, { id }, options));
    return seen && { ...seen, jobId: id };
  }

  /** The names of all tables, in the server's order. */
  async tables(options: SendOptions): Promise<string[]> {
    const dialect = await this.dialect(options);
    return this.#client.send(tables.listTables, { dialect }, options);
  }

  /** Drops a table with its documents. Success where there is none; v0.1 calls that an error. */
  async dropTable(table: string, options: SendOptions): Promise<void> {
    const dialect = await this.dialect(options);
    await unlessGone(this.#client.send(tables.dropTable, { dialect, table }, options));
  }

  /** Documents of a table, in byte order of their IDs. Fewer than the limit are the last. */
  async documents(range: tables.DocumentRange, options: SendOptions): Promise<tables.Document[]> {
    const dialect = await this.dialect(options);
    const lines = await this.#client.send(tables.scanDocuments, { ...range, dialect }, options);
    return tables.readLines(lines);
  }

  /** Stores a secret, whose value no error shows. */
  async #sendSecret(
    endpoint: typeof endpoints.putSecret,
    secret: { key: string } & NewSecret,
    options: SendOptions,
  ): Promise<SecretEntry> {
    const dialect = await this.dialect(options);
    const secrets = [...(options.secrets ?? []), secret.value];
    try {
      const sent = { ...options, secrets };
      const stored = await this.#client.send(endpoint, { dialect, ...secret }, sent);
      return { ...stored, key: secret.key };
    } catch (error) {
      throw saysNoSecretStore(error) ? new NoSecretStore(error) : error;
    }
  }
}

/** Whether a restore has ended, in success or not. A phase that is unknown has not. */
export function hasEnded({ phase }: RestoreJob): boolean {
  return ["succeeded", "failed", "cancelled"].includes(phase);
}

/** v0.1 would take an empty list to mean all tables; 0.2 refuses such a backup and restores nothing. */
function demandTables({ tableNames }: { tableNames?: readonly string[] }): void {
  if (tableNames?.length === 0) {
    throw new RangeError(
      "tableNames is empty: name at least one table, or omit it for all tables.",
    );
  }
}
