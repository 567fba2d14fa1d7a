import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { path } from "../http/path";
import { type Addressed, firstSegment } from "./dialect";
import { UnreadableDocuments } from "./errors";

/** Which documents of a table are read. */
export interface DocumentRange {
  table: string;
  /** The ID after which to begin; undefined: the table's first. */
  after?: string;
  /** How many at most. */
  limit: number;
}

export const listTables = endpoint({
  operation: "list tables",
  method: "GET",
  path: (at: Addressed) => path`/${firstSegment(at)}/v1/tables`,
  // v0.1 sends an empty list as null.
  answer: z
    .array(z.object({ name: z.string() }))
    .nullable()
    .transform((tables) => (tables ?? []).map(({ name }) => name)),
});

// 0.2: 204. It changes nothing that another try could change again.
export const dropTable = endpoint({
  operation: "drop a table",
  method: "DELETE",
  path: ({ table, ...at }: { table: string } & Addressed) =>
    path`/${firstSegment(at)}/v1/tables/${table}`,
  answer: "none",
});

// NDJSON, a document a line, in byte order of the IDs: over all shards, since they are ranges of IDs.
export const scanDocuments = endpoint({
  operation: "read documents",
  method: "POST",
  path: ({ dialect, table }: DocumentRange & Addressed) =>
    dialect === "0.2"
      ? path`/db/v1/tables/${table}/documents`
      : path`/api/v1/tables/${table}/lookup`,
  // Without `fields` only the IDs come.
  body: ({ after, limit }) => ({ fields: ["*"], limit, from: after }),
  answer: "text",
  repeatable: true,
  timeoutSeconds: 5 * 60,
});

/** The ID of a line: `_id` in 0.2, `key` in v0.1. */
const documentLine = z.union([
  z.looseObject({ _id: z.string() }).transform(({ _id: id, ...fields }) => ({ id, fields })),
  z.looseObject({ key: z.string() }).transform(({ key: id, ...fields }) => ({ id, fields })),
]);

/** A document: its ID, and its fields as the server stores them. */
export type Document = z.output<typeof documentLine>;

/**
 * The documents of an NDJSON text.
 *
 * @throws UnreadableDocuments where a line is none
 */
export function readLines(text: string): Document[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [readLine(line)]));
}

function readLine(line: string): Document {
  try {
    return documentLine.parse(JSON.parse(line, keepDigits));
  } catch {
    // Neither error's words are told: they quote the document.
    throw new UnreadableDocuments(
      "Antfly: could not read documents: a line of the answer is no JSON object with an ID.",
    );
  }
}

/** A number too long for JavaScript is compared by its digits. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isExact = typeof value !== "number" || Number.isSafeInteger(value) || value % 1 !== 0;
  return isExact ? value : { digits: context?.source ?? String(value) };
}
