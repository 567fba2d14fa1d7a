import { FormationsError } from "../../../provider/errors";
import { clockSkew, systemClock } from "../../../provider/process/clock";
import { ownWords } from "../../../provider/process/redact";
import { inUtc } from "../../terminal/time";
import { type Check, type Section, type SentRequest, section } from "../model";
import type { RequestLog } from "../requests";
import { checkBudget } from "./budget";
import type { Configured } from "./configuration";
import { expiryOf, failureChecks } from "./failures";

/** How long one request may take, in milliseconds: longer than any of these APIs needs for a list. */
const patienceMs = 15_000;

/** How long before its end a credential is worth a warning, in milliseconds: two weeks. */
const noticeMs = 14 * 86_400_000;

/**
 * From here on a difference is no longer the second that the header Date is rounded to, and the way of the
 * response, in milliseconds.
 */
const noticeableSkew = 30_000;

/** Sends one harmless request with an account's credential, and says what the response tells. */
export async function checkServer(one: Configured, log: RequestLog): Promise<Check[]> {
  const { system, title } = one.account;
  const at = section(title);
  const budget = await checkBudget(one.account, systemClock.now());
  if (budget.reason !== undefined) {
    return [...budget.checks, at.skipped(`${system.name}.server`, budget.reason)];
  }
  return log.during(async (sent) => {
    const failure = await probe(one);
    const outcome = failure ? await failureChecks(one, failure, at) : successChecks(one, sent, at);
    return [...budget.checks, ...[...outcome, ...checkClock(one, sent, at)].map(inOwnWords)];
  });
}

/** What is quoted in these checks is redacted already: a credential may be a word of our own. */
function inOwnWords(check: Check): Check {
  ownWords(check.found);
  ownWords(check.cure ?? "");
  return check;
}

/** @returns why it failed */
async function probe({ account }: Configured): Promise<FormationsError | undefined> {
  const { system, session } = account;
  const { signal } = new AbortController();
  const deadline = systemClock.now() + patienceMs;
  const call = { api: session.api(system), signal, deadline, onWait: () => {}, once: true };
  try {
    await system.probe(call);
    return undefined;
  } catch (error) {
    if (error instanceof FormationsError) return error;
    throw error;
  }
}

function successChecks(one: Configured, sent: readonly SentRequest[], at: Section) {
  const { account, address, credential } = one;
  const { name } = account.system;
  const { method = "GET", url = address.value, status } = sent.at(-1) ?? {};
  const expired = credential && expiryOf(credential.value);
  const isEnding = expired !== undefined && expired - systemClock.now() < noticeMs;
  const end = isEnding ? [endingSoon(one, expired, at)] : [];
  const may = credential ? `${credential.name} may read` : "Reading needs no credential";
  return [
    at.ok(`${name}.server`, `${address.value} responds.`),
    at.ok(`${name}.credential`, `${may}: ${method} ${url} returned ${status}.`),
    ...end,
  ];
}

function endingSoon({ account, credential }: Configured, expiry: number, at: Section): Check {
  return at.warning(
    `${account.system.name}.credential`,
    `${credential?.name} expires at ${inUtc(expiry)}.`,
    "Create a new one before that.",
  );
}

function checkClock({ account }: Configured, sent: readonly SentRequest[], at: Section): Check[] {
  const skew = sent.findLast(({ skewMs }) => skewMs !== undefined)?.skewMs;
  if (skew === undefined) return [];
  const id = `${account.system.name}.clock`;
  const size = Math.abs(skew);
  if (size < noticeableSkew) return [at.ok(id, "This machine's clock agrees with the server's.")];
  const found = `This machine's clock is ${span(size)} ${skew > 0 ? "behind" : "ahead of"} that of ${account.title}.`;
  const cure =
    "Set it, for instance with `timedatectl set-ntp true`: creation times say what a lost response left, and schedules fire by this clock.";
  // Beyond this, the provider no longer finds what a lost response left.
  return [size >= clockSkew ? at.problem(id, found, cure) : at.warning(id, found, cure)];
}

/**
 * Where another server agrees with this machine, it is not this machine's clock that is wrong.
 *
 * @param all the checks of all servers
 */
export function judgedTogether(all: readonly Check[]): Check[] {
  const isClock = ({ id }: Check) => id.endsWith(".clock");
  const others =
    "Other servers agree with this machine: have that server's clock set. The time of a creation says what a lost response left.";
  if (!all.some((one) => isClock(one) && one.status === "ok")) return [...all];
  return all.map((one) => (isClock(one) && one.status !== "ok" ? { ...one, cure: others } : one));
}

/** A time span for people: `45 s`, `10 min`, `3 h`. */
function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
