import type { Paging } from "./endpoints";

/** The items of all pages of a list. */
export async function allOf<Item>(
  page: (cursor?: string) => Promise<{ items: Item[]; next?: string }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    all.push(...items);
    cursor = next;
  } while (cursor !== undefined);
  return all;
}

/** The cursor of the page that follows. One that does not change would request the same page without end. */
export function nextOf(
  { has_more, next_cursor }: Paging,
  cursor: string | undefined,
): string | undefined {
  return has_more === false || next_cursor === cursor ? undefined : next_cursor;
}
