import type { Command } from "commander";
import { print } from "../../../provider/process/output";
import { utcIfTime } from "../../../provider/resource/values";
import { newCall } from "../../call";
import { timeoutFlag } from "../../flags";
import { drawTable } from "../../table";
import { Connections } from "../connections";
import { type PlaceFlags, placeOf, withPlace } from "../place";
import { zoned } from "../reporting/time";

interface Flags extends PlaceFlags {
  timeout: number;
  json?: boolean;
}

/** Adds `formations backups list`. */
export function addList(backups: Command): void {
  withPlace(backups.command("list"))
    .description("list all backups at a location, the newest first")
    .addOption(timeoutFlag("time limit", "5m"))
    .option("--json", "print JSON")
    .action(action);
}

async function action({ timeout, json, ...from }: Flags): Promise<void> {
  const { servers, url, location, connection, timezone } = await placeOf(from, new Connections());
  const found = await servers.at(url).backups({ location, connection }, newCall(timeout));
  const newestFirst = found
    .map(({ timestamp = "", hidesTables: _, ...one }) => ({
      ...one,
      timestamp: utcIfTime(timestamp),
    }))
    .toSorted((one, other) => timeOf(other) - timeOf(one));
  if (json) {
    print(JSON.stringify(newestFirst, undefined, 2));
    return;
  }
  if (newestFirst.length === 0) {
    print(`There are no backups at ${location}.`);
    return;
  }
  const rows = newestFirst.map(({ backupId, timestamp, tables }) => {
    const time = Date.parse(timestamp);
    const taken = timezone && !Number.isNaN(time) ? zoned(time, timezone) : timestamp;
    return [backupId, taken, shortened(tables)];
  });
  print(drawTable(["backup", "taken", "tables"], rows));
}

/** Milliseconds; a backup whose time the server does not say comes last. */
function timeOf({ timestamp }: { timestamp: string }): number {
  return Date.parse(timestamp) || 0;
}

/** The first names, and how many more there are. */
function shortened(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return [...names.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
