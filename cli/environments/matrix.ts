import type { Definition } from "../../provider/resource/definition";
import type { ResourceState, StackState } from "../stack/deployment";
import {
  type Identity,
  identityOf,
  isAlike,
  isLive,
  marksOf,
  protectOption,
  type Setting,
  type Settings,
  settingsOf,
} from "./entry";

/** A stack, and its state. */
export interface StackWithState {
  name: string;
  state: StackState;
  /** Whether a run is changing it. */
  isBusy: boolean;
}

/** Stacks side by side: whatever has a value per stack lists them in the order of `stacks`. */
export interface Matrix {
  stacks: readonly string[];
  /** By name, then by type. */
  rows: readonly Row[];
  /** Resources of other providers, by type. They are only counted. */
  others: readonly Other[];
}

/** A resource, in every stack. */
export interface Row {
  name: string;
  /** `Formation`. */
  type: string;
  /** The types of the components that it is in, the outermost first. */
  parents: readonly string[];
  /** The type token, where some stack has two resources of this name and type, one on each host. */
  token?: string;
  /** Whether it is not the same in all stacks. */
  isDifferent: boolean;
  cells: readonly Cell[];
  properties: readonly PropertyRow[];
}

/** A resource in one stack. */
export interface Cell {
  isMissing: boolean;
  /** What has not ended: `not finished`, `a creation was interrupted`. */
  marks: readonly string[];
}

/** A property that some stack's program sets. */
export interface PropertyRow {
  name: string;
  isDifferent: boolean;
  /** Undefined: it is not set, or the resource is missing. */
  settings: readonly (Setting | undefined)[];
}

/** How many resources of another provider's type each stack has. */
export interface Other {
  type: string;
  counts: readonly number[];
  isDifferent: boolean;
}

/** What one stack has of one resource. */
interface Found {
  identity: Identity;
  /** Undefined: it is missing. */
  settings?: Settings;
  marks: string[];
}

/** Compares stacks by their states alone. */
export function compare(stacks: readonly StackWithState[]): Matrix {
  const keyOf = keysFor(stacks);
  const found = stacks.map((one) => foundIn(one, keyOf));
  const keys = new Set(found.flatMap((one) => [...one.keys()]));
  const rows = [...keys].flatMap((key) =>
    rowOf(
      found.map((one) => one.get(key)),
      isOfOneHost(key),
    ),
  );
  return {
    stacks: stacks.map(({ name }) => name),
    rows: rows.sort(byNameAndType),
    others: othersIn(stacks),
  };
}

/** The differences alone: rows and properties that are the same in all stacks are left out. */
export function differencesOf(matrix: Matrix): Matrix {
  const differs = ({ isDifferent }: { isDifferent: boolean }) => isDifferent;
  const rows = matrix.rows
    .filter(differs)
    .map((row) => ({ ...row, properties: row.properties.filter(differs) }));
  return { ...matrix, rows, others: matrix.others.filter(differs) };
}

type Keys = (identity: Identity) => string;

/**
 * What makes resources of several stacks the same one: name and types, without the stack, whichever host
 * they are on. Where a stack has one on each host, the host tells them apart.
 */
function keysFor(stacks: readonly StackWithState[]): Keys {
  const onEitherHost: Keys = ({ definition, name, parents }) =>
    JSON.stringify([name, definition.name, parents]);
  const twice = new Set<string>();
  for (const { state } of stacks) {
    const seen = new Set<string>();
    for (const resource of state.deployment.resources.filter(isLive)) {
      const identity = identityOf(resource);
      const key = identity && onEitherHost(identity);
      if (key === undefined) continue;
      if (seen.has(key)) twice.add(key);
      seen.add(key);
    }
  }
  return (identity) => {
    const key = onEitherHost(identity);
    return twice.has(key) ? `${identity.token} ${key}` : key;
  };
}

function isOfOneHost(key: string): boolean {
  return !key.startsWith("[");
}

function foundIn(
  { state: { deployment }, isBusy }: StackWithState,
  keyOf: Keys,
): Map<string, Found> {
  const found = new Map<string, Found>();
  const at = (resource: ResourceState): Found | undefined => {
    const identity = identityOf(resource);
    if (!identity) return undefined;
    const key = keyOf(identity);
    const one = found.get(key) ?? { identity, marks: [] };
    found.set(key, one);
    return one;
  };
  for (const resource of deployment.resources) {
    const one = at(resource);
    if (one && isLive(resource)) {
      one.settings = settingsOf(one.identity.definition, resource);
      one.marks.unshift(...marksOf(resource));
    } else {
      one?.marks.push(
        resource.delete
          ? "a replaced one is still to be deleted"
          : "deleted to be replaced, and not created again yet",
      );
    }
  }
  for (const { resource, type } of deployment.pending_operations ?? []) {
    at(resource)?.marks.push(isBusy ? `${type} now` : `interrupted while ${type}`);
  }
  return found;
}

function rowOf(found: readonly (Found | undefined)[], isOfOneHost: boolean): Row[] {
  const identity = found.find((one) => one !== undefined)?.identity;
  if (!identity) return [];
  const { definition, name, parents, token } = identity;
  const cells = found.map((one) => ({ isMissing: !one?.settings, marks: one?.marks ?? [] }));
  const properties = propertiesOf(
    definition,
    found.map((one) => one?.settings),
  );
  const isDifferent =
    properties.some((one) => one.isDifferent) ||
    !areEqual(cells.map(({ isMissing, marks }) => JSON.stringify([isMissing, marks])));
  const type = definition.name;
  return [{ name, type, parents, ...(isOfOneHost && { token }), isDifferent, cells, properties }];
}

/** The properties that some program sets, or that a server has changed. */
function propertiesOf(
  definition: Definition,
  found: readonly (Settings | undefined)[],
): PropertyRow[] {
  return [...Object.keys(definition.inputs.shape), protectOption].flatMap((name) => {
    const settings = found.map((one) => one?.get(name));
    const isSet = settings.some((one) => one?.from === "program" || one?.from === "generated");
    if (!isSet) return [];
    const existing = found.flatMap((one) => (one ? [one.get(name)] : []));
    const isDifferent = existing.some((a, at) =>
      existing.slice(at + 1).some((b) => !isAlike(definition, name, a, b)),
    );
    return [{ name, isDifferent, settings }];
  });
}

function othersIn(stacks: readonly StackWithState[]): Other[] {
  const all = stacks.map(({ state }) => countByType(state));
  const types = new Set(all.flatMap((one) => [...one.keys()]));
  return [...types].sort().map((type) => {
    const counts = all.map((one) => one.get(type) ?? 0);
    return { type, counts, isDifferent: !areEqual(counts) };
  });
}

function countByType({ deployment }: StackState): Map<string, number> {
  const counts = new Map<string, number>();
  for (const resource of deployment.resources) {
    if (!isOthers(resource) || !isLive(resource)) continue;
    counts.set(resource.type, (counts.get(resource.type) ?? 0) + 1);
  }
  return counts;
}

/** Whether another provider serves it. Components and the providers themselves are nobody's resources. */
function isOthers({ urn, type, custom }: ResourceState): boolean {
  return custom === true && !type.startsWith("pulumi:providers:") && !identityOf({ urn, type });
}

function areEqual(values: readonly unknown[]): boolean {
  return values.every((value) => value === values[0]);
}

function byNameAndType(a: Row, b: Row): number {
  const [one, other] = [a, b].map(({ name, type, parents, token }) => [name, type, parents, token]);
  return compareTexts(JSON.stringify(one), JSON.stringify(other));
}

/** By code points, so that the order is the same on every machine. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
