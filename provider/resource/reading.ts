import type { FunctionDefinition } from "./definition";
import { readingOf, type Timed } from "./lifecycle";
import type { Listable, Page } from "./listing";
import type { Session } from "./session";
import { checkedArguments } from "./validation";
import { present, type Values } from "./values";

/**
 * Calls a function.
 *
 * @throws InvalidArguments naming every wrong argument
 */
export async function invoke(
  definition: FunctionDefinition,
  session: Session,
  args: Values,
  call: Timed,
): Promise<Values> {
  const inputs = checkedArguments(definition, args);
  return present(await definition.invoke(inputs, readingOf(definition.system, session, call)));
}

/**
 * Lists what exists, page by page. It requests a page when the one before has been taken.
 *
 * @param query checked, see `checkedQuery`
 * @param from the `next` of a page, where the list continues. Default: it begins
 */
export function list(
  { listing, system }: Listable,
  session: Session,
  query: Values,
  call: Timed,
  from?: string,
): AsyncIterable<Page> {
  return listing.pages(query, readingOf(system, session, call), from);
}
