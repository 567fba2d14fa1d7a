import { createHash } from "node:crypto";
import type { Values } from "./values";

/** In inputs, beside a name that the provider made: it was not given by the program. */
export const autonameMark = "__autoname";

/** What a name is made from. */
export interface NameOrigin {
  project: string;
  stack: string;
  /** The resource's name in the package: `Formation`. */
  type: string;
  /** The name that the program gives the resource in Pulumi. */
  logicalName: string;
  /** The inputs that only a replacement changes, except the name. */
  replacing: Values;
}

/**
 * The name of a resource whose program gives none: its logical name and a short hash of where it is
 * declared and of the inputs that only a replacement changes. The same program makes the same name,
 * so a creation that was killed is found again; a replacement gets another.
 */
export function autoname({ project, stack, type, logicalName, replacing }: NameOrigin): string {
  const inputs = Object.entries(replacing)
    .filter(([, value]) => value != null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256")
    .update(JSON.stringify([project, stack, type, logicalName, inputs]))
    .digest("hex")
    .slice(0, 7);
  // The alphabet and length that every system's names allow: a letter first, no dots, 40 at most.
  const stem = logicalName.replaceAll(/[^A-Za-z0-9-]+/g, "-").replace(/^[^A-Za-z]+/, "");
  return `${stem.slice(0, 32) || "formation"}-${hash}`;
}
