import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { type Command, Option } from "commander";
import { z } from "zod";
import { type RestoreMode, restoreModes } from "../../../provider/antfly/endpoints";
import { print } from "../../../provider/process/output";
import {
  addedTable,
  backupId,
  by,
  newCall,
  type PlaceOptions,
  placeOf,
  timeLimit,
  withPlace,
} from "../place";
import { planRestore, RestoreFailed, type RestorePlan, restore } from "../restoring/restore";

interface Options extends PlaceOptions {
  mode: RestoreMode;
  table?: string[];
  timeout: number;
  idempotencyKey?: string;
  yes?: boolean;
  json?: boolean;
}

const help = `
By default nothing is restored when one of the tables exists. --mode skip-if-exists leaves those as they
are, --mode overwrite replaces them: all that was written to them since the backup is lost then.

The same command again, while its restore goes on, waits for the same job. Ends with 0 when every table
came back, with 1 when one did not; it says which did, which did not, and why.`;

/** Adds `restore`: brings tables back from a backup. */
export function describeRestore(backups: Command): void {
  withPlace(backups.command("restore"))
    .argument("<backup-id>", "the backup, as `list` shows it", by(backupId))
    .description("brings tables back from a backup, and waits for the end")
    .addOption(modeOption())
    .option("--table <name>", "only this table; repeatable; default: all of the backup", addedTable)
    .addOption(timeLimit("how long to wait for the end"))
    .option(
      "--idempotency-key <key>",
      "answers the job that this key began, even when it has ended",
    )
    .option("-y, --yes", "overwrites without asking")
    .option("--json", "prints the result as JSON")
    .addHelpText("after", help)
    .action(run);
}

/** The flag `--mode`. */
export function modeOption(): Option {
  return new Option("--mode <mode>", "what to do with tables that exist")
    .argParser(by(restoreMode()))
    .default("fail_if_exists", "fail-if-exists");
}

/** A mode as flags have it: with hyphens. */
function restoreMode() {
  const error = `it must be one of ${restoreModes.join(", ").replaceAll("_", "-")}`;
  return z
    .string()
    .transform((text) => text.replaceAll("-", "_"))
    .pipe(z.enum(restoreModes, { error }));
}

async function run(id: string, options: Options): Promise<void> {
  const { mode, table, timeout, idempotencyKey, yes, json } = options;
  const { servers, url, location, connection } = await placeOf(options);
  const call = newCall(timeout);
  const api = servers.at(url);
  const request = { backupId: id, location, connection, tableNames: table, mode };
  const plan = await planRestore(api, request, call);
  if (!yes) await demandConsent(plan);
  if (plan.tables.length === 0) {
    print(
      json ? JSON.stringify({ backupId: id, tables: [] }) : "All tables exist: nothing to restore.",
    );
    return;
  }
  const restored = await restore(api, plan, newCall(timeout), idempotencyKey);
  if (json) {
    print(JSON.stringify({ backupId: id, ...restored }));
    return;
  }
  for (const { name, status, error } of restored.tables) {
    print(`${name}: ${status}${error ? `: ${error}` : ""}`);
  }
}

/** Asks whoever sits there before anything is overwritten. */
export async function demandConsent({ replaced, request }: RestorePlan): Promise<void> {
  if (replaced.length === 0) return;
  const what = `${replaced.join(", ")} would be overwritten by the backup ${request.backupId}`;
  if (!process.stdin.isTTY) {
    throw new RestoreFailed(`${what}: --yes says that it may. Nothing was restored.`);
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `${what}; what was written since is lost. Go on? [y/N] `;
    // Ctrl-C and Ctrl-D end the input, or the question: no answer either.
    const ended = once(asking, "close").then(() => "");
    const said = await Promise.race([asking.question(question).catch(() => ""), ended]);
    if (/^y(es)?$/i.test(said.trim())) return;
  } finally {
    asking.close();
  }
  throw new RestoreFailed("Nothing was restored.");
}
