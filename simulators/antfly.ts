import { Refusal } from "./antfly/answers.ts";
import { identify } from "./antfly/auth.ts";
import type { SimConnection } from "./antfly/connection.ts";
import type { ClusterState, Dialect } from "./antfly/dialect.ts";
import { Dialect01 } from "./antfly/dialect01.ts";
import { Dialect02 } from "./antfly/dialect02.ts";
import type { SimRestoreJob } from "./antfly/restores02.ts";
import { type SimBackup, type SimDocs, type SimSecret, World } from "./antfly/world.ts";
import type { HttpListener } from "./kit/listener.ts";
import {
  findRoute,
  type Route,
  type RouteMatch,
  type SimAnswer,
  type SimRequest,
} from "./kit/route.ts";
import { Simulator, type SimulatorOptions } from "./kit/simulator.ts";

export type { SimConnection } from "./antfly/connection.ts";
export type { SimRestoreJob } from "./antfly/restores02.ts";
export type { SimBackup, SimDocs, SimSecret } from "./antfly/world.ts";

/** What the Antfly simulator can be told. */
export interface AntflyOptions extends SimulatorOptions {
  /** Which server answers (0.2). */
  dialect?: "v0.1" | "0.2";
  /** Which state of 0.2 (0.2.5): main lists where secrets come from, those of mounted files too. */
  release?: "0.2.5" | "main";
  /** The health port; 0, the default, takes a free one. */
  healthPort?: number;
  /** Simulated seconds that a backup takes (0). */
  backupSeconds?: number;
  /** Simulated seconds that a restore takes (0). */
  restoreSeconds?: number;
}

function encoded(idAndSecret: string): string {
  return Buffer.from(idAndSecret).toString("base64");
}

/** An Antfly cluster's management calls, as v0.1 or 0.2 answers them, with its health port. */
export class AntflySimulator extends Simulator {
  /** Which server answers; may change while it runs, as by an upgrade. */
  dialect: "v0.1" | "0.2";
  /** The API key of a user with a login and no rights: 403 wherever an admin is wanted. */
  limitedToken = encoded("limited-9d02:limited-secret-4be1");
  /** Names and passwords of admins, for Basic. */
  readonly users = new Map([["admin", "admin"]]);
  /**
   * What the status says, and what follows from it: `health` (healthy), `message`, `authEnabled`,
   * `multiNode`, `serverless`; of main also `hasSecretStore`.
   */
  readonly state: ClusterState = {
    health: "healthy",
    authEnabled: true,
    multiNode: false,
    serverless: false,
    release: "0.2.5",
    hasSecretStore: true,
  };

  private readonly world = new World(this.clock);
  private readonly old = new Dialect01(this.world, this.state);
  private readonly current = new Dialect02(this.world, this.state);
  private readonly health: HttpListener;

  constructor(options: AntflyOptions = {}) {
    super(options, encoded("antfly-key-6e20:antfly-secret-8c41d7f2a95b"));
    this.dialect = options.dialect ?? "0.2";
    this.state.release = options.release ?? "0.2.5";
    this.world.backupSeconds = options.backupSeconds ?? 0;
    this.world.restoreSeconds = options.restoreSeconds ?? 0;
    this.health = this.createListener("health", options.healthPort ?? 0, () =>
      this.speaker.healthRoutes(),
    );
  }

  /** The second port: `/healthz` and `/metrics`, without credentials. */
  get healthUrl(): string {
    return this.health.url;
  }

  override async start(): Promise<this> {
    await this.health.start();
    return super.start();
  }

  override async close(): Promise<void> {
    await Promise.all([this.health.close(), super.close()]);
  }

  override async refuse(): Promise<void> {
    await Promise.all([this.health.refuse(), super.refuse()]);
  }

  /**
   * SIGKILL: connections break, and no backup under way is ever finished; on 0.2 its location stays
   * busy, 5 minutes by a reservation and 24 hours by a lease. `start` brings the server back.
   */
  async kill(): Promise<void> {
    this.world.kill();
    await this.close();
  }

  get backupSeconds(): number {
    return this.world.backupSeconds;
  }

  set backupSeconds(seconds: number) {
    this.world.backupSeconds = seconds;
  }

  /** Whether backups that begin hang: no answer ever comes, and their location stays busy for good. */
  get backupsHang(): boolean {
    return this.world.backupsHang;
  }

  set backupsHang(hang: boolean) {
    this.world.backupsHang = hang;
  }

  get restoreSeconds(): number {
    return this.world.restoreSeconds;
  }

  set restoreSeconds(seconds: number) {
    this.world.restoreSeconds = seconds;
  }

  /** True: a secret's times come out in 1970, as 0.2.2's do. */
  get secretTimesIn1970(): boolean {
    return this.current.secrets.in1970;
  }

  set secretTimesIn1970(in1970: boolean) {
    this.current.secrets.in1970 = in1970;
  }

  /** The tables by name, each with its documents by ID. */
  get tables(): Map<string, SimDocs> {
    return this.world.tables;
  }

  /** The secrets of the server's own store by key, with their values. */
  get secrets(): Map<string, SimSecret> {
    return this.world.secrets;
  }

  /** Keys that the environment has a value for: listed as configured_env or _both. */
  get environmentSecrets(): Set<string> {
    return this.world.environmentSecrets;
  }

  /** Keys that mounted files have a value for: main lists them as not managed. */
  get mountedSecrets(): Set<string> {
    return this.world.mountedSecrets;
  }

  /** The connections of 0.2 by name: `bk` (filesystem) and `s3` (bucket `backups`) to begin with. */
  get connections(): Map<string, SimConnection> {
    return this.world.connections;
  }

  /** 0.2's restores, in the order of creation. */
  get restoreJobs(): SimRestoreJob[] {
    return [...this.current.restores.jobs.values()];
  }

  addTable(name: string, docs: SimDocs = {}): void {
    this.world.tables.set(name, docs);
  }

  /** Adds a connection, or changes one: a filesystem with every capability unless told. */
  addConnection(name: string, partial: Partial<SimConnection> = {}): SimConnection {
    const connection: SimConnection = {
      capabilities: ["backup.write", "backup.read", "restore.read"],
      protocol: "filesystem",
      buckets: [],
      reachable: true,
      ...partial,
    };
    this.world.connections.set(name, connection);
    return connection;
  }

  /** The locations that exist: made by hand, or by a backup. */
  get locations(): string[] {
    return this.world.locationNames;
  }

  /** The backups at a location by ID, unreadable ones too. */
  backups(location: string): Map<string, SimBackup> {
    return this.world.backups(location);
  }

  /** Makes a location's directory, which v0.1's list wants to be there; a backup makes it too. */
  addLocation(location: string): void {
    this.world.make(location);
  }

  /** Adds a backup that nobody took through the API, of all tables unless told. */
  addBackup(location: string, id: string, names: string[] = [...this.tables.keys()]): void {
    const startedAt = this.clock.now();
    this.world.publish(location, { id, startedAt, tables: this.world.snapshot(names) });
  }

  /** Deletes a backup as a bucket's lifecycle rule does; the API has no call for it. */
  removeBackup(location: string, id: string): void {
    this.world.backups(location).delete(id);
  }

  /**
   * Gives a location's bucket a lifecycle rule, which removes backups of that age, on the simulated clock.
   * With `keepsIds`, an ID stays taken (409) though no list shows it, as among content-addressed backups.
   */
  addLifecycleRule(location: string, afterSeconds: number, { keepsIds = false } = {}): void {
    this.world.setRule(location, { afterSeconds, keepsIds });
  }

  /** Makes a backup's manifest unreadable: lists leave it out. */
  breakManifest(location: string, id: string): void {
    const backup = this.world.backups(location).get(id);
    if (backup === undefined) throw new Error(`the simulator has no backup ${id} at ${location}`);
    backup.readable = false;
  }

  /** Whether a backup runs at a location, or a killed server left it held. */
  isBusy(location: string): boolean {
    return this.world.isBusy(location);
  }

  /** Expires the lease that a killed server left; the reservation of 5 minutes goes on. */
  expireLease(location: string): void {
    this.world.expireLease(location);
  }

  protected routes(): Route[] {
    return this.speaker.routes();
  }

  protected authorize(request: SimRequest, match: RouteMatch): SimAnswer | undefined {
    // Unknown paths and methods are told without a credential.
    if (match.route === undefined || !this.state.authEnabled) return undefined;
    if (request.headers.authorization === undefined) {
      this.unexpected.push(`${request.method} ${request.path}: no Authorization`);
    }
    const needsAdmin = !this.speaker.loginOnly.test(match.route.path);
    return this.speaker.refuse(identify(request, this), needsAdmin);
  }

  protected notFound(request: SimRequest, match: RouteMatch): SimAnswer {
    return this.speaker.notFound(request, match);
  }

  protected override async carryOut(request: SimRequest, match: RouteMatch): Promise<SimAnswer> {
    try {
      const found = this.speaker.forgiving ? this.withoutSlash(request, match) : match;
      return this.speaker.precheck(request) ?? (await super.carryOut(request, found));
    } catch (thrown) {
      if (thrown instanceof Refusal) return thrown.answer;
      throw thrown;
    }
  }

  /** 0.2 ignores trailing slashes. */
  private withoutSlash(request: SimRequest, match: RouteMatch): RouteMatch {
    if (match.route !== undefined || !request.rawPath.endsWith("/")) return match;
    const routes =
      request.listener === "health" ? this.speaker.healthRoutes() : this.speaker.routes();
    const found = findRoute(routes, request.method, request.rawPath.replace(/\/+$/, ""));
    request.params = found.params;
    return found;
  }

  private get speaker(): Dialect {
    return this.dialect === "v0.1" ? this.old : this.current;
  }
}
