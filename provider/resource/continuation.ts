import type { z } from "zod";
import { InvalidArguments } from "./errors";
import { show } from "./values";

/** Where a list continues, as the text that a page has as its `next`. */
export interface Continuation<Place> {
  write(place: Place): string;
  /** @throws InvalidArguments when the text is not the `next` of a page of such a list */
  read(from: string): Place;
}

/**
 * Makes the texts of a list that continues.
 *
 * @param what is listed, in the plural: `replicas`
 */
export function continuation<Place extends z.ZodType>(
  what: string,
  place: Place,
): Continuation<z.output<Place>> {
  return {
    write: (at) => Buffer.from(JSON.stringify(at)).toString("base64url"),
    read(from) {
      const read = place.safeParse(parsed(Buffer.from(from, "base64url").toString()));
      if (!read.success) throw notAPlace(what, from);
      return read.data;
    },
  };
}

/**
 * Makes sure that a list of one page is read from its beginning.
 *
 * @throws InvalidArguments when it is to continue somewhere
 */
export function demandBeginning(what: string, from: string | undefined): void {
  if (from !== undefined) throw notAPlace(what, from);
}

function notAPlace(what: string, from: string): InvalidArguments {
  return new InvalidArguments(
    `The list of ${what} can't continue at ${show(from)}: no page of such a list ended with that. List them from the beginning.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
