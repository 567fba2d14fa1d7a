import { gateMatches } from "./gate";
import type { Explanation } from "./model";
import { changesSomething } from "./output/sections";

/** The labels of a pull request, the worst first. Names never change: workflows compare them. */
export const labels = {
  failed: "formations: preview failed",
  dataLoss: "formations: data loss",
  deletion: "formations: deletion",
  interruption: "formations: interruption",
  change: "formations: change",
  noChange: "formations: no change",
} as const;

/**
 * The labels that fit the previews, all together. Either `change` or `no change` is always there, unless
 * all previews failed without showing a change.
 */
export function labelsOf(explanations: readonly Explanation[]): string[] {
  const has = (...kinds: Parameters<typeof gateMatches>[1]) =>
    gateMatches(explanations, kinds).length > 0;
  const isChange = explanations.some(({ changes }) => changes.some(changesSomething));
  const hasFailed = has("failure");
  return [
    ...(hasFailed ? [labels.failed] : []),
    ...(has("data-loss") ? [labels.dataLoss] : []),
    ...(has("deletion") ? [labels.deletion] : []),
    ...(has("interruption") ? [labels.interruption] : []),
    ...(isChange ? [labels.change] : []),
    ...(!isChange && !hasFailed ? [labels.noChange] : []),
  ];
}
