import { resources } from "../../provider/index.ts";
import type { Definition } from "../../provider/resource/definition.ts";

/**
 * The provider's definition of a resource.
 *
 * @throws Error where it has none of that name
 */
export function definitionOf({ name }: { name: string }): Definition {
  const found = resources.find((definition) => definition.name === name);
  if (!found) throw new Error(`the provider has no resource ${name}`);
  return found;
}
