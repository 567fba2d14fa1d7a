import type { AntflyApi, BackupInfo } from "../../../provider/antfly/api";
import type { BackupPlace, RestoreMode } from "../../../provider/antfly/endpoints";
import { waitUntil } from "../../../provider/resource/wait";
import type { CommandCall } from "../../call";
import { slotOf } from "../runner/slots";
import { type Comparison, compareTable, isSame } from "./compare";
import { noBackup, planRestore, type RestorePlan, restore } from "./restore";

/** A rehearsal: a backup of one server, and another server that it is restored into. */
export interface Rehearsal {
  source: AntflyApi;
  into: AntflyApi;
  /** Where the source finds the backup. */
  place: BackupPlace;
  /** Where the other server finds the same backup. */
  intoPlace: BackupPlace;
  backup: BackupInfo;
  tableNames?: readonly string[];
  mode: RestoreMode;
}

/** How a restored table compares with the source's. */
export interface ComparedTable extends Comparison {
  /** Whether the source still has the table; otherwise there is nothing to compare with. */
  inSource: boolean;
}

/**
 * The backup to rehearse with: the one with that ID, or the newest one of a series.
 *
 * @param prefix the series' prefix of IDs; undefined: any backup
 * @throws RestoreFailed if there is none
 */
export async function chooseBackup(
  api: AntflyApi,
  place: BackupPlace,
  { id, prefix }: { id?: string; prefix?: string },
  call: CommandCall,
): Promise<BackupInfo> {
  const all = await api.backups(place, call);
  const series =
    id === undefined
      ? all.filter((one) => prefix === undefined || slotOf(prefix, one.backupId) !== undefined)
      : all;
  const found = series
    .filter(({ backupId }) => id === undefined || backupId === id)
    .toSorted((one, other) => timeOf(one) - timeOf(other))
    .at(-1);
  if (found) return found;
  const which = id ?? (prefix === undefined ? "at all" : `of the series ${prefix}`);
  throw noBackup(which, place.location);
}

/** When a backup was taken; one whose time the server does not say counts as the oldest. */
function timeOf({ timestamp = "" }: BackupInfo): number {
  return Date.parse(timestamp) || 0;
}

/** Finds out what the restore of a rehearsal would do. Changes nothing. */
export function planRehearsal(rehearsal: Rehearsal, call: CommandCall): Promise<RestorePlan> {
  const { into, intoPlace, backup, tableNames, mode } = rehearsal;
  return planRestore(into, { ...intoPlace, backupId: backup.backupId, tableNames, mode }, call);
}

/**
 * Restores a backup into the other server and compares the result with what the source has now. Later
 * changes at the source differ too, since no request reads a backup's documents.
 */
export async function rehearse(
  { source, into }: Rehearsal,
  plan: RestorePlan,
  call: CommandCall,
): Promise<ComparedTable[]> {
  const { jobId } = await restore(into, plan, call);
  const inSource = new Set(await source.tables(call));
  const compared: ComparedTable[] = [];
  for (const table of plan.tables) {
    const compare = () => compareTable(table, inSource.has(table) ? source : undefined, into, call);
    const found = await (jobId === undefined ? settled(compare, call) : compare());
    compared.push({ ...found, inSource: inSource.has(table) });
    call.say(`Compared ${table}: ${found.restored} documents restored.`);
  }
  return compared;
}

/** A restore on v0.1 counts as finished after so long without a new document, in milliseconds. */
const quietMs = 10_000;

/** v0.1 does not report the end of a restore: this waits until no more documents appear. */
async function settled(
  compare: () => Promise<Comparison>,
  { clock, deadline, signal }: CommandCall,
): Promise<Comparison> {
  let before = -1;
  const { found } = await waitUntil({
    what: "restored documents to settle",
    async poll() {
      const found = await compare();
      const isQuiet = isSame(found) || found.restored === before;
      before = found.restored;
      return { found, isQuiet };
    },
    // What is there at the deadline is the result.
    verdict: ({ isQuiet }) => (isQuiet || clock.now() + quietMs > deadline ? "done" : "waiting"),
    describe: ({ found }) => `${found.restored} documents`,
    deadline,
    signal,
    clock,
    pace: { floor: quietMs, cap: quietMs },
  });
  return found;
}

/**
 * Whether a restored table is in doubt: it differs, or, if changes at the source since the backup are
 * allowed, it came back empty although the source has documents.
 */
export function isDoubtful(table: ComparedTable, allowsChanges: boolean): boolean {
  const { inSource, source, restored } = table;
  if (!inSource) return !allowsChanges;
  return allowsChanges ? restored === 0 && source > 0 : !isSame(table);
}
