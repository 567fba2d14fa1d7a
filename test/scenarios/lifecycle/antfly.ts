import { AntflySimulator } from "../../../simulators/antfly.ts";
import { antfly as testSystem } from "../../antfly/subjects.ts";
import type { System } from "./system.ts";

/** Antfly with two tables, two locations and two connections. */
export function antflySystem(): System<AntflySimulator> {
  const antfly = new AntflySimulator();
  antfly.addTable("orders", { 1: { paid: true } });
  antfly.addTable("people");
  for (const location of ["file:///backups", "file:///elsewhere"]) antfly.addLocation(location);
  antfly.addConnection("second");
  return {
    simulator: antfly,
    config: () => testSystem.access(antfly),
    // IDs are what the program says.
    aliases: () => new Map(),
    /** A list is of a location, whichever schedules there are for it. */
    subject: ({ path, query }) => query.location ?? /\/secrets\/(.+)$/.exec(path)?.[1] ?? "server",
    contents: () => ({
      backups: [...antfly.backups("file:///backups").keys()],
      secrets: Object.fromEntries([...antfly.secrets].map(([key, { value }]) => [key, value])),
    }),
    secrets: () => ({
      key: antfly.token,
      ...Object.fromEntries([...antfly.secrets].map(([key, { value }]) => [`of ${key}`, value])),
    }),
  };
}
