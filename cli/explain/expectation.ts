import { FormationsError } from "../../provider/errors";
import { parseUrn } from "../../provider/resource/urn";
import { digestsOf, parseFingerprint, stackKey, urnDigest } from "./fingerprint";
import type { Explanation } from "./model";
import { fingerprintIn } from "./output/marker";
import { labelOf } from "./output/sections";

/** What `--expect` names can't be read as what was reviewed. */
export class ExpectationUnreadable extends FormationsError {
  readonly code = "EXPECTATION_UNREADABLE";
}

/** What was reviewed of a stack. */
export interface Reviewed {
  all: string;
  /** By the digest of the URN; undefined: the fingerprint is only one of all changes. */
  changes?: ReadonlyMap<string, string>;
  /** Names of resources by the digest of their URN, if what was kept has them. */
  names?: ReadonlyMap<string, string>;
}

/** One thing that differs from what was reviewed. */
export interface Difference {
  kind: "new" | "changed" | "gone" | "unnamed";
  /** A sentence for people. */
  text: string;
}

/**
 * What differs between an explanation and what was reviewed. Empty: nothing.
 *
 * @param expected a fingerprint, long or short, or what `reviewedIn` read from a file
 * @throws ExpectationUnreadable for a text that is not a fingerprint
 */
export function differences(explanation: Explanation, expected: string | Reviewed): Difference[] {
  const reviewed = typeof expected === "string" ? parsed(expected) : expected;
  const now = digestsOf(explanation);
  if (now.all === reviewed.all) return [];
  const then = reviewed.changes;
  if (!then)
    return [
      {
        kind: "unnamed",
        text: "the changes are not those that were reviewed; the fingerprint is too short to say which differ",
      },
    ];
  const labels = labelsIn(explanation);
  const found = [...now.changes].flatMap(([urn, content]): Difference[] => {
    const label = labels.get(urn) ?? urn;
    const before = then.get(urn);
    if (before === content) return [];
    return before === undefined
      ? [{ kind: "new", text: `${label}: was not reviewed` }]
      : [{ kind: "changed", text: `${label}: was reviewed with another change` }];
  });
  return [
    ...found,
    ...gone(then, now.changes, reviewed.names),
    ...noneNamed(found, then, now.changes),
  ];
}

function gone(
  then: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  names: Reviewed["names"],
): Difference[] {
  const missing = [...then.keys()].filter((urn) => !now.has(urn));
  const named = missing.flatMap((urn) => names?.get(urn) ?? []).toSorted();
  const unnamed = missing.length - named.length;
  const what =
    unnamed === 1
      ? "1 change that was reviewed no longer happens"
      : `${unnamed} changes that were reviewed no longer happen`;
  return [
    ...named.map(
      (name): Difference => ({
        kind: "gone",
        text: `${name}: was reviewed, and no longer happens`,
      }),
    ),
    ...(unnamed > 0 ? [{ kind: "gone" as const, text: what }] : []),
  ];
}

/** Equal changes of another stack. */
function noneNamed(
  found: readonly Difference[],
  then: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): Difference[] {
  if (found.length > 0 || [...then.keys()].some((urn) => !now.has(urn))) return [];
  return [{ kind: "unnamed", text: "the fingerprint is that of another stack" }];
}

function labelsIn({ changes }: Explanation): Map<string, string> {
  return new Map([
    [urnDigest(stackKey), stackLabel],
    ...changes.map(({ urn, name, type }) => [urnDigest(urn), `${name} (${type})`] as const),
  ]);
}

const stackLabel = "the stack as a whole (a failure, or a policy)";

function parsed(text: string): Reviewed {
  const fingerprint = parseFingerprint(text.trim());
  if (fingerprint) return fingerprint;
  throw new ExpectationUnreadable(
    "--expect: it is neither a fingerprint (`f1.…`) nor a file with one.",
  );
}

/**
 * What a file says was reviewed of a stack: a comment in Markdown, or the JSON that `--format json` wrote.
 *
 * @param text the fingerprint itself, or the file's content
 * @throws ExpectationUnreadable if it has nothing of the stack
 */
export function reviewedIn(text: string, explanation: Explanation): Reviewed {
  const fingerprint = parseFingerprint(text.trim());
  if (fingerprint) return fingerprint;
  const { project = "", stack = "" } = explanation;
  const found = inJson(text, project, stack) ?? inMarker(text, explanation);
  if (found) return found;
  throw new ExpectationUnreadable(
    `--expect: it has no fingerprint of ${labelOf(explanation)}. Give the fingerprint, the comment's Markdown, or the output of \`--format json\`, of the review.`,
  );
}

function inMarker(text: string, explanation: Explanation): Reviewed | undefined {
  const found = fingerprintIn(text, explanation);
  return found === undefined ? undefined : parseFingerprint(found);
}

/** The stack's part of the JSON output, as far as it is needed here. */
interface KeptStack {
  project?: unknown;
  stack?: unknown;
  fingerprint?: unknown;
  digests?: unknown;
}

function inJson(text: string, project: string, stack: string): Reviewed | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const kept = stacksOf(text).find(
    (one) => (one.project ?? "") === project && (one.stack ?? "") === stack,
  );
  if (!kept || typeof kept.fingerprint !== "string") return undefined;
  const fingerprint = parseFingerprint(kept.fingerprint);
  if (!fingerprint) return undefined;
  const digests = Object.entries(kept.digests ?? {}).map(
    ([urn, one]) => [urn, String(one)] as const,
  );
  return {
    all: fingerprint.all,
    changes: new Map(digests.map(([urn, content]) => [urnDigest(urn), content])),
    names: new Map(digests.map(([urn]) => [urnDigest(urn), nameIn(urn)])),
  };
}

function nameIn(urn: string): string {
  if (urn === stackKey) return stackLabel;
  const name = parseUrn(urn);
  return name ? `${name.name} (${name.type})` : urn;
}

function stacksOf(text: string): KeptStack[] {
  try {
    const { stacks } = JSON.parse(text) as { stacks?: unknown };
    return Array.isArray(stacks)
      ? stacks.filter((one) => one !== null && typeof one === "object")
      : [];
  } catch (error) {
    throw new ExpectationUnreadable(`--expect: the JSON is not valid: ${(error as Error).message}`);
  }
}
