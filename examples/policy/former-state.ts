import { readFileSync } from "node:fs";
import { placeOf } from "./production";

/** A resource of the state before the change: the fields that the rules read. */
export interface FormerResource {
  urn: string;
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  protect?: boolean;
  /** Whether Pulumi leaves it on the server when it deletes or replaces it. */
  retainOnDelete?: boolean;
  /** A replaced one that is still to be deleted. */
  delete?: boolean;
  /** Deleted already; its replacement does not exist yet. */
  pendingReplacement?: boolean;
  /** Names of hooks, by when they run. */
  resourceHooks?: Record<string, string[] | undefined>;
}

/** Names the file that `pulumi stack export --file` wrote. */
export const variable = "FORMATIONS_POLICY_STATE";

/** What is wrong with the file. */
export class StateMissing extends Error {}

let known: readonly FormerResource[] | undefined;

/**
 * The resources of a stack before the change. Policies are not told: they see what a program asks for, and
 * not what exists. So the pipeline exports the state for them.
 *
 * @param urn of a resource of the stack
 * @throws StateMissing if there is no file, or if it is another stack's
 */
export function formerResources(urn: string): readonly FormerResource[] {
  known ??= read();
  const [first] = known;
  if (first && placeOf(first.urn) !== placeOf(urn)) {
    throw new StateMissing(
      `${variable} is the state of ${placeOf(first.urn)}, and not of ${placeOf(urn)}.`,
    );
  }
  return known;
}

function read(): readonly FormerResource[] {
  const file = process.env[variable];
  if (!file) {
    throw new StateMissing(
      `Run \`pulumi stack export --file FILE\` and set ${variable} to the absolute path of FILE: without it, this policy can't see what the change does to existing data.`,
    );
  }
  try {
    const state: { deployment: { resources?: FormerResource[] } } = JSON.parse(
      readFileSync(file, "utf8"),
    );
    return state.deployment.resources ?? [];
  } catch (error) {
    // The parser's message would quote the text, and a state contains secrets.
    const why = error instanceof SyntaxError || error instanceof TypeError ? "" : `: ${error}`;
    throw new StateMissing(`${variable} (${file}) is not a stack's exported state${why}.`);
  }
}
