import { FormationsError } from "../../provider/errors";
import { sideBySide } from "../../provider/process/side-by-side";
import type { Listable, Listed } from "../../provider/resource/listing";
import type { Values } from "../../provider/resource/values";
import type { CommandCall } from "../call";
import type { Account } from "./model";
import { about } from "./words";

/** What came of listing one kind of resource in one account. */
export interface Survey {
  account: Account;
  definition: Listable;
  items: Listed[];
  /** Whether some of the list was read. */
  isBegun: boolean;
  /** What could not be listed, in whole sentences. Empty: the list is whole. */
  failures: string[];
}

/** How many lists of one account are read at a time. */
const atOnce = 8;

/**
 * Lists resources page by page. If a page fails, what came before it is kept.
 *
 * @param queries what is asked for: one list each
 * @param onPage told how many were listed so far
 */
export async function survey(
  account: Account,
  definition: Listable,
  queries: readonly Values[],
  call: CommandCall,
  onPage: (count: number) => void,
): Promise<Survey> {
  const { listing, system } = definition;
  const failures = new Set<string>();
  let isBegun = false;
  let count = 0;
  const lists = await sideBySide(queries, atOnce, async (query) => {
    const items: Listed[] = [];
    try {
      const context = { ...call, api: account.session.api(system) };
      for await (const page of listing.pages(listing.query.parse(query), context)) {
        isBegun = true;
        items.push(...page.items);
        count += page.items.length;
        onPage(count);
      }
      isBegun = true;
    } catch (error) {
      if (!(error instanceof FormationsError)) throw error;
      failures.add(about(account, error.message));
    }
    return items;
  });
  return { account, definition, items: lists.flat(), isBegun, failures: [...failures] };
}
