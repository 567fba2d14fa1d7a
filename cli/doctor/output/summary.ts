import { counted } from "../../../provider/process/counted";
import { type Check, having, type Report } from "../model";

/** The check that decides what the first line says: the first problem, or else the first warning. */
function gravest(checks: readonly Check[]): Check | undefined {
  return having("problem", checks)[0] ?? having("warning", checks)[0];
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
