import { resolve } from "node:path";
import { backupSchedule } from "../../../provider/antfly/backup-schedule/resource";
import { unpack } from "../../../provider/resource/marks";
import { logicalName, parseUrn } from "../../../provider/resource/urn";
import type { Values } from "../../../provider/resource/values";
import { definitionOf, type ResourceState, revealed } from "../../stack/deployment";
import { hasProject, withoutProject } from "../../stack/project";
import { Pulumi, PulumiFailed, type StackOptions } from "../../stack/pulumi";
import { Sessions } from "../../stack/sessions";
import type { Connections } from "../connections";
import { readInputs, type Schedule, type ScheduleSource, timeOf, titleOf } from "./schedule";

/**
 * The schedules in a stack's state, of either host, each with its provider's configuration. This runs
 * `pulumi` directly: Pulumi's Automation API would do the same and only take longer to load.
 */
export function stackSource(options: StackOptions, connections: Connections): ScheduleSource {
  return {
    title: options.stack === undefined ? "the selected stack" : `stack ${options.stack}`,
    key: `stack ${resolve(options.cwd ?? ".")} ${options.stack ?? ""}`,
    load: () => readSchedules(new Sessions(new Pulumi(options)), options, connections),
  };
}

/**
 * Reads the schedules in a stack's state.
 *
 * @throws PulumiFailed, WrongSchedule, ConfigurationError
 */
export async function readSchedules(
  sessions: Sessions,
  options: StackOptions,
  connections: Connections,
): Promise<Schedule[]> {
  const found = await schedulesOf(sessions, options);
  return Promise.all(
    found.map(async (resource): Promise<Schedule> => {
      const name = logicalName(resource.urn);
      const stack = options.stack ?? stackOf(resource);
      const where = titleOf({ name, stack });
      const config = await sessions.configOf(resource);
      const inputs = readInputs(propertiesOf(resource), where);
      const { createdAt, changedAt } = timesOf(resource);
      const times = { createdAt: timeOf(createdAt), changedAt: timeOf(changedAt) };
      const servers = connections.to((key) => config[key]);
      return { ...inputs, ...times, name, stack, servers };
    }),
  );
}

/**
 * The schedules in a stack's state, without replaced ones that are yet to be deleted.
 *
 * @throws PulumiFailed with where to run the command, if there is no project
 */
export async function schedulesOf(
  sessions: Sessions,
  { cwd = "." }: StackOptions,
): Promise<ResourceState[]> {
  const { deployment } = await sessions.state().catch((error) => {
    if (!(error instanceof PulumiFailed) || hasProject(cwd)) throw error;
    throw new PulumiFailed(`${error.message}\n${withoutProject(cwd)}`);
  });
  return deployment.resources.filter(
    ({ type, delete: isReplaced }) =>
      definitionOf(type)?.name === backupSchedule.name && !isReplaced,
  );
}

/** The name of the stack that a schedule is in. */
export function stackOf({ urn }: ResourceState): string | undefined {
  return parseUrn(urn)?.stack;
}

/** When a schedule was created, as the engine notes it, and when its timetable last changed. */
export function timesOf({ created, outputs }: ResourceState) {
  const { changedAt } = unpack(revealed(outputs ?? {}) as Values).properties;
  return { createdAt: created, changedAt: typeof changedAt === "string" ? changedAt : undefined };
}

/** A schedule's properties, without those that its host added; the ID is the prefix. */
export function propertiesOf({ id, outputs }: ResourceState): Values {
  const known = Object.keys(backupSchedule.inputs.shape);
  const state = Object.entries(unpack(revealed(outputs ?? {}) as Values).properties);
  return {
    ...Object.fromEntries(state.filter(([key]) => known.includes(key))),
    backupIdPrefix: id,
  };
}
