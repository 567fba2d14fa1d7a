import { FormationsError } from "../../provider/errors";
import { sideBySide } from "../../provider/process/side-by-side";
import type { Definition } from "../../provider/resource/definition";
import type { Values } from "../../provider/resource/values";
import type { Listable } from "./filters";
import { asFound, type Surroundings, type SystemInventory } from "./inventory";
import { type Holding, placesOn } from "./managed";
import type { Account, Found, Missing } from "./model";
import { readOne } from "./reads";

const atOnce = 8;

type Suspect = Holding & { account: Account; definition: Listable };

/**
 * What stacks have and the lists lack. Each is read once: a list may be behind, and it may not show all
 * that exists, such as a replica that has been detached.
 */
export async function missingOf(systems: readonly SystemInventory[], surroundings: Surroundings) {
  const { call, holdings } = surroundings;
  const found: Found[] = [];
  const missing: Missing[] = [];
  const failures: string[] = [];
  await sideBySide(suspectsIn(systems, surroundings), atOnce, async (one) => {
    const { definition, id, manager, account, state } = one;
    try {
      // What was created a moment ago may not be shown yet.
      const known = { id, state, marks: { pending: true } };
      const seen = await readOne(account, definition, known, call);
      if (!seen) missing.push({ definition, id, manager });
      else found.push(asFound(one, { ...seen, name: nameOf(id, state) }, [one], holdings));
    } catch (error) {
      if (!(error instanceof FormationsError)) throw error;
      failures.push(`${nameOf(id, state)}: ${error.message}`);
    }
  });
  return { found, missing, failures };
}

function suspectsIn(
  systems: readonly SystemInventory[],
  { holdings, scope }: Surroundings,
): Suspect[] {
  const whole = new Map<Account, Set<Definition>>();
  for (const { account, definition, failures } of systems.flatMap(({ surveys }) => surveys)) {
    const listed = whole.get(account) ?? new Set();
    if (failures.length === 0) whole.set(account, listed.add(definition));
  }
  const existing = new Set(systems.flatMap((one) => [...one.existing]));
  return holdings.kept().filter((one): one is Suspect => {
    const { account, definition, id, state } = one;
    return (
      account !== undefined &&
      whole.get(account)?.has(definition) === true &&
      !placesOn(account.server, one).some((place) => existing.has(place)) &&
      scope.covers(definition as Listable, nameOf(id, state), state)
    );
  });
}

/** What people call a resource of a stack. */
function nameOf(id: string, { name }: Values): string {
  return typeof name === "string" ? name : id;
}
