import { backupSchedule } from "../../../provider/antfly/backup-schedule/resource";
import { unpack } from "../../../provider/resource/marks";
import { logicalName } from "../../../provider/resource/urn";
import type { Values } from "../../../provider/resource/values";
import { definitionOf, type ResourceState, revealed } from "../../stack/deployment";
import { Pulumi, type StackOptions } from "../../stack/pulumi";
import { Sessions } from "../../stack/sessions";
import type { Connections } from "../connections";
import { readInputs, type Schedule, type ScheduleSource, titleOf } from "./schedule";

/**
 * The schedules in a stack's state, of either host, each with its provider's configuration. This runs
 * `pulumi` directly: Pulumi's Automation API would do the same and only take longer to load.
 */
export function stackSource(options: StackOptions, connections: Connections): ScheduleSource {
  return {
    async load() {
      const sessions = new Sessions(new Pulumi(options));
      const found = await schedulesOf(sessions);
      return Promise.all(
        found.map(async (resource): Promise<Schedule> => {
          const name = logicalName(resource.urn);
          const stack = options.stack;
          const where = titleOf({ name, stack });
          const config = await sessions.configOf(resource);
          const inputs = readInputs(propertiesOf(resource), where);
          return { ...inputs, name, stack, servers: connections.to((key) => config[key]) };
        }),
      );
    },
  };
}

/** The schedules in a stack's state, without replaced ones that are yet to be deleted. */
export async function schedulesOf(sessions: Sessions): Promise<ResourceState[]> {
  const { deployment } = await sessions.state();
  return deployment.resources.filter(
    ({ type, delete: isReplaced }) =>
      definitionOf(type)?.name === backupSchedule.name && !isReplaced,
  );
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
