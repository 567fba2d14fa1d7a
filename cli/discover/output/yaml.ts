import type { Values } from "../../../provider/resource/values";
import type { Found } from "../model";
import { propertiesOf } from "./entry";
import { titleOf } from "./selection";

/** Texts that Pulumi's YAML generator leaves without quotes, and YAML reads as something else. */
const scalar =
  /^(~|[Nn]ull|NULL|True|TRUE|False|FALSE|[-+]?0[xob][0-9A-Fa-f_]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;

/** What YAML reads as an escaped interpolation, which the generator does not escape again. */
const interpolation = "$${";

/**
 * What Pulumi's YAML generator writes wrongly, in whole sentences. The other languages have no such texts;
 * nothing in an import file could prevent it.
 */
export function yamlRemarks(found: readonly Found[]): string[] {
  return found.flatMap((one) =>
    Object.entries(propertiesOf(one).inputs)
      .filter(([, value]) => holdsOddText(value))
      .map(
        ([key]) =>
          `${titleOf(one)}: if the program is YAML, put ${key} right in it: Pulumi's generator does not quote such a text.`,
      ),
  );
}

function holdsOddText(value: unknown): boolean {
  if (typeof value === "string") return scalar.test(value) || value.includes(interpolation);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value as Values).some(holdsOddText);
}
