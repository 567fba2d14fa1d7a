import { isDeepStrictEqual } from "node:util";
import type { AntflyApi } from "../../../provider/antfly/api";
import type { Document } from "../../../provider/antfly/tables";
import { BadAnswer } from "../../../provider/http/errors";
import type { CommandCall } from "../../call";

/** How a table's documents compare with those of the same table on another server. */
export interface Comparison {
  table: string;
  /** How many documents each has. */
  source: number;
  restored: number;
  /** Documents of the source that were not restored, or are newer than the backup. */
  missing: number;
  /** Restored documents that the source no longer has. */
  extra: number;
  /** Documents on both servers with different fields. */
  different: number;
}

/** The most documents per request. */
const pageSize = 1000;

/**
 * Compares a table on two servers, document by document. Both are read in the order of their IDs, one
 * page at a time, so that neither has to fit into memory.
 *
 * @param source undefined: the source does not have the table
 */
export async function compareTable(
  table: string,
  source: AntflyApi | undefined,
  restored: AntflyApi,
  call: CommandCall,
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

/** All documents of a table. A page that is too large for one response is split into smaller ones. */
async function* documents(
  api: AntflyApi | undefined,
  table: string,
  call: CommandCall,
): AsyncGenerator<Document, undefined> {
  if (!api) return;
  let limit = pageSize;
  let after: string | undefined;
  for (;;) {
    const page = await api.documents({ table, after, limit }, call).catch((error) => {
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
