import type { Definition } from "../../../provider/resource/definition";
import { secretProperties } from "../../../provider/resource/secrets";
import { token } from "../../../provider/resource/urn";
import { sumOf } from "../costs";
import { regionOf } from "../filters";
import type { Found, Missing } from "../model";
import type { View } from "../view";

/** The version of the format; a later one that a reader of this one would misunderstand gets another. */
const version = 1;

/** An inventory for programs. It has no secret. */
export function inJson({ inventory, shown, costs }: View): string {
  const { found, missing, stacks, skipped, failures, remarks } = inventory;
  // Without stacks, nobody knows what is managed.
  const ofStacks = <T>(values: T) => (stacks.length > 0 ? values : undefined);
  const unmanaged = found.filter(({ managers }) => managers.length === 0);
  const counts = { unmanaged: unmanaged.length, missing: missing.length };
  const whole = {
    version,
    isComplete: failures.length === 0,
    counts: { found: found.length, ...ofStacks(counts) },
    monthly: costs && {
      all: sumOf(found, costs),
      unmanaged: ofStacks(sumOf(unmanaged, costs)),
    },
    stacks,
    resources: shown.map((one) => ({
      ...resourceOf(one),
      managers: ofStacks(one.managers),
      cost: costs?.of(one),
    })),
    missing: ofStacks(missing.map(missingOf)),
    ...{ skipped, failures, remarks },
  };
  return JSON.stringify(whole, undefined, 2);
}

function resourceOf({ definition, account, id, name, state, ...one }: Found) {
  return {
    system: definition.system.name,
    type: token(definition.name),
    ...{ id, name, account: account.title, server: account.server, provider: account.provider },
    region: regionOf(definition, state),
    ...{ pending: one.pending, isLeaving: one.isLeaving },
    properties: shownOf(definition, state),
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
