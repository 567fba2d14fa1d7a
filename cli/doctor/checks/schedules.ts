import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backupSchedule } from "../../../provider/antfly/backup-schedule/resource";
import { FormationsError } from "../../../provider/errors";
import { systemClock } from "../../../provider/process/clock";
import { lockState } from "../../../provider/process/file-lock";
import { userFolder } from "../../../provider/process/private-folder";
import { Connections } from "../../backups/connections";
import { type ScheduleStatus, statusOf } from "../../backups/reporting/status";
import { titleOf } from "../../backups/schedules/schedule";
import { readSchedules } from "../../backups/schedules/stack";
import { definitionOf } from "../../stack/deployment";
import { namesIn } from "../files";
import { type Check, inWords, section } from "../model";
import type { StackFacts } from "./stack";

const at = section("Backups");

/** How long all locations may take, in milliseconds. */
const patienceMs = 20_000;

/** As `formations backups status` has it by default, in milliseconds. */
const overdueAfterMs = 60 * 60_000;

/** Whether the backups of a stack's schedules are taken, as their locations show. */
export async function checkSchedules({ state, secrets, options }: StackFacts): Promise<Check[]> {
  const { resources } = state.deployment;
  if (!resources.some(({ type }) => definitionOf(type)?.name === backupSchedule.name)) return [];
  if (!secrets) return [at.skipped("schedules", "The stack's secrets can't be decrypted.")];
  try {
    const schedules = await readSchedules(secrets.sessions, options, new Connections());
    const statuses = await statusOf(schedules, {
      clock: systemClock,
      signal: AbortSignal.timeout(patienceMs),
      overdueAfterMs,
      backups: 0,
    });
    return statuses.map((one) => checkSchedule(one, options.stack));
  } catch (error) {
    if (!(error instanceof FormationsError)) throw error;
    return [at.problem("schedules", inWords(error))];
  }
}

function checkSchedule(status: ScheduleStatus, stack: string | undefined): Check {
  const title = titleOf(status);
  const { state, lastSlot, failure, error } = status;
  if (state === "unknown") {
    return at.warning("schedules", `Whether ${title} is backed up is unknown: ${inWords(error)}`);
  }
  if (state !== "overdue") return at.ok("schedules", `${title}: ${state}.`);
  if (failure) {
    const why = failure.reason ?? "no reason is known";
    return at.problem("schedules", `The backup of ${title} at ${lastSlot} failed: ${inWords(why)}`);
  }
  return at.problem(
    "schedules",
    `No runner took the backup of ${title} that was due at ${lastSlot}.`,
    `Run \`formations backups run --stack ${stack}\` regularly: \`formations help backups\` says how.`,
  );
}

/** Runners of this user on this machine that were killed, and whose locks nobody has taken over since. */
export async function checkRunners(now: number): Promise<Check[]> {
  const folder = userFolder();
  const files = namesIn(folder).filter((name) => /^backups-runner-[0-9a-f]+$/.test(name));
  const states = await Promise.all(files.map((name) => lockState(join(folder, name), now)));
  return files.flatMap((name, index) => {
    if (states[index] !== "dead") return [];
    return at.warning(
      "runners",
      `A runner was killed${processIn(join(folder, name))}, and none has run since.`,
      "Start it again: it takes the lock over.",
    );
  });
}

function processIn(file: string): string {
  try {
    const { pid }: { pid?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return typeof pid === "number" ? ` (process ${pid})` : "";
  } catch {
    return "";
  }
}
