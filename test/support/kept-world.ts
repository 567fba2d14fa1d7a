import type { DeploymentState } from "../../build/engine/state.ts";
import type { Platform } from "../../simulators/platform.ts";
import { subjects } from "../subjects.ts";

/**
 * Puts into the simulators what a kept state says that the servers have.
 *
 * @param state with its secrets in plain text
 */
export function prepareWorld(platform: Platform, state: DeploymentState): void {
  for (const { type, id = "", outputs = {} } of state.deployment.resources) {
    const subject = subjects.find(({ name }) => type.endsWith(`:${name}`));
    const simulator = subject && platform.systems.get(subject.system.title);
    if (simulator) subject.keep?.(simulator, { id, outputs });
  }
}
