import type { FunctionDefinition } from "./definition";
import { readingOf, type Timed } from "./lifecycle";
import type { Listable, Page } from "./listing";
import type { Session } from "./session";
import { withAdvice } from "./timeouts";
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
  try {
    return present(await definition.invoke(inputs, readingOf(definition.system, session, call)));
  } catch (error) {
    throw withAdvice(error);
  }
}

/**
 * Lists what exists, page by page.
 *
 * @param query checked, see `checkedQuery`
 * @param range where the list begins, and whether the caller may stop anywhere
 */
export function list(
  { listing, system }: Listable,
  session: Session,
  query: Values,
  call: Timed,
  { from, isBounded }: { from?: string; isBounded: boolean },
): AsyncIterable<Page> {
  return listing.pages(query, readingOf(system, session, call), from, isBounded);
}
