import type { Command } from "commander";
import { print } from "../../../provider/process/output";
import { utcIfTime } from "../../../provider/resource/values";
import { newCall } from "../../call";
import { addDetails } from "../../details";
import { jsonFlag, timeoutFlag } from "../../flags";
import { printJson, tell } from "../../say";
import { watching } from "../../terminal/progress";
import { drawTable } from "../../terminal/table";
import { inUtcIfTime, zoned } from "../../terminal/time";
import { tableWidth } from "../../terminal/width";
import { Connections } from "../connections";
import { type PlaceFlags, placeOf, withPlace } from "../place";

interface Flags extends PlaceFlags {
  timeout: number;
  json?: boolean;
}

/** Adds `formations backups list`. */
export function addList(backups: Command): void {
  const command = withPlace(backups.command("list"))
    .description("list all backups at a location, the newest first")
    .addOption(timeoutFlag("time limit", "5m"))
    .addOption(jsonFlag())
    .action(action);
  addDetails(command, {
    text: [
      "Times are in the schedule's zone, beside UTC. With --location there is no schedule: times are in UTC.",
    ],
    examples: [
      "formations backups list --stack production",
      "formations backups list --location s3://backups/production --json",
    ],
    page: "restoring",
  });
}

async function action({ timeout, json, ...from }: Flags): Promise<void> {
  const { servers, url, location, connection, timezone } = await placeOf(from, new Connections());
  const call = newCall(timeout);
  const found = await watching(`Listing the backups at ${location}`, ({ onWait }) =>
    servers.at(url).backups({ location, connection }, { ...call, onWait }),
  );
  const newestFirst = found
    .map(({ timestamp = "", hidesTables: _, ...one }) => ({
      ...one,
      timestamp: utcIfTime(timestamp),
    }))
    .toSorted((one, other) => timeOf(other) - timeOf(one));
  if (json) {
    printJson(newestFirst);
    return;
  }
  if (newestFirst.length === 0) {
    tell(`There are no backups at ${location}.`);
    return;
  }
  const rows = newestFirst.map(({ backupId, timestamp, tables }) => {
    const time = Date.parse(timestamp);
    const taken = timezone && !Number.isNaN(time) ? zoned(time, timezone) : inUtcIfTime(timestamp);
    return [backupId, taken, shortened(tables)];
  });
  const [width, whole] = [tableWidth(), [0]];
  print(drawTable(["backup", "taken", "tables"], rows, { width, whole }));
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
