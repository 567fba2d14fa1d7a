import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { preparePrivateFolder, userFolder } from "../../../provider/process/private-folder";
import { replaceFile } from "../../../provider/process/replace-file";
import { type Schedule, seriesOf, storeOf } from "../schedules/schedule";

const time = z.number().optional().catch(undefined);

/** What runners of this machine know of a series. Times are milliseconds since the epoch. */
const series = z.object({
  /** The newest slot that was seen at the location, or taken, or whose ID the server calls taken. */
  taken: time,
  /** The slot that the rest is about. */
  slot: time,
  /** When the slot was last certain not to have been taken. */
  missingAt: time,
  /** How many backups of the slot failed after they had begun. */
  failures: z.number().catch(0).default(0),
  /** Before then the slot is not retried. */
  retryAt: time,
  /** Why the last one failed. */
  reason: z.string().optional().catch(undefined),
  /** A digest of what was asked for: other tables or another format deserve a new try at once. */
  request: z.string().optional().catch(undefined),
});

/** What they know of a backup at a location that began and of whose end nobody heard. */
const unended = z.object({
  backupId: z.string(),
  startedAt: z.number(),
  /** `silent`: the server never responded in time; `lost`: the connection to it broke. */
  how: z.enum(["running", "silent", "lost"]),
});

export type SeriesMemory = z.output<typeof series>;
export type UnendedBackup = z.output<typeof unended>;

/** What outlives a runner's process, on this machine. Losing it loses no backup. */
export interface Memory {
  series(schedule: Schedule): Promise<SeriesMemory>;
  rememberSeries(schedule: Schedule, what: SeriesMemory): Promise<void>;
  unended(schedule: Schedule): Promise<UnendedBackup | undefined>;
  /** @param what undefined: the backup has ended */
  rememberUnended(schedule: Schedule, what: UnendedBackup | undefined): Promise<void>;
}

/**
 * A memory of small files in a folder, one per series and location. Where they can't be written, it
 * lasts as long as the process.
 *
 * @param folder default: the user's, in the machine's temporary folder
 * @param warn told once if nothing can be written
 */
export function fileMemory(folder: string = userFolder(), warn: (text: string) => void = () => {}) {
  return new FileMemory(folder, warn);
}

class FileMemory implements Memory {
  readonly #folder: string;
  readonly #warn: (text: string) => void;
  /** What this process wrote: it counts if a file can't be written. */
  readonly #written = new Map<string, unknown>();
  #isWarned = false;

  constructor(folder: string, warn: (text: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  async series(schedule: Schedule): Promise<SeriesMemory> {
    return (
      series.safeParse(await this.#read("series", seriesOf(schedule))).data ?? series.parse({})
    );
  }

  rememberSeries(schedule: Schedule, what: SeriesMemory): Promise<void> {
    return this.#write("series", seriesOf(schedule), what);
  }

  async unended(schedule: Schedule): Promise<UnendedBackup | undefined> {
    return unended.safeParse(await this.#read("location", storeOf(schedule))).data;
  }

  rememberUnended(schedule: Schedule, what: UnendedBackup | undefined): Promise<void> {
    return this.#write("location", storeOf(schedule), what ?? {});
  }

  async #read(kind: string, key: string): Promise<unknown> {
    const file = this.#file(kind, key);
    try {
      return JSON.parse(await readFile(file, "utf8"));
    } catch {
      return this.#written.get(file) ?? {};
    }
  }

  async #write(kind: string, key: string, what: object): Promise<void> {
    const file = this.#file(kind, key);
    this.#written.set(file, what);
    try {
      await preparePrivateFolder(this.#folder);
      replaceFile(file, JSON.stringify(what), 0o600);
    } catch (error) {
      if (!this.#isWarned) {
        const reason = error instanceof Error ? error.message : error;
        this.#warn(
          `Cannot remember slots and failures in ${this.#folder}: ${reason}. --state-dir names another folder.`,
        );
      }
      this.#isWarned = true;
    }
  }

  #file(kind: string, key: string): string {
    return join(this.#folder, `backups-${kind}-${digest(key)}.json`);
  }
}

/** A short name for a long key. */
export function digest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
