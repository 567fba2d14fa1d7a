import { z } from "zod";

// Typed for all of zod, as its registry of facts is global: a fact of ours with the wrong type does not
// compile, wherever `.meta` is called. Other users of zod are not affected, since all are optional.
declare module "zod" {
  /** Facts about a property that types, validation, schema and reference read off its schema. */
  interface GlobalMeta {
    /** Held as a secret in the state, and never shown. */
    secret?: boolean;
    /** The server never returns it: it can't be read, imported or seen to drift. */
    writeOnly?: boolean;
    /**
     * Outputs only: the inputs whose change may change it in place. An output without it stays as it
     * is as long as the resource lives, so that a preview of an update knows it.
     */
    changesWith?: readonly string[];
    /**
     * Inputs only: the values that are known of an open list, of which the server may have more. Another
     * one is let through with a warning.
     */
    known?: readonly string[];
    /** Configuration only: where requests are sent. A change of it warns. */
    address?: boolean;
    /** Configuration only: an empty value is one of its own, and not taken for a missing one. */
    emptyHasMeaning?: boolean;
  }
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
