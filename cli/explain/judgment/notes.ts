import type { Plan } from "../../../provider/resource/plan";
import type { Effect } from "../../../provider/resource/plan-rules";
import type { ResourceState } from "../../stack/deployment";
import type { Operation, PropertyChange, Step } from "../model";

/** Of a plan's warnings, what its effects do not say already. */
export function notesOfPlan(plan: Plan | undefined): string[] {
  if (!plan) return [];
  const effects = [plan.effect, ...plan.changes.map(({ effect }) => effect)];
  return plan.warnings.map((warning) => remainder(warning, effects)).filter((text) => text !== "");
}

/** What a warning says besides an effect: all of it if it has none. */
function remainder(warning: string, effects: readonly (Effect | undefined)[]): string {
  const said = effects.find((effect) => effect && warning.includes(effect.text));
  if (!said) return warning;
  const rest = warning.slice(warning.indexOf(said.text) + said.text.length);
  return rest.replace(/^\.\s*/, "");
}

/** What a change of protection means. */
export function notesOfProtection({ old, new: now }: Step): string[] {
  const [was, is] = [old?.protect === true, now?.protect === true];
  if (!old || !now || was === is) return [];
  return [
    is
      ? "From now on it is protected: Pulumi refuses to delete it."
      : "It is no longer protected: a later change can delete it.",
  ];
}

/** Why `pulumi up` refuses, and what to do. */
export function noteOfRefusal(operation: Operation): string {
  return operation === "replace"
    ? "It is protected: `pulumi up` refuses to replace it. To replace it, remove `protect` from the program."
    : "It is protected: `pulumi up` refuses to delete it. To delete it, run `pulumi state unprotect` first.";
}

/** The properties whose values are not shown because the program says so. */
export function noteOfHidden(
  properties: readonly PropertyChange[],
  hidden: ReadonlySet<string>,
): string[] {
  const found = properties.filter(({ property }) => hidden.has(property));
  if (found.length === 0) return [];
  const list = found.map(({ property }) => `\`${property}\``).join(", ");
  return [`The program hides the values of ${list} (\`hideDiffs\`).`];
}

/**
 * What is to be said of hooks where data is lost: those that run before a deletion are the ones of the last
 * run.
 *
 * @param isInUse whether any resource of the stack has a hook
 */
export function noteOfHooks({ old, new: now }: Step, isInUse: boolean): string[] {
  const [before, after] = [beforeDelete(old), beforeDelete(now)];
  if (before.length > 0) {
    return [
      `Before the deletion, Pulumi runs ${before.map((name) => `\`${name}\``).join(", ")} (\`beforeDelete\`).`,
    ];
  }
  if (after.length > 0) {
    return [
      "Its `beforeDelete` hook is new, so it does not run for this deletion: deploy the hook first, in a run of its own.",
    ];
  }
  return isInUse ? ["It has no `beforeDelete` hook, which could copy its data first."] : [];
}

/** Whether a resource has any hook. */
export function hasHooks(state: ResourceState | undefined): boolean {
  const hooks = state?.resourceHooks;
  return typeof hooks === "object" && hooks !== null && Object.values(hooks).some(isFilled);
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

function beforeDelete(state: ResourceState | undefined): string[] {
  const hooks = state?.resourceHooks as { beforeDelete?: unknown } | null | undefined;
  const list = hooks?.beforeDelete;
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
}
