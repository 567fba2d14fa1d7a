import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { path } from "../http/path";
import { type Addressed, firstSegment } from "./dialect";
import { UnreadableDocuments } from "./errors";

/** Which documents of a table to read. */
export interface DocumentRange {
  table: string;
  /** Start after this ID; default: at the table's first document. */
  after?: string;
  /** The largest number of documents. */
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

// 0.2: 204. A retry changes nothing more.
export const dropTable = endpoint({
  operation: "drop a table",
  method: "DELETE",
  path: ({ table, ...at }: { table: string } & Addressed) =>
    path`/${firstSegment(at)}/v1/tables/${table}`,
  answer: "none",
});

// NDJSON, one document per line, in byte order of the IDs; shards are ranges of IDs.
export const scanDocuments = endpoint({
  operation: "read documents",
  method: "POST",
  path: ({ dialect, table }: DocumentRange & Addressed) =>
    dialect === "0.2"
      ? path`/db/v1/tables/${table}/documents`
      : path`/api/v1/tables/${table}/lookup`,
  // Without `fields` the server returns only the IDs.
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
 * The documents in an NDJSON text.
 *
 * @throws UnreadableDocuments where a line is not a document
 */
export function readLines(text: string): Document[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [readLine(line)]));
}

function readLine(line: string): Document {
  try {
    return documentLine.parse(JSON.parse(line, keepDigits));
  } catch {
    // The words of either error would quote the document.
    throw new UnreadableDocuments(
      "Antfly: could not read documents: a line of the response is not a JSON object with an ID. " +
        "Check that the URL is an Antfly server's, then run the command again.",
    );
  }
}

/** Keeps the digits of a number that is too long for JavaScript, for comparison. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isExact = typeof value !== "number" || Number.isSafeInteger(value) || value % 1 !== 0;
  return isExact ? value : { digits: context?.source ?? String(value) };
}
