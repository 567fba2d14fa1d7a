import type { Definition } from "../../provider/resource/definition";
import * as lifecycle from "../../provider/resource/lifecycle";
import type { Unpacked } from "../../provider/resource/marks";
import { named } from "../../provider/resource/naming";
import type { CheckFailure } from "../../provider/resource/validation";
import type { Known } from "./call";

/** Checked inputs, every failure, and warnings about values that may fail. */
export interface Checked {
  inputs: Unpacked;
  failures: CheckFailure[];
  warnings: string[];
}

/**
 * Checks inputs. Where the program gives no name, the class has put one among them, made as
 * `pulumi:autonaming` says: it may not fit.
 *
 * @param before the inputs of the last run
 */
export function checkedWithName(
  definition: Definition,
  given: Unpacked,
  before: Unpacked,
  known: Known,
): Checked {
  const { autoname: key = "" } = definition.plan;
  const { [key]: name, ...others } = given.properties;
  const isMade = Boolean(given.marks.autonamed);
  const asked = isMade ? others : given.properties;
  const options = { olds: before.properties, secrets: known.secrets };
  const { inputs, failures, warnings } = lifecycle.check(definition, asked, options);
  if (!isMade) return { inputs: { properties: inputs, marks: {} }, failures, warnings };
  const naming = () => ({ mode: known.naming, name });
  const { failures: unnamed, ...own } = named(definition, inputs, before, naming);
  return { inputs: own, failures: [...failures, ...unnamed], warnings };
}
