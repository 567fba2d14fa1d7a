import { styleText } from "node:util";

/** How a status word stands out. */
export type Style = Extract<
  Parameters<typeof styleText>[0],
  "bold" | "red" | "green" | "yellow" | "dim"
>;

/** Where a text goes: `process.stdout`. */
interface Stream {
  isTTY?: boolean;
}

/**
 * Whether what goes to a stream has colours: on a terminal, or with FORCE_COLOR; never with NO_COLOR or on a
 * dumb terminal.
 */
export function hasColours(stream: Stream = process.stdout): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR || TERM === "dumb") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return stream.isTTY === true;
}

/** A text in a style, if standard output has colours. */
export function coloured(style: Style, text: string): string {
  return hasColours() ? styled(style, text) : text;
}

/** A text in a style, wherever it goes. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
