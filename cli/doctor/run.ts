import { existsSync } from "node:fs";
import { clearBudget } from "../../provider/http/budget/standing";
import { print } from "../../provider/process/output";
import { ownWords, withoutSecrets } from "../../provider/process/redact";
import { note } from "../say";
import { PulumiFailed } from "../stack/pulumi";
import { watching } from "../terminal/progress";
import type { Configured } from "./checks/configuration";
import type { DoctorFlags } from "./command";
import { examine } from "./examination";
import { type Check, having, type Report } from "./model";
import { inJson } from "./output/json";
import { inText } from "./output/text";
import { RequestLog } from "./requests";

/** Checks the set-up, prints what was found and sets the exit code: 2 if there is a problem. */
export async function doctor({
  json = false,
  clearBudget: isClearing,
  ...where
}: DoctorFlags): Promise<void> {
  const { cwd = "." } = where;
  if (!existsSync(cwd)) throw new PulumiFailed(`There is no folder ${cwd}.`);
  const log = new RequestLog();
  const stop = log.start();
  try {
    const onAccounts = isClearing ? clearBudgets : undefined;
    const found = await examine(where, { log, during: watching, onAccounts });
    const checks = found.map(redacted);
    const report: Report = { checks, requests: log.all };
    // Lines are broken by now, so that a redactor could find words of our own where they are not.
    print(ownWords(json ? inJson(report) : inText(report, process.stdout.columns)));
    process.exitCode = having("problem", checks).length > 0 ? 2 : 0;
  } finally {
    stop();
  }
}

function redacted(one: Check): Check {
  const cure = one.cure === undefined ? undefined : withoutSecrets(one.cure);
  return { ...one, found: withoutSecrets(one.found), cure };
}

/** Clears the rate budget of each account that has one, after it has said what that means. */
async function clearBudgets(configured: readonly Configured[]): Promise<void> {
  const limits = configured.flatMap(({ account }) => {
    const limit = account.system.limit?.(account.config);
    return limit ? [{ account, limit }] : [];
  });
  if (limits.length === 0) note("No configured account has a rate budget.");
  for (const { account, limit } of limits) {
    note(
      `Clearing the rate budget of ${account.title}: all processes of this user forget the requests of the last minute and the pause that the server asked for. The server still counts, and may refuse the next request.`,
    );
    await clearBudget(limit);
  }
}
