import type { Setting } from "../entry";
import type { Row } from "../matrix";
import { textOf } from "../value";

/** What is in the cell of a resource that a stack does not have. */
export const missing = "missing";

/** Beside what is not the same in all stacks; a legend says so. */
export const differs = "≠";

export const legend = `${differs}: not the same in all stacks`;

/** A resource's kind, as its title shows it: `Formation`, `Formation in shop:index:Database`. */
export function kindOf({ type, parents, token }: Row): string {
  const place = parents.length > 0 ? ` in ${parents.join(" / ")}` : "";
  return `${token ?? type}${place}`;
}

/** Characters that a cell shows of a value, at most. */
const longest = 240;

/** What a cell shows of a property. */
export interface CellText {
  value: string;
  /** Where the value is from, if it is not the program's. */
  note?: string;
  /** What the server has instead. */
  server?: string;
}

const notes: Readonly<Record<Setting["from"], string | undefined>> = {
  program: undefined,
  generated: "generated",
  server: "the server's",
  default: "default",
};

/** What a cell shows of a property; undefined: it is not set. */
export function cellText(setting: Setting | undefined): CellText | undefined {
  if (!setting) return undefined;
  const { value, from, server } = setting;
  return {
    value: shortened(textOf(value)),
    note: notes[from],
    server: server === undefined ? undefined : shortened(textOf(server)),
  };
}

/** What fits into a cell; whole values are in the JSON. */
function shortened(text: string): string {
  const characters = [...text];
  if (characters.length <= longest) return text;
  return `${characters.slice(0, longest).join("")}… (${characters.length} characters)`;
}
