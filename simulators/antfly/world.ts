import type { SimulatedClock } from "../kit/clock.ts";
import { initialConnections, normalised, type SimConnection } from "./connection.ts";

/** Documents of a table by their ID. */
export type SimDocs = Record<string, unknown>;

/** A backup as its location has it. */
export interface SimBackup {
  id: string;
  /** Simulated milliseconds since the epoch: when it began, and when it was published. */
  startedAt: number;
  finishedAt: number;
  /** The tables that are in it, with their documents. */
  tables: Map<string, SimDocs>;
  /** False: its manifest can't be read or was removed: lists leave it out, and no restore finds it. */
  readable: boolean;
}

/** A secret in the server's own store. */
export interface SimSecret {
  value: string;
  /** Simulated milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

/** A bucket's lifecycle rule: it removes objects when they are so old. */
export interface LifecycleRule {
  /** Simulated seconds. */
  afterSeconds: number;
  /** Whether the object that makes an ID taken is left, as among content-addressed backups. */
  keepsIds: boolean;
}

/** Who holds a location (0.2): the running backup, or what a killed server left of it. */
interface Hold {
  /** Simulated milliseconds until which the reservation and the lease last. */
  reservedUntil: number;
  leasedUntil: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** The cluster's contents, which both dialects serve. */
export class World {
  readonly tables = new Map<string, SimDocs>();
  readonly connections: Map<string, SimConnection> = initialConnections();
  readonly secrets = new Map<string, SimSecret>();
  /** Keys that the server's environment has a value for. */
  readonly environmentSecrets = new Set<string>();
  /** Keys that files mounted into the server have a value for (newer than 0.2.5). */
  readonly mountedSecrets = new Set<string>();
  readonly clock: SimulatedClock;
  /** Simulated seconds that a backup takes, and a restore. */
  backupSeconds = 0;
  restoreSeconds = 0;
  /** Whether backups hang: they never end, and their location stays busy (a known fault of 0.2). */
  backupsHang = false;
  /** What a bucket's lifecycle rule does to backups of an age, by normalised location. */
  private readonly rules = new Map<string, LifecycleRule>();
  /** Counts the server's lives; work of an earlier one is never finished. */
  life = 0;

  /** By normalised location, then ID. A location that is here exists. */
  private readonly locations = new Map<string, Map<string, SimBackup>>();
  private readonly holds = new Map<string, Hold>();

  constructor(clock: SimulatedClock) {
    this.clock = clock;
  }

  /** The backups at a location by ID; an unknown location has none. */
  backups(location: string): Map<string, SimBackup> {
    const backups = this.locations.get(normalised(location)) ?? new Map<string, SimBackup>();
    const rule = this.rules.get(normalised(location));
    if (rule === undefined) return backups;
    const oldest = this.clock.now() - rule.afterSeconds * 1_000;
    for (const backup of backups.values()) {
      if (backup.finishedAt > oldest) continue;
      if (rule.keepsIds) backup.readable = false;
      else backups.delete(backup.id);
    }
    return backups;
  }

  setRule(location: string, rule: LifecycleRule): void {
    this.rules.set(normalised(location), rule);
  }

  /** The backups that a list shows. */
  listed(location: string): SimBackup[] {
    return [...this.backups(location).values()].filter(({ readable }) => readable);
  }

  /** The locations that exist, in the spelling that all others of theirs come down to. */
  get locationNames(): string[] {
    return [...this.locations.keys()];
  }

  /** Whether the location's directory is there: made by hand, or by a backup. */
  exists(location: string): boolean {
    return this.locations.has(normalised(location));
  }

  /** Makes the location's directory. */
  make(location: string): Map<string, SimBackup> {
    const key = normalised(location);
    const found = this.locations.get(key) ?? new Map<string, SimBackup>();
    this.locations.set(key, found);
    return found;
  }

  /** Writes a backup; one of the same ID is overwritten. */
  publish(location: string, backup: Omit<SimBackup, "finishedAt" | "readable">): void {
    const finished = { ...backup, finishedAt: this.clock.now(), readable: true };
    this.make(location).set(backup.id, finished);
  }

  isBusy(location: string): boolean {
    const hold = this.holds.get(normalised(location));
    const now = this.clock.now();
    return hold !== undefined && (hold.reservedUntil > now || hold.leasedUntil > now);
  }

  /** Takes a location for a backup: a reservation of 5 minutes and a lease of 24 hours. */
  hold(location: string): void {
    const now = this.clock.now();
    // One that hangs renews its lease for good.
    const leasedUntil = this.backupsHang ? Number.POSITIVE_INFINITY : now + day;
    this.holds.set(normalised(location), { reservedUntil: now + 5 * minute, leasedUntil });
  }

  /** What SIGKILL leaves: nothing under way is ever finished, and nobody renews a lease. */
  kill(): void {
    this.life += 1;
    const lease = this.clock.now() + day;
    for (const hold of this.holds.values()) hold.leasedUntil = Math.min(hold.leasedUntil, lease);
  }

  release(location: string): void {
    this.holds.delete(normalised(location));
  }

  /** Expires the lease's file by hand; the reservation, if it still lasts, goes on. */
  expireLease(location: string): void {
    const hold = this.holds.get(normalised(location));
    if (hold !== undefined) hold.leasedUntil = 0;
  }

  /** The time that a backup takes. One that hangs never ends, until the server is killed. */
  async work(): Promise<void> {
    if (this.backupsHang) await new Promise(() => {});
    await this.clock.sleep(this.backupSeconds * 1_000);
  }

  /** A copy of the tables that exist among these. */
  snapshot(names: string[]): Map<string, SimDocs> {
    const found = new Map<string, SimDocs>();
    for (const name of names) {
      const docs = this.tables.get(name);
      if (docs !== undefined) found.set(name, structuredClone(docs));
    }
    return found;
  }

  /** Brings a table back from a backup; what it had is dropped. */
  restore(backup: SimBackup, table: string): void {
    this.tables.set(table, structuredClone(backup.tables.get(table) ?? {}));
  }
}
