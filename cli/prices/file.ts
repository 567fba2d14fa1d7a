import { readFileSync } from "node:fs";
import { z } from "zod";
import { FormationsError } from "../../provider/errors";
import { withoutSecrets } from "../../provider/process/redact";
import { replaceFile } from "../../provider/process/replace-file";
import { type PriceLists, pricedSystems } from "./lists";

/** A file with prices can't be read or written, or is something else. */
export class WrongPrices extends FormationsError {
  readonly code = "WRONG_PRICES";
}

/** The only version so far. */
const version = 1;

const file = z.object({
  version: z.literal(version, {
    error: ({ input }) =>
      typeof input === "number"
        ? `this version of formations reads version ${version}, not ${input}`
        : `it must be ${version}`,
  }),
  readAt: z.iso.datetime({ offset: true }),
  // Absent: it was not configured. A system that is not known here is left out.
  systems: z.object(
    Object.fromEntries(pricedSystems.map(({ name, prices }) => [name, prices.list.optional()])),
  ),
});

/** Price lists as a file has them: JSON, ending in a line break. */
export function textOf({ readAt, lists }: PriceLists): string {
  const content: z.input<typeof file> = { version, readAt, systems: Object.fromEntries(lists) };
  return `${withoutSecrets(JSON.stringify(content, undefined, 2))}\n`;
}

/**
 * Writes price lists to a file, whole or not at all.
 *
 * @throws WrongPrices saying why it can't be written
 */
export function writePrices(path: string, prices: PriceLists): void {
  try {
    replaceFile(path, textOf(prices));
  } catch (error) {
    throw new WrongPrices(`Cannot write ${path}: ${(error as Error).message}.`);
  }
}

/**
 * Reads price lists from a file that {@link writePrices} wrote.
 *
 * @throws WrongPrices saying why it is not one
 */
export function loadPrices(path: string): PriceLists {
  const parsed = file.safeParse(contentOf(path));
  if (parsed.success) {
    const { readAt, systems } = parsed.data;
    const lists = Object.entries(systems).filter(([, list]) => list !== undefined);
    return { readAt, lists: new Map(lists) };
  }
  throw new WrongPrices(
    `${path} is not a price list that \`formations prices --output\` wrote:\n${z.prettifyError(parsed.error)}`,
  );
}

function contentOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new WrongPrices(`Cannot read ${path}: ${(error as Error).message}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongPrices(
      `${path} is not JSON, and so not a price list; \`formations prices --output\` writes one.`,
    );
  }
}
