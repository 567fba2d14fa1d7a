import { z } from "zod";

// Typed for all of zod, as its registry of facts is global: a fact of ours with the wrong type does not
// compile, wherever `.meta` is called. Other users of zod are not affected, since all are optional.
declare module "zod" {
  /** Facts about a property that types, validation, schema and reference read from its schema. */
  interface GlobalMeta {
    /** Held as a secret in the state, and never shown. */
    secret?: boolean;
    /** The server never returns it: it can't be read, imported or seen to drift. */
    writeOnly?: boolean;
    /**
     * Inputs only, like the two that follow: sentences that only who gives the value needs, such as its limits.
     * Where the same property is an output, its `description` alone is shown.
     */
    given?: string;
    /** Inputs only: what an absent one means, in Markdown, as it follows `Default:`. */
    whenAbsent?: string;
    /** Inputs only: what a change does, in sentences, besides what the plan says of every replacement. */
    whenChanged?: string;
    /**
     * Outputs only: the inputs whose change may change it. An output without it never changes, so a
     * preview of an update knows it.
     */
    changesWith?: readonly string[];
    /**
     * Inputs only: the known values of an open list. The server may have more, so another value is accepted
     * with a warning.
     */
    known?: readonly string[];
    /** Inputs only: the resource whose ID it takes, by its name in the package. */
    refersTo?: string;
    /** Configuration only: where requests are sent. A change of it warns. */
    address?: boolean;
    /** Configuration only: an empty value has a meaning of its own and is not treated as missing. */
    emptyHasMeaning?: boolean;
  }
}

/**
 * A fact that follows from a schema, or from a definition with its schemas, alone. It is worked out once for
 * each, since asking zod at every call takes longer than all else that a check does.
 */
export function perSchema<Subject extends object, Fact>(
  factOf: (subject: Subject) => Fact,
): (subject: Subject) => Fact {
  const known = new WeakMap<Subject, { fact: Fact }>();
  return (subject) => {
    const kept = known.get(subject) ?? { fact: factOf(subject) };
    known.set(subject, kept);
    return kept.fact;
  };
}

/** A whole number; a string of digits, as configuration has it, is accepted and becomes a number. */
export function integer(limits: { min?: number; max?: number } = {}) {
  let number = z.int();
  if (limits.min !== undefined) number = number.min(limits.min);
  if (limits.max !== undefined) number = number.max(limits.max);
  return z.preprocess(numeric, number);
}

/** One of a few whole numbers, for instance disk sizes in GB; accepted as strings too. */
export function oneOf<const N extends readonly number[]>(numbers: N) {
  return z.preprocess(numeric, z.literal(numbers));
}

/** True or false; the strings "true" and "false", as configuration has them, are accepted. */
export function flag() {
  return z.preprocess(
    (value) => (value === "true" ? true : value === "false" ? false : value),
    z.boolean(),
  );
}

function numeric(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
}
