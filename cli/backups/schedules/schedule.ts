import type { z } from "zod";
import { backupSchedule } from "../../../provider/antfly/backup-schedule/resource";
import { canonicalLocation } from "../../../provider/antfly/backup-schedule/schema";
import { serverUrlRule } from "../../../provider/antfly/server-url";
import type { AntflyServers } from "../../../provider/antfly/system";
import { FormationsError } from "../../../provider/errors";
import { type CheckFailure, validate } from "../../../provider/resource/validation";
import type { Values } from "../../../provider/resource/values";

/** A schedule that can't be run, or can't be found. */
export class WrongSchedule extends FormationsError {
  readonly code = "WRONG_SCHEDULE";
}

const inputs = backupSchedule.inputs.extend({
  timezone: backupSchedule.inputs.shape.timezone.default("UTC"),
  suspend: backupSchedule.inputs.shape.suspend.default(false),
  backupIdPrefix: backupSchedule.inputs.shape.backupIdPrefix.unwrap(),
});

/** A schedule's properties, whichever source they came from: the inputs of `AntflyBackupSchedule`. */
export type ScheduleInputs = z.output<typeof inputs>;

/** A schedule, and the servers that its provider's configuration gives access to. */
export interface Schedule extends ScheduleInputs {
  /** Its name in the program, or its prefix. */
  name: string;
  /** The stack that declares it. */
  stack?: string;
  /** When it was created, if that is known: milliseconds since the epoch. */
  createdAt?: number;
  /** When its timetable last changed: milliseconds since the epoch. Undefined: never, or unknown. */
  changedAt?: number;
  servers: AntflyServers;
}

/** Where schedules come from. */
export interface ScheduleSource {
  /** What it is called in messages: `stack dev`, `schedules.json`. */
  title: string;
  /** What it is, the same for each runner of this machine. */
  key: string;
  /** Reads them anew at each call. */
  load(): Promise<Schedule[]>;
}

/** What sources had, and why some could not be read. */
export interface Loaded {
  schedules: Schedule[];
  failures: FormationsError[];
}

/**
 * Checks a schedule's properties, as a program's inputs are checked.
 *
 * @param where what they are part of, for messages: `schedules.json: nightly`
 * @param naming what a property is called there; default: its own name
 * @throws WrongSchedule naming every invalid property
 */
export function readInputs(
  given: Values,
  where: string,
  naming: (property: string) => string = (property) => property,
): ScheduleInputs {
  const { inputs: read, failures } = validate(inputs, given, { constraints: [serverUrlRule] });
  if (failures.length === 0) return inputs.parse(read);
  const told = failures.map(({ property, reason }: CheckFailure) => {
    return `${naming(property)} ${reason}`;
  });
  throw new WrongSchedule(`${where}: ${told.join("; ")}.`);
}

/** Loads the schedules of all sources. A source that fails does not stop the others. */
export async function loadSchedules(sources: readonly ScheduleSource[]): Promise<Loaded> {
  const failures: FormationsError[] = [];
  const loaded = await Promise.all(
    sources.map((source) =>
      source.load().catch((error) => {
        if (!(error instanceof FormationsError)) throw error;
        failures.push(error);
        return [];
      }),
    ),
  );
  const schedules = ownSeries(loaded.flat(), failures);
  if (schedules.length === 0 && failures.length === 0) {
    const where = sources.map(({ title }) => title).join(", ");
    failures.push(
      new WrongSchedule(
        `There is no schedule in ${where}. Name another stack with --stack or a file with --file, or declare an AntflyBackupSchedule in the program and run \`pulumi up\`.`,
      ),
    );
  }
  return { schedules, failures };
}

/** The first schedule of each series: a second one would mistake the first one's backups for its own. */
function ownSeries(all: readonly Schedule[], failures: FormationsError[]): Schedule[] {
  const bySeries = new Map<string, Schedule>();
  for (const schedule of all) {
    const { backupIdPrefix, location } = schedule;
    const first = bySeries.get(seriesOf(schedule));
    if (first) {
      failures.push(
        new WrongSchedule(
          `${titleOf(schedule)} is skipped: it and ${titleOf(first)} share a series, the prefix ${backupIdPrefix} at ${location}. Give one of them another prefix, or list the schedule once.`,
        ),
      );
    } else bySeries.set(seriesOf(schedule), schedule);
  }
  return [...bySeries.values()];
}

/** What no two schedules share: where their backups are stored, and the prefix of their IDs. */
export function seriesOf(schedule: Schedule): string {
  return `${storeOf(schedule)} ${schedule.backupIdPrefix}`;
}

/** Where a schedule's backups are stored. `file://` is the server's own disk, so it differs by server. */
export function storeOf({ location, servers, url }: Schedule): string {
  const canonical = canonicalLocation(location);
  return location.startsWith("file://") ? `${servers.rootOf(url)} ${canonical}` : canonical;
}

/** Milliseconds of a time that a source has; undefined where it has none, or not a time. */
export function timeOf(text: unknown): number | undefined {
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** A schedule's name in messages: with its stack, since names are unique only there. */
export function titleOf({ name, stack }: Pick<Schedule, "name" | "stack">): string {
  return stack === undefined ? name : `${stack}/${name}`;
}
