import { visible } from "../../visible";
import { type Comparison, emptyText } from "../comparison";
import type { Cell, Matrix, Other, PropertyRow, Row } from "../matrix";
import { type CellText, cellText, differs, kindOf, legend, missing } from "./cell";

/** The comparison for a comment or a page. */
export function inMarkdown(comparison: Comparison): string {
  const { matrix, readings, remarks } = comparison;
  const isMarked = [...matrix.rows, ...matrix.others].some(({ isDifferent }) => isDifferent);
  const problems = readings.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`${name} was not read: ${problem}`],
  );
  return [
    emptyText(comparison) ?? tableOf(matrix),
    ...(isMarked ? [legend] : []),
    ...othersOf(matrix),
    ...[...problems, ...remarks].map(coded),
  ].join("\n\n");
}

function tableOf({ stacks, rows }: Matrix): string {
  const lines = rows.flatMap((row) => [
    [titleOf(row), ...row.cells.map(stateOf)],
    ...row.properties.map((property) => [
      `${markOf(property)}${coded(property.name)}`,
      ...property.settings.map((setting, at) =>
        row.cells[at]?.isMissing ? "" : inOne(cellText(setting)),
      ),
    ]),
  ]);
  return table(["", ...stacks.map(coded)], lines);
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}

function titleOf(row: Row): string {
  return `${markOf(row)}**${coded(row.name)}** ${coded(kindOf(row))}`;
}

function stateOf({ isMissing, marks }: Cell): string {
  return [...(isMissing ? [`**${missing}**`] : []), ...marks.map(coded)].join("; ");
}

function markOf({ isDifferent }: Row | PropertyRow | Other): string {
  return isDifferent ? `${differs} ` : "";
}

function inOne(text: CellText | undefined): string {
  if (!text) return "–";
  const { value, note, server } = text;
  const notes = [
    ...(note ? [note] : []),
    ...(server === undefined ? [] : [`server: ${coded(server)}`]),
  ];
  return notes.length > 0 ? `${coded(value)} (${notes.join("; ")})` : coded(value);
}

/** Folded, since they are only counted. */
function othersOf({ stacks, others }: Matrix): string[] {
  if (others.length === 0) return [];
  const rows = others.map((other) => [
    `${markOf(other)}${coded(other.type)}`,
    ...other.counts.map(String),
  ]);
  const types = others.length === 1 ? "1 type" : `${others.length} types`;
  const summary = `<summary>Resources of other providers, only counted: ${types}</summary>`;
  const counts = table(["", ...stacks.map(coded)], rows);
  return [`<details>${summary}\n\n${counts}\n\n</details>`];
}

/**
 * A text as code, on one line. Nothing in it is markup, ends a table's cell, or becomes a link or a
 * mention: a span between backticks could not have every text in a table.
 */
function coded(text: string): string {
  const shown = visible(text.replaceAll(/\s+/g, " "));
  const inert = shown.replaceAll(/[^\w .,/=-]|_|(?<=www)\./g, (one) => `&#${one.codePointAt(0)};`);
  return `<code>${inert}</code>`;
}
