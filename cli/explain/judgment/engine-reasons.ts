import { isDeepStrictEqual } from "node:util";
import type { PlanRules } from "../../../provider/resource/plan-rules";
import { logicalName } from "../../../provider/resource/urn";
import type { Values } from "../../../provider/resource/values";
import type { Step } from "../model";
import { headOf } from "./sides";

/** The key of a resource whose creation or last change failed, in the engine's list of reasons. */
const initErrors = "#initerror";

/**
 * Why the engine replaces a resource although its plan does not ask for it, in words.
 *
 * @param replaced the resources that the preview replaces
 */
export function reasonsToReplace(step: Step, replaced: ReadonlySet<string>): string[] {
  const reasons = step.replaceReasons.map((reason) => inWords(reason, step, replaced));
  return reasons.length > 0 ? [...new Set(reasons)] : [unnamed(step, replaced)];
}

/** The engine names nothing where an option of the program asks for the replacement. */
function unnamed(step: Step, replaced: ReadonlySet<string>): string {
  const { old, new: now } = step;
  if (!isDeepStrictEqual(old?.replacementTrigger, now?.replacementTrigger)) {
    return "its `replacementTrigger` has another value";
  }
  if (now?.replaceWith?.some((urn) => replaced.has(urn)))
    return inWords("replaceWith", step, replaced);
  if (replaced.has(old?.deletedWith ?? "")) return inWords("deletedWith", step, replaced);
  return "an option of the program asks for it (`replacementTrigger`, `replaceWith` or `deletedWith`)";
}

function inWords(reason: string, step: Step, replaced: ReadonlySet<string>): string {
  const { old, new: now } = step;
  switch (reason) {
    case "id":
      return old?.taint === true
        ? "it is tainted: `pulumi state taint` asked for its replacement"
        : "`--replace` asks for its replacement";
    case "replaceWith":
      return `the program replaces it along with ${named(now?.replaceWith ?? [], replaced)} (\`replaceWith\`)`;
    case "deletedWith":
      return `it is deleted along with ${named([now?.deletedWith ?? old?.deletedWith ?? ""], replaced)}, which is replaced (\`deletedWith\`)`;
    case "provider":
      return "its provider is another one, or is replaced";
    case initErrors:
      return "its creation or last change failed, and the program replaces it then (`replaceOnChanges`)";
    default:
      return ofProperty(headOf(reason), step);
  }
}

function ofProperty(property: string, { new: now }: Step): string {
  const asked = now?.replaceOnChanges;
  const paths: unknown[] = Array.isArray(asked) ? asked : [];
  const isAsked = paths.some((path) => path === "*" || headOf(String(path)) === property);
  return isAsked
    ? `the program replaces it when \`${property}\` changes (\`replaceOnChanges\`)`
    : `the engine replaces it because of \`${property}\``;
}

/** The resources among several that are replaced; all of them if none is known to be. */
function named(urns: readonly string[], replaced: ReadonlySet<string>): string {
  const known = urns.filter((urn) => replaced.has(urn));
  const found = known.length > 0 ? known : urns;
  // The events do not have these options.
  return found.length > 0 ? found.map(logicalName).join(", ") : "another resource";
}

/** What the plan rules forbid where the engine replaces a resource all the same. */
export function refusalsOf(
  { whole = [] }: PlanRules,
  sides: { applied: Values; observed: Values; desired: Values; autonamed: boolean },
): string[] {
  return whole
    .filter(({ becomes, when }) => becomes === "refuse" && when({ ...sides, action: "replace" }))
    .map(({ why }) => why);
}
