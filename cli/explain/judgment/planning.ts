import type { Definition } from "../../../provider/resource/definition";
import { planOf } from "../../../provider/resource/lifecycle";
import { type Plan, remarksOf } from "../../../provider/resource/plan";
import { secretKeys } from "../../../provider/resource/secrets";
import type { Step } from "../model";
import { hiddenIn, type Sides, settled, sidesOf } from "./sides";

/** A step as the plan sees it. */
export interface Planned {
  /** As the preview shows them. */
  sides: Sides;
  /** Undefined: the preview lacks a side, or has values that no host would have passed on. */
  plan?: Plan;
  /** Properties whose values the program hides. */
  hidden: ReadonlySet<string>;
  /** What the host said of the plan when it made the preview. */
  remarks: readonly string[];
}

/** Plans a step again, as the host did. */
export function planned(definition: Definition, step: Step): Planned {
  const sides = sidesOf(definition, step);
  const hidden = hiddenIn(step.old, step.new);
  if (!step.old || !step.new) return { sides, hidden, remarks: [] };
  try {
    const known = settled(sides, step);
    const secrets = secretKeys(sides.secrets);
    const asHost = planOf(definition, { ...known, secrets });
    const remarks = remarksOf(asHost).map(({ text }) => text);
    const unseen = new Set([...secrets, ...hidden]);
    const plan = hidden.size > 0 ? planOf(definition, { ...known, secrets: unseen }) : asHost;
    return { sides, plan, hidden, remarks };
  } catch {
    // Rules rely on types that the check ensures, and a preview may have been changed since.
    return { sides, hidden, remarks: [] };
  }
}
