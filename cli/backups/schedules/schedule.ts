import type { z } from "zod";
import { backupSchedule } from "../../../provider/antfly/backup-schedule/resource";
import { serverUrlRule } from "../../../provider/antfly/server-url";
import { type AntflyServers, antfly } from "../../../provider/antfly/system";
import { FormationsError } from "../../../provider/errors";
import { type Clock, systemClock } from "../../../provider/process/clock";
import { resolveConfig } from "../../../provider/resource/config";
import { type CheckFailure, validate } from "../../../provider/resource/validation";
import type { Values } from "../../../provider/resource/values";

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

const known = new WeakMap<Clock, Map<string, AntflyServers>>();

/**
 * The servers that a configuration describes, as {@link resolveConfig} reads it; the same for the same
 * configuration, so that this process asks a server once which dialect it speaks, however often its
 * schedules are read.
 *
 * @throws ConfigurationError where something of it is malformed
 */
export function connect(
  read: (key: string) => unknown = () => undefined,
  environment: NodeJS.ProcessEnv = process.env,
  clock: Clock = systemClock,
): AntflyServers {
  const config = resolveConfig(antfly, read, environment);
  const ours = known.get(clock) ?? new Map<string, AntflyServers>();
  known.set(clock, ours);
  const key = JSON.stringify(config);
  const servers = ours.get(key) ?? antfly.connect(config, clock);
  ours.set(key, servers);
  return servers;
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
  const schedules = ownSeries(loaded.flat(), failures);
  if (schedules.length === 0 && failures.length === 0) {
    failures.push(new WrongSchedule("There are no schedules where this looks for them."));
  }
  return { schedules, failures };
}

/** Each series' first schedule: a second one would take the first one's backups for its own. */
function ownSeries(all: readonly Schedule[], failures: FormationsError[]): Schedule[] {
  const bySeries = new Map<string, Schedule>();
  for (const schedule of all) {
    const { backupIdPrefix, location } = schedule;
    const first = bySeries.get(seriesOf(schedule));
    if (first) {
      failures.push(
        new WrongSchedule(
          `${titleOf(schedule)} is left out: it and ${titleOf(first)} have one series, the prefix ${backupIdPrefix} at ${location}. Give one another prefix, or name it once.`,
        ),
      );
    } else bySeries.set(seriesOf(schedule), schedule);
  }
  return [...bySeries.values()];
}

/** What no two schedules share: where their backups lie, and what their IDs begin with. */
export function seriesOf(schedule: Schedule): string {
  return `${storeOf(schedule)} ${schedule.backupIdPrefix}`;
}

/** Where a schedule's backups lie. `file://` is on the server's own disk, so each server has another. */
export function storeOf({ location, servers, url }: Schedule): string {
  return location.startsWith("file://") ? `${servers.rootOf(url)} ${location}` : location;
}

/** A schedule for people: with its stack, since several may have one of that name. */
export function titleOf({ name, stack }: Pick<Schedule, "name" | "stack">): string {
  return stack === undefined ? name : `${stack}/${name}`;
}
