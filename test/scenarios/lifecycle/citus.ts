import type { CitusSimulator, SimFormation } from "../../../simulators/citus.ts";
import { citus as testSystem } from "../../citus/subjects.ts";
import { aliasesOf, nameIn, type System, stem } from "./system.ts";

/** Citus Cloud, so fast that a creation takes some tens of milliseconds. */
export function citusSystem(): System<CitusSimulator> {
  const citus = testSystem.simulator();
  const named = () => [...citus.formations.values()];
  return {
    simulator: citus,
    config: () => testSystem.access(citus),
    aliases: () => aliasesOf(named().map(({ id, name }) => [id, name])),
    subject({ path, body }) {
      const [, id] = /\/formations\/(\w+)$/.exec(path) ?? [];
      const name = id === undefined ? nameIn(body) : citus.formations.get(id)?.name;
      return stem(name ?? "list");
    },
    contents: () =>
      Object.fromEntries(
        named().map(({ id, database_url: _, ...formation }) => [id, formation] as const),
      ),
    secrets: () => ({
      token: citus.token,
      ...Object.fromEntries(
        named().map(({ name, database_url }) => [name, new URL(database_url).password]),
      ),
    }),
  };
}

/** The formation of a logical name that is not archived; of a replacement's two the new one. */
export function living(citus: CitusSimulator, logicalName: string): SimFormation {
  const found = [...citus.formations.values()].findLast(
    ({ name, state }) => stem(name) === logicalName && state !== "archived",
  );
  if (!found) throw new Error(`no formation ${logicalName} lives`);
  return found;
}
