import { FormationsError } from "../../provider/errors";
import type { Listed } from "../../provider/resource/listing";
import type { Values } from "../../provider/resource/values";
import type { CommandCall } from "../call";
import type { Listable } from "./filters";
import type { Account } from "./model";

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
  const items: Listed[] = [];
  const failures: string[] = [];
  let isBegun = false;
  for (const query of queries) {
    try {
      const api = account.session.api(system);
      for await (const page of listing.pages(listing.query.parse(query), { ...call, api })) {
        isBegun = true;
        items.push(...page.items);
        onPage(items.length);
      }
      isBegun = true;
    } catch (error) {
      if (!(error instanceof FormationsError)) throw error;
      failures.push(error.message);
    }
  }
  return { account, definition, items, isBegun, failures };
}
