import type { Command } from "commander";
import { print } from "../../provider/process/output";
import { utcIfTime } from "../../provider/resource/values";
import { newCall, type PlaceOptions, placeOf, sending, timeLimit, withPlace } from "./connection";
import { drawTable } from "./table";

interface Options extends PlaceOptions {
  timeout: number;
  json?: boolean;
}

/** Adds `list`: the backups of a location. */
export function describeList(backups: Command): void {
  withPlace(backups.command("list"))
    .description("lists all backups of a location, the newest first")
    .addOption(timeLimit("how long it may take", "5m"))
    .option("--json", "prints them as JSON")
    .action(list);
}

async function list({ timeout, json, ...from }: Options): Promise<void> {
  const { servers, url, location, connection } = await placeOf(from);
  const found = await servers.at(url).backups({ location, connection }, sending(newCall(timeout)));
  const newestFirst = found
    .map(({ timestamp, ...one }) => ({ ...one, timestamp: utcIfTime(timestamp) }))
    .toSorted((one, other) => Date.parse(other.timestamp) - Date.parse(one.timestamp));
  if (json) {
    print(JSON.stringify(newestFirst, undefined, 2));
    return;
  }
  if (newestFirst.length === 0) {
    print(`There are no backups at ${location}.`);
    return;
  }
  const rows = newestFirst.map(({ backupId, timestamp, tables }) => {
    return [backupId, timestamp, brief(tables)];
  });
  print(drawTable(["backup", "taken", "tables"], rows));
}

/** The first names, and how many more there are. */
function brief(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return [...names.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
