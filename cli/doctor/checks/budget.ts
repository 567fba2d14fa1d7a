import { dirname } from "node:path";
import { type BudgetStanding, budgetStanding } from "../../../provider/http/budget/standing";
import type { Account } from "../../discover/model";
import { inUtc } from "../../terminal/time";
import { type Check, section } from "../model";

const clearing = "`formations doctor --clear-budget`";

/** What was found of a rate budget. */
interface BudgetFindings {
  checks: Check[];
  /** Why no request may be sent now; undefined: one may. */
  reason?: string;
}

/** What is left of an account's rate budget, without a request. */
export async function checkBudget(account: Account, now: number): Promise<BudgetFindings> {
  const { system, title, config } = account;
  const limit = system.limit?.(config);
  if (!limit) return { checks: [] };
  const standing = await budgetStanding(limit, limit.requestsPerMinute, now);
  const at = section(title);
  const id = `${system.name}.budget`;
  const { left, since, freeAt = now, refusedUntil } = standing;
  const remarks = remarksOn(standing, (found, cure) => at.warning(id, found, cure));
  if (refusedUntil !== undefined) {
    const found = `${system.title} refused a request and asked for a pause: none is sent before ${inUtc(refusedUntil)}.`;
    const cure = `Wait until then, or try earlier with ${clearing}.`;
    return {
      checks: [at.problem(id, found, cure), ...remarks],
      reason: "The pause has not ended.",
    };
  }
  const per = `${limit.requestsPerMinute} requests per minute`;
  if (left === 0) {
    const found = `The ${per} are used up${begun(since)}; the next is sent at ${inUtc(freeAt)}.`;
    const cure = "Wait until then: other processes of yours send requests too.";
    return { checks: [at.warning(id, found, cure), ...remarks], reason: "It would have to wait." };
  }
  return { checks: [at.ok(id, `${left} of ${per} are left${begun(since)}.`), ...remarks] };
}

/** What to do about the pause that a server has asked an account for; undefined: none is known. */
export async function pauseOf({ system, config }: Account, now: number) {
  const limit = system.limit?.(config);
  const standing = limit && (await budgetStanding(limit, limit.requestsPerMinute, now));
  if (standing?.refusedUntil === undefined) return undefined;
  return `No request is sent before ${inUtc(standing.refusedUntil)}: wait until then, or try earlier with ${clearing}.`;
}

/** What is wrong with the file in which the processes count. */
function remarksOn(
  { path, lock, isShared }: BudgetStanding,
  warning: (found: string, cure: string) => Check,
): Check[] {
  if (!isShared) {
    const found = `${dirname(path)} can't be written, so each process counts its requests alone.`;
    return [warning(found, "Set TMPDIR to a folder that this user may write to.")];
  }
  if (lock !== "dead") return [];
  const cure = `The next request takes it over; so does ${clearing}.`;
  return [warning(`A process that was killed left a lock on ${path}.`, cure)];
}

function begun(since: BudgetStanding["since"]): string {
  return since === undefined ? "" : ` (the first was sent at ${inUtc(since)})`;
}
