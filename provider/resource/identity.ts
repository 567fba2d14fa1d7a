import type { Definition, Snapshot } from "./definition";
import { present, type Values } from "./values";

/** What no two resources of an account share, in the form that an import takes. */
export function placeOf(definition: Definition, id: string, state: Values): string {
  return definition.place ? definition.place(id, present(state)) : id;
}

/** When a resource was created (RFC 3339), if its server says so. */
export function creationTimeOf({
  createdAt,
  state,
}: Pick<Snapshot, "createdAt" | "state">): string | undefined {
  if (createdAt !== undefined) return createdAt;
  return typeof state.createdAt === "string" ? state.createdAt : undefined;
}
