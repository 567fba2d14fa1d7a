import type { System } from "../../provider/resource/definition";
import { isLeaving } from "../../provider/resource/lifecycle";
import type { Listable, Listed } from "../../provider/resource/listing";
import type { Kept, Marks } from "../../provider/resource/marks";
import { present, type Values } from "../../provider/resource/values";
import type { CommandCall } from "../call";
import type { StacksOptions } from "../stack/readings";
import { Accounts, fromEnvironment } from "./accounts";
import { type Filters, Scope } from "./filters";
import { type Holding, Holdings, placesOn } from "./managed";
import { missingOf } from "./missing";
import type { Account, Found, Inventory, Manager } from "./model";
import { Progress } from "./progress";
import { readAll, sayEstimate } from "./reads";
import { type Stack, stacksOf } from "./stacks";
import { type Survey, survey } from "./survey";
import { counted } from "./words";

/** What to take the inventory of. */
export interface InventoryOptions extends Filters {
  /** The stacks that may manage what is found. Absent: no stack is considered. */
  stacks?: StacksOptions;
}

/** What the parts of an inventory share. */
export interface Surroundings {
  scope: Scope;
  holdings: Holdings;
  call: CommandCall;
  progress: Progress;
}

/** What came of one system, with where everything is that its lists show, wanted or not. */
export interface SystemInventory extends Pick<Inventory, "found" | "failures"> {
  surveys: readonly Survey[];
  existing: ReadonlySet<string>;
}

/**
 * Lists what exists in the accounts that the environment and the stacks' providers configure, and reads
 * what a list does not show whole, at most at the API's rate. What a stack has is not read: the stack's
 * state says it. A failure of one resource, app or system is noted, and the rest goes on.
 *
 * @throws WrongDiscovery if a filter names what does not exist; PulumiFailed if a stack can't be read
 */
export async function takeInventory(
  { stacks: where, ...filters }: InventoryOptions,
  call: CommandCall,
): Promise<Inventory> {
  const isNamed = (filters.system ?? []).length > 0;
  const scope = new Scope(filters);
  const definitions = scope.definitions();
  const stacks = where ? await stacksOf(where) : [];
  const origins = [fromEnvironment, ...stacks.flatMap((one) => one.origins)];
  const accounts = new Accounts([...definitions.keys()], origins, call.clock);
  const holdings = new Holdings(stacks, accounts);
  const surroundings = { scope, holdings, call, progress: new Progress(call) };
  const systems = await Promise.all(
    [...definitions].map(([system, listable]) =>
      inventoryOf(listable, accountsOf(accounts, system), surroundings),
    ),
  );
  const checked = await missingOf(systems, surroundings);
  const surveys = systems.flatMap((one) => one.surveys);
  return {
    found: [...systems.flatMap((one) => one.found), ...checked.found],
    missing: checked.missing,
    stacks: stacks.map(({ name }) => name),
    // A system that was asked for by name is not skipped.
    skipped: isNamed ? [] : accounts.skipped,
    failures: [
      ...(isNamed ? accounts.skipped : []),
      ...accounts.failures,
      ...systems.flatMap((one) => one.failures),
      ...checked.failures,
    ],
    remarks: stacks.flatMap(remarksOn),
    listed: [...new Set(surveys.flatMap(({ isBegun, account }) => (isBegun ? account : [])))],
  };
}

function accountsOf({ all }: Accounts, system: System): Account[] {
  return all.filter((one) => one.system === system);
}

function remarksOn({ name, holders }: Stack): string[] {
  if (holders.length === 0) return [];
  return [
    `${name}: a run is in progress, or a killed one left its lock (${holders.join("; ")}). What it is creating may look as if no stack managed it.`,
  ];
}

/** Lists and reads what the accounts of one system have. */
async function inventoryOf(
  definitions: readonly Listable[],
  accounts: readonly Account[],
  surroundings: Surroundings,
): Promise<SystemInventory> {
  const { scope, holdings, progress } = surroundings;
  const surveys = await Promise.all(
    accounts.flatMap((account) =>
      definitions.map((definition) => {
        const show = progress.ofList(account, definition);
        const queries = scope.queries(definition, holdings.urlsOf(account, definition));
        return survey(account, definition, queries, progress.callOf(account, definition), show);
      }),
    ),
  );
  const existing = new Set<string>();
  // An account may be configured with two tokens; what both list is one resource.
  const distinct = surveys.map((one) => ({ ...one, items: newTo(existing, one) }));
  const parts = await Promise.all(distinct.map((one) => foundIn(one, surroundings)));
  return {
    surveys,
    existing,
    found: parts.flatMap(({ found }) => found),
    failures: [...surveys, ...parts].flatMap(({ failures }) => failures),
  };
}

function newTo(existing: Set<string>, { definition, account, items }: Survey): Listed[] {
  return items.filter(({ id, state }) => {
    const places = placesOn(account.server, { definition, id, state });
    const isNew = !places.some((place) => existing.has(place));
    for (const place of places) existing.add(place);
    return isNew;
  });
}

/** What is wanted of a list, read where the list does not show it whole. */
async function foundIn(list: Survey, surroundings: Surroundings) {
  const { account, definition, items } = list;
  const { scope, holdings, call } = surroundings;
  const found: (Found | undefined)[] = [];
  const unread: { at: number; name: string; known: Kept }[] = [];
  for (const { id, name, isWhole, state: shown } of items) {
    const holders = holdings.of({ definition, id, state: shown }, account.server);
    const state = present({ ...holders.at(0)?.state, ...present(shown) });
    const isKnown = isWhole || holders.length > 0;
    const isWanted = scope.admits(definition, name, state, isKnown);
    if (isWanted === false) continue;
    if (isKnown) found.push(asFound(list, { id, name, state }, holders, holdings));
    else unread.push({ at: found.push(undefined) - 1, name, known: { id, state, marks: {} } });
  }
  const what = `${account.title}: ${counted(items.length, definition)}`;
  const which = unread.length === items.length ? "them" : `${unread.length} of them`;
  sayEstimate(list, unread.length, [what, `reading ${which}`], call);
  const { seen, failures } = await readAll(list, unread, surroundings.progress);
  for (const [index, { at, name }] of unread.entries()) {
    const kept = seen[index];
    if (!kept || !scope.admits(definition, name, kept.state, true)) continue;
    const holders = holdings.of({ definition, ...kept }, account.server);
    found[at] = asFound(list, { ...kept, name }, holders, holdings);
  }
  return { found: found.filter((one) => one !== undefined), failures };
}

/** @param marks what a read returned of them. Default: none */
export function asFound(
  { definition, account }: Pick<Survey, "definition" | "account">,
  { id, name, state, marks }: { id: string; name: string; state: Values; marks?: Marks },
  holders: readonly Holding[],
  holdings: Holdings,
): Found {
  const pending = definition.pending?.(state);
  const managers: readonly Manager[] =
    holders.length > 0
      ? holders.map(({ manager }) => manager)
      : holdings.creatorsOf({ definition, state }, account.server);
  return {
    ...{ definition, account, id, name, state, pending, managers },
    marks: { ...marks, ...(pending !== undefined && { pending: true }) },
    isLeaving: isLeaving(definition, state),
  };
}
