import { isDeepStrictEqual } from "node:util";
import type { AntflyApi } from "../../provider/antfly/api";
import type { Document } from "../../provider/antfly/tables";
import { BadAnswer } from "../../provider/http/errors";
import { type Call, sending } from "./connection";

/** How a table's documents compare with those of the same table of another server. */
export interface Comparison {
  table: string;
  /** How many documents each has. */
  source: number;
  restored: number;
  /** Documents of the source that did not come back, or are newer than the backup. */
  missing: number;
  /** Documents that came back and that the source has no more. */
  extra: number;
  /** Documents of both whose fields are not the same. */
  different: number;
}

/** The most documents that are asked for at once. */
const pageSize = 1000;

/**
 * Compares a table of two servers, document by document. Both are read in the order of their IDs, a page
 * at a time, so that neither has to fit into memory.
 *
 * @param source undefined: a server that has no such table
 */
export async function compareTable(
  table: string,
  source: AntflyApi | undefined,
  restored: AntflyApi,
  call: Call,
): Promise<Comparison> {
  const found = { table, source: 0, restored: 0, missing: 0, extra: 0, different: 0 };
  const [left, right] = [documents(source, table, call), documents(restored, table, call)];
  let [one, other] = await Promise.all([left.next(), right.next()]);
  while (!one.done || !other.done) {
    const order = one.done ? 1 : other.done ? -1 : byBytes(one.value.id, other.value.id);
    if (order <= 0) found.source += 1;
    if (order >= 0) found.restored += 1;
    if (order < 0) found.missing += 1;
    if (order > 0) found.extra += 1;
    if (order === 0 && !isDeepStrictEqual(one.value, other.value)) found.different += 1;
    if (order <= 0) one = await left.next();
    if (order >= 0) other = await right.next();
  }
  return found;
}

/** Whether nothing differs. */
export function isSame({ missing, extra, different }: Comparison): boolean {
  return missing + extra + different === 0;
}

/** All documents of a table. A page that is too large for one answer is asked for in smaller ones. */
async function* documents(
  api: AntflyApi | undefined,
  table: string,
  call: Call,
): AsyncGenerator<Document, undefined> {
  if (!api) return;
  let limit = pageSize;
  let after: string | undefined;
  for (;;) {
    const page = await api.documents({ table, after, limit }, sending(call)).catch((error) => {
      if (!(error instanceof BadAnswer) || error.reason !== "too-large" || limit === 1) throw error;
      return undefined;
    });
    if (!page) {
      limit = Math.ceil(limit / 2);
      continue;
    }
    yield* page;
    if (page.length < limit) return;
    after = page.at(-1)?.id;
  }
}

/** The servers' order of IDs. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
