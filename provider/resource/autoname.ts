import { createHash } from "node:crypto";
import { isReplaceOnly } from "./plan";
import type { PlanRules } from "./plan-rules";
import type { Values } from "./values";

/** What a name is made from, besides the inputs. */
export interface NameOrigin {
  project: string;
  stack: string;
  /** The resource's name in the package: `Formation`. */
  type: string;
  /** The name that the program gives the resource in Pulumi. */
  logicalName: string;
}

/**
 * The name of a resource whose program gives none: its logical name and a short hash of where it is
 * declared and of the inputs that only a replacement changes. The same program makes the same name,
 * so a creation that was killed is found again; a replacement gets another.
 */
export function autoname(origin: NameOrigin, rules: PlanRules, inputs: Values): string {
  const replacing = Object.keys(inputs)
    .filter((key) => key !== rules.autoname && isReplaceOnly(key, rules))
    .sort()
    .map((key) => [key, inputs[key]]);
  const { project, stack, type, logicalName } = origin;
  const hash = createHash("sha256")
    .update(JSON.stringify([project, stack, type, logicalName, replacing]))
    .digest("hex")
    .slice(0, 7);
  // The alphabet and length that every system's names allow: letters first, no dots, 40 at most.
  const stem = logicalName.replaceAll(/[^A-Za-z0-9-]+/g, "-").replace(/^[^A-Za-z]+/, "");
  return `${stem.slice(0, 32) || "formation"}-${hash}`;
}
