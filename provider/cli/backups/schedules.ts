import type { z } from "zod";
import { backupSchedule } from "../../antfly/backup-schedule";
import { serverUrlRule } from "../../antfly/server-url";
import { AntflyServers, antfly } from "../../antfly/system";
import { FormationsError } from "../../errors";
import type { Session } from "../../resource/session";
import { type CheckFailure, validate } from "../../resource/validation";
import type { Values } from "../../resource/values";

/** What is said of a schedule that cannot be run. */
export class WrongSchedule extends FormationsError {
  readonly code = "WRONG_SCHEDULE";
}

const inputs = backupSchedule.inputs.extend({
  timezone: backupSchedule.inputs.shape.timezone.default("UTC"),
  suspend: backupSchedule.inputs.shape.suspend.default(false),
  backupIdPrefix: backupSchedule.inputs.shape.backupIdPrefix.unwrap(),
});

/** What a schedule says, whichever source it came from; as `AntflyBackupSchedule` has it. */
export type ScheduleInputs = z.output<typeof inputs>;

/** A schedule, and the servers as its provider is configured to reach them. */
export interface Schedule extends ScheduleInputs {
  /** Its name in the program, or its prefix. */
  name: string;
  /** The stack that declares it. */
  stack?: string;
  servers: AntflyServers;
}

/** Where schedules come from. */
export interface ScheduleSource {
  /** Reads them, each time anew. */
  load(): Promise<Schedule[]>;
}

/** What sources gave, and why some gave nothing. */
export interface Loaded {
  schedules: Schedule[];
  failures: FormationsError[];
}

/**
 * Checks what is given of a schedule, as a program's inputs are checked.
 *
 * @param where what it is part of, for messages: `schedules.json: nightly`
 * @param naming what a property is called there; default: its own name
 * @throws WrongSchedule naming every property that is wrong
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

/** The servers of a session, as its configuration reaches them. */
export function serversOf(session: Session): AntflyServers {
  const servers = session.api(antfly);
  if (servers instanceof AntflyServers) return servers;
  throw new TypeError("The session has no Antfly servers.");
}

/** Schedules of all sources. One that fails keeps no other from having its backups taken. */
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
  const schedules = loaded.flat();
  demandOwnSeries(schedules);
  if (schedules.length === 0 && failures.length === 0) {
    failures.push(new WrongSchedule("There are no schedules where this looks for them."));
  }
  return { schedules, failures };
}

/** Two schedules with one series would take each other's backups for their own. */
function demandOwnSeries(schedules: readonly Schedule[]): void {
  const bySeries = new Map<string, Schedule>();
  for (const schedule of schedules) {
    const series = seriesOf(schedule);
    const other = bySeries.get(series);
    if (other) {
      throw new WrongSchedule(
        `${titleOf(other)} and ${titleOf(schedule)} have one series: the prefix ${schedule.backupIdPrefix} at ${schedule.location}. Give one another prefix, or name it once.`,
      );
    }
    bySeries.set(series, schedule);
  }
}

/** What no two schedules share: where their backups lie, and what their IDs begin with. */
export function seriesOf({ location, backupIdPrefix }: Schedule): string {
  return `${location} ${backupIdPrefix}`;
}

/** A schedule for people: with its stack, since several may have one of that name. */
export function titleOf({ name, stack }: Pick<Schedule, "name" | "stack">): string {
  return stack === undefined ? name : `${stack}/${name}`;
}
