import type { z } from "zod";
import type { Definition, FunctionDefinition } from "./definition";
import { readingOf, type Timed } from "./lifecycle";
import type { Listable, Page } from "./listing";
import type { Session } from "./session";
import { withAdvice } from "./timeouts";
import { demandValid, validate } from "./validation";
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
 * The arguments of a function, normalised.
 *
 * @throws InvalidArguments naming all that is wrong
 */
function checkedArguments({ name, args }: FunctionDefinition, given: Values): Values {
  const of = { noun: "argument", owner: "this function" };
  return demandValid(name, validate(args, given, { of }));
}

/**
 * What narrows a list of a resource, normalised. Unknown values are left unchanged.
 *
 * @param secrets those of it that are secrets: messages don't show their values
 * @throws InvalidArguments naming all that is wrong
 */
export function checkedQuery(
  { name }: Definition,
  query: z.ZodObject,
  given: Values,
  secrets?: ReadonlySet<string>,
): Values {
  const of = { noun: "input", owner: "this list" };
  return demandValid(`List of ${name}`, validate(query, given, { secrets, of }));
}

/**
 * Lists what exists, page by page.
 *
 * @param query checked, see {@link checkedQuery}
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
