import type { Command } from "commander";
import type { AntflyApi } from "../../provider/antfly/api";
import { backupLocation } from "../../provider/antfly/backup-schedule/schema";
import type { AntflyServers } from "../../provider/antfly/system";
import { FormationsError } from "../../provider/errors";
import { counted } from "../../provider/process/counted";
import { credentialVariables } from "../../provider/resource/config";
import { otherServersKey } from "../other-server";
import { hasProject, withoutProject } from "../stack/project";
import type { Connections } from "./connections";
import { by } from "./flags";
import { sourcesOf, withSchedules } from "./schedules/flags";
import { loadSchedules, type Schedule, titleOf } from "./schedules/schedule";

/** Flags that say where backups are: a schedule's location, or one given directly. */
export interface PlaceFlags {
  stack?: string[];
  cwd?: string;
  file?: string[];
  of?: string;
  /** Default: `FORMATIONS_ANTFLY_URL`. */
  url?: string;
  location?: string;
  connection?: string;
}

/** What {@link PlaceFlags} mean. */
export interface Place {
  servers: AntflyServers;
  url?: string;
  location: string;
  connection?: string;
  /** The prefix of the schedule's series, and its time zone, if a schedule was named. */
  prefix?: string;
  timezone?: string;
}

/** The flags don't say where the backups are, or say it twice. */
export class WrongPlace extends FormationsError {
  readonly code = "WRONG_PLACE";
}

/** Adds {@link PlaceFlags}. Keys come from the stack, the file or the environment. */
export function withPlace(command: Command): Command {
  return withSchedules(command.optionsGroup("Schedules:"))
    .option(
      "--of <schedule>",
      "use this schedule's backups, by its name or prefix; default: the only one",
    )
    .optionsGroup("Without a schedule:")
    .option("--url <url>", "the server's root URL; default: FORMATIONS_ANTFLY_URL")
    .option(
      "--location <url>",
      "where the backups are: file:///path, s3://bucket/path or gs://bucket/path",
      by(backupLocation()),
    )
    .option(
      "--connection <name>",
      "a connection in the server's configuration; required by servers of version 0.2",
    )
    .optionsGroup("Behaviour:");
}

/**
 * Finds the place that flags mean.
 *
 * @throws WrongPlace if they mean none, or several
 */
export async function placeOf(flags: PlaceFlags, connections: Connections): Promise<Place> {
  const { stack, cwd, file, of, url, location, connection } = flags;
  if (!stack && !file && location !== undefined) {
    return { servers: connections.to(), url, location, connection };
  }
  const isDirect = url !== undefined || connection !== undefined;
  const isProject = hasProject(cwd ?? ".");
  if (!stack && !file && (isDirect || !isProject)) {
    const why = isProject ? "" : ` ${withoutProject(cwd)}`;
    throw new WrongPlace(`Say where the backups are with --stack, --file or --location.${why}`);
  }
  if (url ?? location ?? connection) {
    throw new WrongPlace(
      "--url, --location and --connection cannot be combined with --stack and --file.",
    );
  }
  const { schedules, failures } = await loadSchedules(sourcesOf({ stack, cwd, file }, connections));
  const [failure] = failures;
  if (failure) throw failure;
  const meant = schedules.filter(
    (one) => of === undefined || [one.name, titleOf(one), one.backupIdPrefix].includes(of),
  );
  const [one] = meant;
  if (one && meant.length === 1) return { ...one, prefix: one.backupIdPrefix };
  throw new WrongPlace(unclear(schedules, of));
}

/** Which schedules there are, and how to name one. */
function unclear(schedules: readonly Schedule[], of: string | undefined): string {
  const stacks = new Set(schedules.map(({ stack }) => stack));
  const [only] = stacks;
  const isOneStack = stacks.size === 1 && only !== undefined;
  // Short names suffice within a stack; elsewhere several schedules may share one.
  const names = schedules.map((one) => (isOneStack ? one.name : titleOf(one)));
  const where = isOneStack ? `Stack ${only} has` : "There are";
  const count = counted(schedules.length, "schedule");
  const [first = ""] = names;
  const wrong = of === undefined ? "" : `--of ${of} does not name one schedule. `;
  return `${wrong}${where} ${count}: ${names.join(", ")}. Choose one with --of, for example --of ${first}.`;
}

/**
 * The other server of a command. It gets the first server's key, unless the environment has one for
 * it: `FORMATIONS_INTO_ANTFLY_API_KEY`, or the file that `FORMATIONS_INTO_ANTFLY_API_KEY_FILE` names.
 */
export function otherServer({ servers }: Place, url: string, connections: Connections): AntflyApi {
  const own = credentialVariables("antflyApiKey");
  const other = credentialVariables(otherServersKey);
  const { environment } = connections;
  if (other.every((name) => !environment[name])) return servers.at(url);
  const keys = own.map((name, index) => [name, environment[other[index] ?? ""]]);
  return connections.to(undefined, Object.fromEntries(keys)).at(url);
}
