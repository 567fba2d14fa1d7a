import type { Effect, PlanRules } from "../../resource/plan-rules";
import { canonicalLocation } from "./schema";

/** What a replacement does. */
export const newSeries: Effect = {
  kind: "none",
  text: "a new series of backups starts; the old backups stay",
};

/** What a change of a schedule becomes. */
export const plan: PlanRules = {
  autoname: "backupIdPrefix",
  defaults: { timezone: "UTC", suspend: false },
  same: { tableNames: sameTables, location: sameLocation },
  properties: [
    {
      change: "`schedule`, `timezone`, `tableNames`, `format`, `suspend`, `skipImmediately`",
      properties: ["schedule", "timezone", "tableNames", "format", "suspend", "skipImmediately"],
      on: ["changed", "removed"],
      becomes: "update",
      why: "recorded in the state; nothing is sent",
    },
    {
      change: "`location`, `connection`, `url`, `backupIdPrefix`",
      properties: ["location", "connection", "url", "backupIdPrefix"],
      becomes: "replace",
      order: "new first",
      why: "a new series starts; old backups stay",
      effect: newSeries,
    },
  ],
};

/** Whether two locations are the same, whichever way their scheme is spelt. */
function sameLocation(a: unknown, b: unknown): boolean {
  const spelt = (value: unknown) => (typeof value === "string" ? canonicalLocation(value) : value);
  return spelt(a) === spelt(b);
}

/** Whether two lists name the same tables, in whatever order. */
function sameTables(a: unknown, b: unknown): boolean {
  const set = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  return set(a) === set(b);
}
