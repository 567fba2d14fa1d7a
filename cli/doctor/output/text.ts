import { counted } from "../../../provider/process/counted";
import { coloured } from "../../terminal/colour";
import { wrap } from "../../terminal/layout";
import { textWidth } from "../../terminal/width";
import { visible } from "../../visible";
import { type Check, having, type Report, type Status } from "../model";
import { sentenceOf, summaryOf } from "./summary";

const labels: Record<Status, string> = {
  ok: "ok",
  warning: "warning",
  problem: "PROBLEM",
  skipped: "not checked",
};

const colours = { ok: "green", warning: "yellow", problem: "red", skipped: "dim" } as const;

const labelWidth = Math.max(...Object.values(labels).map((label) => label.length));

/**
 * A report for people: first what is wrong, then all checks under their headings.
 *
 * @param columns of the terminal; undefined: there is none, and the first line is not broken
 */
export function inText(report: Report, columns: number | undefined): string {
  const width = textWidth({ columns });
  const summary = visible(summaryOf(report));
  const first = columns === undefined ? [summary] : wrap(summary, width);
  const { checks, requests } = report;
  const headings = [...new Set(checks.map(({ about }) => about))];
  const groups = headings.flatMap((heading) => [
    "",
    visible(heading),
    ...checks.filter(({ about }) => about === heading).flatMap((one) => linesOf(one, width)),
  ]);
  const sent = requests.map(({ method, url, status = "no response" }) => {
    return `  ${visible(`${method} ${url}: ${status}`)}`;
  });
  const last = sent.length === 0 ? "No request was sent." : "Requests that were sent:";
  return [...first, ...groups, "", countsOf(checks), last, ...sent].join("\n");
}

function linesOf(one: Check, width: number): string[] {
  const label = labels[one.status].padEnd(labelWidth);
  const indent = " ".repeat(labelWidth + 4);
  const [first = "", ...others] = wrap(`${indent}${visible(sentenceOf(one))}`, width, indent);
  const shown = coloured(colours[one.status], label);
  return [`  ${shown}  ${first.slice(indent.length)}`, ...others];
}

function countsOf(checks: readonly Check[]): string {
  const count = (status: Status) => having(status, checks).length;
  const parts = [
    counted(count("problem"), "problem"),
    counted(count("warning"), "warning"),
    `${count("ok")} ok`,
    `${count("skipped")} not checked`,
  ];
  return `${parts.join(", ")}.`;
}
