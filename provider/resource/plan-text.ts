import type { Plan } from "./plan";
import type { Change } from "./plan-rules";
import { show, type Values } from "./values";

/* Values in what a plan says to people: none of a secret. */

/**
 * A plan as a message shows it: a line per property, then the reasons for the whole resource.
 *
 * @param secrets properties that hold a secret
 */
export function describePlan(plan: Plan, secrets?: ReadonlySet<string>): string[] {
  const lines = plan.changes.map(({ property, action, from, to, why, undecided }) => {
    const shown = undecided ? "(not known yet)" : showOf(property, to, secrets);
    return `${property}: ${showOf(property, from, secrets)} → ${shown}: ${action}: ${why}`;
  });
  return [...lines, ...plan.reasons.map((reason) => `${plan.action}: ${reason}`)];
}

/**
 * A text of a rule with the values of a change: see `Rule.warning`.
 *
 * @param secrets properties that hold a secret
 */
export function fill(
  text: string,
  change: Change,
  secrets: ReadonlySet<string> | undefined,
): string {
  const { property } = change;
  const values: Values = {
    property,
    applied: showOf(property, change.applied, secrets),
    observed: showOf(property, change.observed, secrets),
    desired: showOf(property, change.desired, secrets),
  };
  return text.replaceAll(/\{(\w+)\}/g, (match, key: string) => {
    const other = change.all.desired[key] ?? change.all.observed[key];
    return String(values[key] ?? (other === undefined ? match : showOf(key, other, secrets)));
  });
}

function showOf(
  property: string,
  value: unknown,
  secrets: ReadonlySet<string> | undefined,
): string {
  return value !== undefined && secrets?.has(property) ? "(secret)" : show(value);
}
