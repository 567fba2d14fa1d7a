import type { AntflyApi } from "../../../provider/antfly/api";
import type { BackupInfo, BackupPlace, RestoreMode } from "../../../provider/antfly/endpoints";
import { type Call, sending } from "../place";
import { slotOf } from "../runner/slots";
import { type Comparison, compareTable, isSame } from "./compare";
import { planRestore, RestoreFailed, type RestorePlan, restore } from "./restore";

/** A rehearsal: a backup of one server, and the other that it is restored into. */
export interface Rehearsal {
  source: AntflyApi;
  into: AntflyApi;
  /** Where the source has the backup. */
  place: BackupPlace;
  /** Where the other server finds the same backup. */
  intoPlace: BackupPlace;
  backup: BackupInfo;
  tableNames?: readonly string[];
  mode: RestoreMode;
}

/** How a table that came back compares with the source's. */
export interface Verdict extends Comparison {
  /** Whether the source has the table still; else there is nothing to compare with. */
  inSource: boolean;
}

/**
 * The backup to rehearse with: the one of that ID, or the newest one of a series.
 *
 * @param prefix what the IDs of the series begin with, before the slot
 * @throws RestoreFailed where there is none
 */
export async function chooseBackup(
  api: AntflyApi,
  place: BackupPlace,
  { id, prefix }: { id?: string; prefix?: string },
  call: Call,
): Promise<BackupInfo> {
  const all = await api.backups(place, sending(call));
  const series =
    id === undefined
      ? all.filter((one) => prefix === undefined || slotOf(prefix, one.backupId) !== undefined)
      : all;
  const found = series
    .filter(({ backupId }) => id === undefined || backupId === id)
    .toSorted((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp))
    .at(-1);
  if (found) return found;
  const what = id ?? (prefix === undefined ? "at all" : `of the series ${prefix}`);
  throw new RestoreFailed(
    `There is no backup ${what} at ${place.location}. \`formations backups list\` shows what is there.`,
  );
}

/** Finds out what the restore of a rehearsal would do. Changes nothing. */
export function planRehearsal(rehearsal: Rehearsal, call: Call): Promise<RestorePlan> {
  const { into, intoPlace, backup, tableNames, mode } = rehearsal;
  return planRestore(into, { ...intoPlace, backupId: backup.backupId, tableNames, mode }, call);
}

/**
 * Restores a backup into the other server and compares what came back with what the source has now.
 * What was written to the source since the backup differs too: no call reads a backup's documents.
 */
export async function verify(
  { source, into }: Rehearsal,
  plan: RestorePlan,
  call: Call,
): Promise<Verdict[]> {
  const { jobId } = await restore(into, plan, call);
  const inSource = new Set(await source.tables(sending(call)));
  const verdicts: Verdict[] = [];
  for (const table of plan.tables) {
    const compare = () => compareTable(table, inSource.has(table) ? source : undefined, into, call);
    const found = await (jobId === undefined ? settled(compare, call) : compare());
    verdicts.push({ ...found, inSource: inSource.has(table) });
    call.say(`Read ${table}: ${found.restored} documents came back.`);
  }
  return verdicts;
}

/** How long a restore of v0.1 may show nothing new before it counts as done, in milliseconds. */
const quiet = 10_000;

/** v0.1 does not say when a restore has ended: it has when no more documents come. */
async function settled(compare: () => Promise<Comparison>, call: Call): Promise<Comparison> {
  for (let before = -1; ; ) {
    const found = await compare();
    const isLate = call.clock.now() + quiet > call.deadline;
    if (isSame(found) || found.restored === before || isLate) return found;
    before = found.restored;
    await call.clock.sleep(quiet, call.signal);
  }
}

/**
 * Whether what came back is in doubt: a difference, or, where changes of the source since the backup are
 * allowed for, a table that came back empty though the source has documents.
 */
export function isDoubtful(verdict: Verdict, allowsChanges: boolean): boolean {
  const { inSource, source, restored } = verdict;
  if (!inSource) return !allowsChanges;
  return allowsChanges ? restored === 0 && source > 0 : !isSame(verdict);
}
