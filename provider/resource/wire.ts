import { isDeepStrictEqual } from "node:util";
import type { Observed } from "./definition";
import type { Values } from "./values";

/** How one input travels between the program and the server. */
export interface InputRow<Value, State, Seen, Bodies> {
  /**
   * Reads it off what the server shows: null where it says that there is none, undefined where it says
   * nothing, which leaves what was known. What the server never shows is carried from `known`: the last
   * known state, or what the creation asks.
   */
  read: (seen: Seen, known: Partial<State>) => Observed<Value> | null | undefined;
  /**
   * The requests that send it, each with what it adds to the body; `{}`: none of them. An undefined
   * value is one that the program does not set.
   */
  sent: { readonly [Request in keyof Bodies]?: (value: Value) => Partial<Bodies[Request]> };
  /** Whether the server shows what was asked. Default: the values are equal. */
  same?: (asked: Value, shown: Observed<Value>) => boolean;
  /**
   * Whether a creation leaves to a later request what the program asks. Default: where `create` does
   * not send it but another request does, and the server shows something else.
   */
  leftUndone?: (asked: NonNullable<Value>, shown: Observed<Value>) => boolean;
}

/**
 * All properties of a resource, one row each. A property of the schema that has no row does not
 * compile.
 *
 * `Seen` is what the server shows of the resource. `Bodies` has the body of each request that sends
 * inputs, by the request's name; the one that creates is `create`.
 */
export interface WireTable<Inputs, Outputs, Seen, Bodies> {
  inputs: {
    readonly [Key in keyof Inputs]-?: InputRow<
      Inputs[Key],
      Observed<Inputs> & Outputs,
      Seen,
      Bodies
    >;
  };
  /** The same for each output. */
  outputs: { readonly [Key in keyof Outputs]-?: (seen: Seen) => Outputs[Key] | null | undefined };
}

/** What follows from a table of properties. */
export interface Wire<Inputs, Outputs, Seen, Bodies extends { create: object }> {
  /** What the server shows, as inputs and outputs; where it says nothing of one, what was known of it. */
  state(
    seen: Seen,
    known: Partial<Observed<Inputs> & Outputs> | Inputs,
  ): Observed<Inputs> & Outputs;
  /** The body of the request that creates. */
  creation(wanted: Inputs): Bodies["create"];
  /** The body of a request that changes these inputs, of those that it sends; `undefined` clears. */
  change<Request extends keyof Bodies>(
    request: Request,
    changes: Partial<Inputs>,
  ): Partial<Bodies[Request]>;
  /** The inputs that the program sets and a request sends. */
  settings(request: keyof Bodies, wanted: Partial<Inputs>): Partial<Inputs>;
  /** The settings of which the server shows something else. */
  differences(request: keyof Bodies, wanted: Partial<Inputs>, seen: Seen): Partial<Inputs>;
  /** Whether the server shows all that was asked. */
  hasWhatWasAsked(seen: Seen, wanted: Inputs): boolean;
  /** What the program asks and a creation leaves to a later request. */
  leftUndone(seen: Seen, wanted: Inputs): Partial<Inputs>;
}

// TypeScript can't walk along the rows of a table whose properties it doesn't know: within this
// module, a property is a name and its value anything.
type AnyBodies = Record<string, object> & { create: object };
type AnyRow = InputRow<unknown, Values, unknown, AnyBodies>;
type NamedRow = [name: string, row: AnyRow];
interface AnyTable {
  inputs: Readonly<Record<string, AnyRow>>;
  outputs: Readonly<Record<string, (seen: unknown) => unknown>>;
}

/**
 * Makes a resource's wire from the table of its properties.
 *
 * ```ts
 * const wire = defineWire<Inputs, Outputs, Cluster, { create: NewCluster; patch: ClusterPatch }>({
 *   inputs: {
 *     planId: {
 *       read: (seen) => seen.plan_id,
 *       sent: { create: (plan_id) => ({ plan_id }), patch: (plan_id) => ({ plan_id }) },
 *     },
 *   },
 *   outputs: { createdAt: (seen) => utc(seen.created_at) },
 * });
 * ```
 */
export function defineWire<Inputs, Outputs, Seen, Bodies extends { create: object }>(
  table: WireTable<Inputs, Outputs, Seen, Bodies>,
): Wire<Inputs, Outputs, Seen, Bodies>;
export function defineWire({
  inputs,
  outputs,
}: AnyTable): Wire<Values, Values, unknown, AnyBodies> {
  const rows: NamedRow[] = Object.entries(inputs);
  const mayBeLeft = rows.filter(([, row]) => row.leftUndone ?? isSentLater(row));
  /** How each property is read, inputs first. */
  const readers: [name: string, read: AnyRow["read"]][] = [
    ...rows.map(([name, { read }]): [string, AnyRow["read"]] => [name, read]),
    ...Object.entries(outputs),
  ];

  function state(seen: unknown, known: Values): Values {
    const shown: Values = {};
    for (const [name, read] of readers) {
      const value = read(seen, known);
      shown[name] = value === undefined ? known[name] : (value ?? undefined);
    }
    return shown;
  }

  /** The inputs of which a condition holds. */
  const pick = (wanted: Values, fits: (row: NamedRow) => boolean, among = rows): Values =>
    Object.fromEntries(among.filter(fits).map(([name]) => [name, wanted[name]]));

  const isSetting = (request: string, [name, { sent }]: NamedRow, wanted: Values) =>
    request in sent && wanted[name] !== undefined;

  return {
    state,
    creation: (wanted) => bodyOf("create", rows, wanted),
    change: (request, changes) => {
      const changed = rows.filter(([name]) => name in changes);
      return bodyOf(request, changed, changes);
    },
    settings: (request, wanted) => pick(wanted, (row) => isSetting(request, row, wanted)),
    differences(request, wanted, seen) {
      const differs = (row: NamedRow) =>
        isSetting(request, row, wanted) && !isSame(row, wanted, seen);
      return pick(wanted, differs);
    },
    hasWhatWasAsked: (seen, wanted) => rows.every((row) => isSame(row, wanted, seen)),
    leftUndone: (seen, wanted) => pick(wanted, (row) => isLeftUndone(row, wanted, seen), mayBeLeft),
  };
}

function bodyOf(request: string, rows: readonly NamedRow[], values: Values): object {
  const parts = rows.map(([name, { sent }]) => sent[request]?.(values[name]));
  return Object.assign({}, ...parts);
}

/** What the server says itself: nothing that was known before may pass for it in a comparison. */
function shown({ read }: AnyRow, seen: unknown, wanted: Values): unknown {
  return read(seen, wanted) ?? undefined;
}

function isSame([name, row]: NamedRow, wanted: Values, seen: unknown): boolean {
  return (row.same ?? isDeepStrictEqual)(wanted[name], shown(row, seen, wanted));
}

/** @param named one that a creation may leave to a later request */
function isLeftUndone(named: NamedRow, wanted: Values, seen: unknown): boolean {
  const [name, row] = named;
  const value = wanted[name];
  if (value === undefined || value === null) return false;
  if (row.leftUndone) return row.leftUndone(value, shown(row, seen, wanted));
  return !isSame(named, wanted, seen);
}

/** Whether another request sends it than the one that creates. */
function isSentLater({ sent }: AnyRow): boolean {
  return !("create" in sent) && Object.keys(sent).length > 0;
}
