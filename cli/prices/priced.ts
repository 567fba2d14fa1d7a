import type { Definition } from "../../provider/resource/definition";
import { unknownOf, unknownValue, type Values } from "../../provider/resource/values";
import { isSecret, secretText } from "../stack/deployment";

/**
 * What a resource's cost depends on, out of its properties. What is unknown, secret or hidden becomes the
 * unknown value: a cost would give it away.
 *
 * @param properties as a state or a preview has them; undefined: there is no such resource
 * @param hidden properties whose values nobody may see: the program hides them, or one is a secret on
 *   another side of the change. Default: none
 * @returns undefined: no cost follows from it, since its system publishes no prices
 */
export function pricedOf(
  { cost }: Definition,
  properties: Values | undefined,
  hidden: ReadonlySet<string> = new Set(),
): Values | undefined {
  if (!cost || !properties) return undefined;
  const shown = cost.of.filter((key) => properties[key] != null);
  return Object.fromEntries(
    shown.map((key) => {
      const isConcealed = hidden.has(key) || isUnseen(properties[key]);
      return [key, isConcealed ? unknownValue : properties[key]];
    }),
  );
}

function isUnseen(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return isSecret(value);
  return value === secretText || Object.values<unknown>(unknownOf).includes(value);
}
