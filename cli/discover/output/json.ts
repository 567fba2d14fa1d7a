import type { Definition } from "../../../provider/resource/definition";
import { secretProperties } from "../../../provider/resource/secrets";
import { token } from "../../../provider/resource/urn";
import { regionOf } from "../filters";
import type { Found, Inventory, Missing } from "../model";

/** The version of the format; a later one that a reader of this one would misunderstand gets another. */
const version = 1;

/** An inventory for programs. It has no secret. @param found those of its resources that are shown */
export function inJson(inventory: Inventory, found: readonly Found[]): string {
  const { missing, stacks, skipped, failures, remarks } = inventory;
  const whole = {
    version,
    isComplete: failures.length === 0,
    ...{ stacks, resources: found.map(resourceOf), missing: missing.map(missingOf) },
    ...{ skipped, failures, remarks },
  };
  return JSON.stringify(whole, undefined, 2);
}

function resourceOf({ definition, account, id, name, state, pending, isLeaving, managers }: Found) {
  return {
    system: definition.system.name,
    type: token(definition.name),
    ...{ id, name, account: account.title, server: account.server, provider: account.provider },
    region: regionOf(definition, state),
    ...{ pending, isLeaving, properties: shownOf(definition, state), managers },
  };
}

function missingOf({ definition, id, manager }: Missing) {
  return { system: definition.system.name, type: token(definition.name), id, manager };
}

/** What is no secret, and holds none. */
function shownOf({ inputs, outputs }: Definition, state: Found["state"]) {
  const hidden = new Set([...secretProperties(inputs), ...secretProperties(outputs)]);
  return Object.fromEntries(Object.entries(state).filter(([key]) => !hidden.has(key)));
}
