/**
 * The engine's sentinel for a value that a preview does not know yet, for instance an output of a
 * resource that is still to be created. It is a string, so that inputs stay plain JSON.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown, or holds an unknown at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(containsUnknown);
}
