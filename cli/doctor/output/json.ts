import { type Check, having, type Report, type SentRequest, type Status } from "../model";
import { summaryOf } from "./summary";

/** The format's number; a new one only if what is there changes its meaning. */
const version = 1;

/** What `formations doctor --json` prints. */
interface Document {
  version: number;
  /** The gravest of the checks: `problem`, `warning` or `ok`. */
  status: Status;
  /** The first line of the text. */
  summary: string;
  checks: readonly Check[];
  requests: readonly Pick<SentRequest, "method" | "url" | "status">[];
}

/** A report as JSON. */
export function inJson(report: Report): string {
  const { checks, requests } = report;
  const graver = (["problem", "warning"] as const).find((one) => having(one, checks).length > 0);
  const document: Document = {
    version,
    status: graver ?? "ok",
    summary: summaryOf(report),
    checks,
    requests: requests.map(({ method, url, status }) => ({ method, url, status })),
  };
  return JSON.stringify(document, undefined, 2);
}
