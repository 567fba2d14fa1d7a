import { counted } from "../../../provider/process/counted";
import { type Check, having, type Report } from "../model";

/**
 * The check that decides what the first line says: the first problem, or else the first warning. A clock comes
 * last, since nothing fails because of it as long as no response is lost.
 */
function gravest(checks: readonly Check[]): Check | undefined {
  const problems = having("problem", checks);
  const lasting = problems.find(({ id }) => !id.endsWith(".clock"));
  return lasting ?? problems[0] ?? having("warning", checks)[0];
}

/** What is wrong and what to do about it, or that nothing is. */
export function summaryOf({ checks }: Report): string {
  const one = gravest(checks);
  if (!one) return `Everything is fine: ${counted(having("ok", checks).length, "check")} passed.`;
  const kind = one.status === "problem" ? "Problem" : "Warning";
  return `${kind}: ${sentenceOf(one)}`;
}

/** A check's text: what was found, and what to do. */
export function sentenceOf({ found, cure }: Check): string {
  return cure === undefined ? found : `${found} ${cure}`;
}
