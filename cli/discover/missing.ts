import type { Listable } from "../../provider/resource/listing";
import type { Values } from "../../provider/resource/values";
import { asFound, type Surroundings, type SystemInventory } from "./inventory";
import { type Holding, placesOn } from "./managed";
import type { Account, Found, Missing } from "./model";
import { type Kind, readAll, sayEstimate } from "./reads";
import type { Survey } from "./survey";
import { counted } from "./words";

/** What came of checking what stacks have and lists lack. */
interface Checked {
  /** What exists all the same. */
  found: Found[];
  missing: Missing[];
  failures: string[];
}

/**
 * What stacks have and the lists lack. Each is read once: a list may be behind, and it may not show all
 * that exists, such as a replica that has been detached.
 */
export async function missingOf(
  systems: readonly SystemInventory[],
  surroundings: Surroundings,
): Promise<Checked> {
  const surveys = systems.flatMap((one) => one.surveys).filter(isWhole);
  const existing = new Set(systems.flatMap((one) => [...one.existing]));
  const parts = await Promise.all(
    surveys.map((one) => check(one, suspectsOf(one, existing, surroundings), surroundings)),
  );
  return {
    found: parts.flatMap(({ found }) => found),
    missing: parts.flatMap(({ missing }) => missing),
    failures: parts.flatMap(({ failures }) => failures),
  };
}

function isWhole({ failures }: Survey): boolean {
  return failures.length === 0;
}

function suspectsOf(
  { account, definition }: Kind,
  existing: ReadonlySet<string>,
  { holdings, scope }: Surroundings,
): Holding[] {
  return holdings
    .kept()
    .filter((one) => one.account === account && one.definition === definition)
    .filter((one) => !placesOn(account.server, one).some((place) => existing.has(place)))
    .filter((one) => scope.covers(definition, nameOf(one), one.state));
}

async function check(
  kind: Kind,
  suspects: readonly Holding[],
  surroundings: Surroundings,
): Promise<Checked> {
  const words = [titleOf(kind.account, kind.definition, suspects.length), "checking them"] as const;
  sayEstimate(kind, suspects.length, words, surroundings.call);
  // What was created a moment ago may not be shown yet.
  const unread = suspects.map((one) => ({
    name: nameOf(one),
    known: { id: one.id, state: one.state, marks: { pending: true } },
  }));
  const { seen, failures } = await readAll(kind, unread, surroundings.progress);
  const outcome: Checked = { found: [], missing: [], failures };
  for (const [at, one] of suspects.entries()) {
    const { definition, id, manager } = one;
    const kept = seen[at];
    if (kept === null) outcome.missing.push({ definition, id, manager });
    if (!kept) continue;
    const located = { ...kept, name: nameOf(one) };
    outcome.found.push(asFound(kind, located, [one], surroundings.holdings));
  }
  return outcome;
}

function titleOf({ title }: Account, definition: Listable, count: number): string {
  return `${title}: ${counted(count, definition)} of stacks that the list lacks`;
}

/** What people call a resource of a stack. */
function nameOf({ id, state: { name } }: { id: string; state: Values }): string {
  return typeof name === "string" ? name : id;
}
