import { digestsOf, fingerprintOf } from "../fingerprint";
import { labelsOf } from "../labels";
import type { Explanation, ResourceChange } from "../model";
import { headlineOf, type SectionKind, sectionsOf, worstFirst } from "./sections";

/** The version of the format. A field may be added; none is removed, and none changes its meaning. */
export const jsonVersion = 1;

/**
 * All facts, for programs. Secrets are `{"kind":"secret"}` here as well; values are whole.
 * docs/pull-requests.md has the fields.
 */
export function json(explanations: readonly Explanation[]): string {
  const document = {
    version: jsonVersion,
    headline: headlineOf(explanations),
    labels: labelsOf(explanations),
    stacks: worstFirst(explanations).map(stackOf),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function stackOf(explanation: Explanation) {
  const { project, stack, source, hasFailed, changes, messages, counts } = explanation;
  return {
    project,
    stack,
    source,
    failed: hasFailed,
    headline: headlineOf([explanation]),
    fingerprint: fingerprintOf(explanation),
    digests: digestsByUrn(explanation),
    counts: Object.fromEntries(
      sectionsOf(changes).map(({ kind, changes: found }): [SectionKind, number] => [
        kind,
        found.length,
      ]),
    ),
    engineCounts: counts,
    changes: changes.map(changeOf),
    messages,
  };
}

/** What each change of the fingerprint is, so that a later `--expect` names those that are gone. */
function digestsByUrn(explanation: Explanation): Record<string, string> {
  return Object.fromEntries(digestsOf(explanation).byUrn);
}

function changeOf({ definition, ...change }: ResourceChange) {
  const { urn, name, type, operation, order, effect, reasons, properties, notes, messages, cost } =
    change;
  return {
    urn,
    name,
    type,
    /** The resource in this package; absent: another provider's. */
    resource: definition?.name,
    operation,
    order,
    effect,
    reasons,
    properties,
    notes,
    messages,
    cost,
  };
}
