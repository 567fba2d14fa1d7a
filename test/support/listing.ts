import type { Definition } from "../../provider/resource/definition.ts";
import type { Listed, Page } from "../../provider/resource/listing.ts";
import type { Values } from "../../provider/resource/values.ts";
import type { Host } from "./host.ts";

/** Who lists: a host's session, and what can end its calls. */
type Lister = Pick<Host, "session" | "aborter">;

/** The pages of a list, each requested when it is taken, as the definition makes them for a host. */
export function pagesOf(
  definition: Definition,
  { session, aborter }: Lister,
  query: Values = {},
  from?: string,
): AsyncIterable<Page> {
  const { listing, system } = definition;
  if (!listing) throw new Error(`${definition.name} is not listed`);
  const context = {
    api: session.api(system),
    signal: aborter.signal,
    deadline: session.clock.now() + 60 * 60_000,
    onWait: () => {},
  };
  return listing.pages(listing.query.parse(query), context, from);
}

/** All items of a list. */
export async function listOf(
  definition: Definition,
  lister: Lister,
  query?: Values,
  from?: string,
): Promise<Listed[]> {
  const items: Listed[] = [];
  for await (const page of pagesOf(definition, lister, query, from)) items.push(...page.items);
  return items;
}

/** The first pages of a list: the rest is not requested. */
export async function firstPages(pages: AsyncIterable<Page>, count: number): Promise<Page[]> {
  const taken: Page[] = [];
  for await (const page of pages) if (taken.push(page) === count) break;
  return taken;
}

/** All items of a list that is resumed after every page, as separate calls would read it. */
export async function resumedListOf(
  definition: Definition,
  lister: Lister,
  query?: Values,
): Promise<Listed[]> {
  const items: Listed[] = [];
  let from: string | undefined;
  do {
    const [page] = await firstPages(pagesOf(definition, lister, query, from), 1);
    items.push(...(page?.items ?? []));
    from = page?.next;
  } while (from !== undefined);
  return items;
}
