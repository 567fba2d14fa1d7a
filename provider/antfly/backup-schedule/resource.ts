import { FormationsError } from "../../errors";
import { page } from "../../process/pages";
import { defineResource } from "../../resource/definition";
import { show, utc } from "../../resource/values";
import { antfly } from "../system";
import { checkPlace } from "./create";
import { newSeries, plan } from "./plan";
import { constraints, type Inputs, inputs, outputs, timetable } from "./schema";

/** A schedule exists only in the stack's state, so there is nothing to import. */
export class NotImportable extends FormationsError {
  readonly code = "NOT_IMPORTABLE";
}

/** Why backups outlive their schedule: for the warning of a deletion, and the reference. */
const backupsStay = "Antfly's API cannot delete backups; the bucket's lifecycle rules can";

/**
 * A backup schedule. It is a record in the stack, since Antfly cannot schedule anything: a runner reads
 * it there and takes the backups. No request sends a property of it, so there is no wire.ts.
 */
export const backupSchedule = defineResource({
  name: "AntflyBackupSchedule",
  description:
    "A schedule of backups of an Antfly cluster.\n\n" +
    `Antfly cannot schedule backups. The schedule is a record in the stack; the runner, \`formations backups run\`, reads it there and takes the backups that are due: see ${page("backups")}. Creating the schedule lists the backups at \`location\` to check that server, location and connection work, and changes nothing on the server. Later changes send nothing.\n\n` +
    `Deleting the schedule ends the series. Its backups stay where they are: ${backupsStay}. A schedule cannot be imported: declare it with the \`backupIdPrefix\` of existing backups to continue their series.`,
  id: "the prefix of the backups' IDs",
  example: {
    schedule: "0 3 * * *",
    timezone: "Europe/Berlin",
    location: "s3://example-backups/nightly",
    connection: "backups",
  },
  system: antfly,
  inputs,
  outputs,
  plan,
  constraints,

  whenDeleted: () => ({
    kind: "deletion",
    text: `no further backups are taken; those that exist stay: ${backupsStay}`,
  }),
  whenReplaced: () => newSeries,

  foresee({ backupIdPrefix, location, timezone, connection, tableNames, format, ...wanted }) {
    const { suspend, skipImmediately, url } = wanted;
    const given = { location, timezone, connection, tableNames, format };
    const state = { ...given, suspend, skipImmediately, url, changedAt: undefined };
    return { id: backupIdPrefix, state };
  },

  async create(wanted, context) {
    const id = prefixOf(wanted);
    await checkPlace(wanted, context);
    return { id, state: wanted };
  },

  /**
   * Returns the state: no server knows of the schedule. A refresh therefore succeeds even when the
   * server is down or the key has expired; the runner, which needs both, reports that.
   */
  async read(id, known) {
    const { schedule, location } = known;
    if (schedule === undefined || location === undefined) {
      throw new NotImportable(
        `AntflyBackupSchedule ${id}: a schedule exists only in the stack's state, so there is nothing on the server to import. ` +
          `Declare it in the program, with backupIdPrefix ${show(id)} to continue that series; creating it changes nothing on the server.`,
      );
    }
    return { id, state: { ...known, schedule, location } };
  },

  async update({ id, state, changes }, { clock }) {
    const isRetimed = timetable.some((property) => property in changes);
    const changedAt = isRetimed ? utc(clock.now()) : state.changedAt;
    return { id, state: { ...state, ...changes, changedAt } };
  },

  async delete(_id, { location }, { warn }) {
    warn(
      `The schedule is removed from the stack. Its backups stay at ${location}: ${backupsStay}.`,
    );
  },
});

/** The prefix; the host fills in one where the program gives none. */
function prefixOf({ backupIdPrefix }: Inputs): string {
  if (backupIdPrefix === undefined) throw new TypeError("A schedule has no backupIdPrefix.");
  return backupIdPrefix;
}
