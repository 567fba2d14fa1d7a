import type { Explanation, ResourceChange } from "./model";

/**
 * What `--fail-on` can name. Only what happens matches: a refused change does not.
 *
 * - `data-loss`, `interruption`, `redeployment`: what a change does, at worst;
 * - `deletion`: a resource is deleted, or the worst of a change is that something is; a deletion with
 *   data is both this and `data-loss`;
 * - `replacement`: a resource is replaced, whatever that does;
 * - `other-providers`: a resource of another provider is deleted or replaced;
 * - `policy`: a mandatory policy is violated;
 * - `failure`: the preview failed, or a change is refused.
 */
export const gateKinds = [
  "data-loss",
  "deletion",
  "replacement",
  "interruption",
  "redeployment",
  "other-providers",
  "policy",
  "failure",
] as const;

export type GateKind = (typeof gateKinds)[number];

/** Something that a gate does not let pass. */
export interface GateMatch {
  kind: GateKind;
  explanation: Explanation;
  /** Undefined: it is the stack as a whole. */
  change?: ResourceChange;
}

/** What of these kinds happens, in the kinds' order, and in that of the explanations. */
export function gateMatches(
  explanations: readonly Explanation[],
  kinds: readonly GateKind[],
): GateMatch[] {
  return [...new Set(kinds)].flatMap((kind) =>
    explanations.flatMap((explanation) => [
      ...(matchesStack(explanation, kind) ? [{ kind, explanation }] : []),
      ...explanation.changes
        .filter((change) => matches(change, kind))
        .map((change) => ({ kind, explanation, change })),
    ]),
  );
}

function matchesStack({ hasFailed, messages }: Explanation, kind: GateKind): boolean {
  if (kind === "failure") return hasFailed;
  return kind === "policy" && messages.some(isViolation);
}

function matches(change: ResourceChange, kind: GateKind): boolean {
  if (kind === "policy") return change.messages.some(isViolation);
  if (kind === "failure") return change.operation === "refuse";
  if (!happens(change)) return false;
  const { definition, operation, effect } = change;
  const isGone = operation === "delete" || operation === "replace";
  if (!definition) return kind === "other-providers" && isGone;
  switch (kind) {
    case "data-loss":
      return effect?.kind === "data loss";
    case "deletion":
      return operation === "delete" || effect?.kind === "deletion";
    case "replacement":
      return operation === "replace";
    case "interruption":
      return effect?.kind === "interruption";
    case "redeployment":
      return effect?.kind === "redeployment";
    case "other-providers":
      return false;
  }
}

/** Whether `up` does anything to the resource. */
function happens({ operation }: ResourceChange): boolean {
  return !["refuse", "keep", "read", "abandon"].includes(operation);
}

function isViolation({ severity, policy }: { severity: string; policy?: string }): boolean {
  return policy !== undefined && severity === "error";
}
