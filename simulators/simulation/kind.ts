import { z } from "zod";
import { SimulationProblem } from "./problem.ts";

/** One thing that exists in a simulation. */
export interface Entry {
  /** What it is called within its kind: `orders`, `shop-dev/web`. */
  name: string;
  /** What it is also known by. Default: its name. */
  id?: string;
  /** Its properties, as a seed spells them. Never a secret. */
  values: Record<string, unknown>;
}

/** A kind of thing: how it is listed, added, changed and removed, behind the API's back. */
export interface Kind {
  /** As references begin: `formation` in `formation/orders`. */
  name: string;
  /** The seed's key: `formations`. */
  plural: string;
  /** What a seed says of one, and `drift add`. */
  schema: z.ZodObject;
  /** What `drift set` may change. */
  changes: z.ZodObject;
  list(): Entry[];
  add(values: unknown): void;
  set(entry: Entry, values: unknown): void;
  remove(entry: Entry): void;
}

/** Defines a kind whose functions get what its schemas have checked. */
export function defineKind<S extends z.ZodObject, C extends z.ZodObject>(
  kind: Pick<Kind, "name" | "plural" | "list" | "remove"> & {
    schema: S;
    changes: C;
    add(values: z.output<S>): void;
    set(entry: Entry, values: z.output<C>): void;
  },
): Kind {
  const { name, schema, changes } = kind;
  return {
    ...kind,
    add: (values) => kind.add(checked(schema, values, `can't add this ${name}`)),
    set: (entry, values) =>
      kind.set(entry, checked(changes, values, `can't change ${name}/${entry.name} like this`)),
  };
}

/** @throws SimulationProblem if there is one already where the API has one at most */
export function refuseSecond(exists: boolean, reference: string): void {
  if (exists) throw new SimulationProblem(`there is ${reference} already`);
}

/**
 * A value, checked by a schema.
 *
 * @throws SimulationProblem naming every place that is wrong
 */
export function checked<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => {
    const place = z.core.toDotPath(issue.path);
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
  throw new SimulationProblem(`${what}: ${issues.join("; ")}`);
}
