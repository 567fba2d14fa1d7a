import { backupSchedule } from "../../provider/antfly/backup-schedule/resource";
import { unpack } from "../../provider/resource/marks";
import type { Values } from "../../provider/resource/values";
import { definitionOf, logicalName, type ResourceState, revealed } from "../stack/deployment";
import { Pulumi, type StackOptions } from "../stack/pulumi";
import { Sessions } from "../stack/sessions";
import { connect, readInputs, type Schedule, type ScheduleSource } from "./schedules";

/**
 * The schedules that a stack's state has, of either host, with the configuration of the provider that
 * serves each. It runs `pulumi`, as Pulumi's Automation API does too: that would add no more than the
 * time to load it.
 */
export function stackSource(options: StackOptions): ScheduleSource {
  return {
    async load() {
      const sessions = new Sessions(new Pulumi(options));
      const found = await schedulesOf(sessions);
      return Promise.all(
        found.map(async (resource): Promise<Schedule> => {
          const name = logicalName(resource.urn);
          const stack = options.stack;
          const where = stack === undefined ? name : `${stack}/${name}`;
          const config = await sessions.configOf(resource);
          const inputs = readInputs(stateOf(resource), where);
          return { ...inputs, name, stack, servers: connect((key) => config[key]) };
        }),
      );
    },
  };
}

/** The schedules of a stack's state, without those that are replaced and still to be deleted. */
export async function schedulesOf(sessions: Sessions): Promise<ResourceState[]> {
  const { deployment } = await sessions.state();
  return deployment.resources.filter(
    ({ type, delete: isReplaced }) =>
      definitionOf(type)?.name === backupSchedule.name && !isReplaced,
  );
}

/** What a schedule is, without what its host keeps for itself; its ID is the prefix. */
export function stateOf({ id, outputs }: ResourceState): Values {
  const known = Object.keys(backupSchedule.inputs.shape);
  const state = Object.entries(unpack(revealed(outputs ?? {}) as Values).properties);
  return {
    ...Object.fromEntries(state.filter(([key]) => known.includes(key))),
    backupIdPrefix: id,
  };
}
