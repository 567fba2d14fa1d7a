import type { Definition } from "../../provider/resource/definition";
import {
  kindKey,
  secretKind,
  unknownOf,
  unknownValue,
  type Values,
} from "../../provider/resource/values";

/** How previews show a secret. */
const shownSecret = "[secret]";

/**
 * What a resource's cost depends on, out of its properties. What is unknown or secret becomes the unknown
 * value: a cost would give a secret away.
 *
 * @param properties as a state or a preview has them; undefined: there is no such resource
 * @param secrets properties that hold a secret, if not here then on another side of the change
 * @returns undefined: no cost follows from it, since its system publishes no prices
 */
export function pricedOf(
  { cost }: Definition,
  properties: Values | undefined,
  secrets: ReadonlySet<string> = new Set(),
): Values | undefined {
  if (!cost || !properties) return undefined;
  const shown = cost.of.filter((key) => properties[key] != null);
  return Object.fromEntries(
    shown.map((key) => {
      const isSecret = secrets.has(key) || isUnseen(properties[key]);
      return [key, isSecret ? unknownValue : properties[key]];
    }),
  );
}

function isUnseen(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return kindKey in value && value[kindKey] === secretKind;
  }
  return value === shownSecret || Object.values<unknown>(unknownOf).includes(value);
}
