import { isDeepStrictEqual } from "node:util";
import type { Definition } from "../resource/definition";
import { unreadableInputs } from "../resource/unreadable";
import type { Values } from "../resource/values";

/**
 * The inputs that an import could not find, if this is the check of an import: the engine checks an
 * import's inputs against themselves, and must not fail because of what the server never returns.
 */
export function missingSinceImport(definition: Definition, olds: Values, news: Values): string[] {
  if (Object.keys(news).length === 0 || !isDeepStrictEqual(olds, news)) return [];
  return unreadableInputs(definition, news);
}
