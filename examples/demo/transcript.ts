import { stripVTControlCharacters, styleText } from "node:util";
import { wrapped } from "./narrator.ts";

/** Which of the parts that follow the steps are shown. */
export type Section = "Diagnostics" | "Outputs" | "Resources";

const sections: readonly string[] = ["Diagnostics", "Outputs", "Resources"];

/** Lines that tell a viewer nothing. */
const noise = [
  // The engine, about where its own parts come from.
  /^warning: using pulumi-/,
  // That it is at work.
  /^@ /,
  // The stack itself, and messages that come again under Diagnostics.
  /pulumi:pulumi:Stack/,
  // What has begun: how it ended follows. Of a replacement that is the creation and the deletion.
  /\(0s\)|replaced \(/,
  // What a refresh found as it was.
  /^ {2,}\S*dynamic\/formations:\w+ \S+ *$/,
  // A message of a step that goes on: it comes again under Diagnostics.
  /^ {2,}\S*dynamic\/formations:\w+ \S+ +(warning: )?\S+ \(\w+\): /,
  // A property that does not change.
  /^ {8,}\w+ *: /,
  /^(Duration|The resources in the stack have been deleted|If you want to remove the stack)/,
];

const warning = /^ *warning: /;
/** A sequence that sets a terminal's colour. */
const colour = "\\u001b\\[[\\d;]*m";

/** What the provider says of a resource's plan, at the left margin of a rich diff. */
const remark = /^(warning: )?\S+ \([A-Z]\w+\): /;
const resourceOfDiff = /^ +[-+~]+ ?\S+: \(\w+\)/;

/** What a step's line has behind it of the messages that Diagnostics repeats, with its colours. */
const stepsLastMessage = new RegExp(
  `; (${colour})*(warning: )?(${colour})*\\S+ \\([A-Z]\\w+\\): .*$`,
);

/** Whether the terminal shows colours and the viewer wants them (`NO_COLOR`). */
export const isColoured = styleText("bold", "") !== "";

/**
 * Prints what `pulumi` prints, line by line, shortened for a viewer: the steps as they end, changed
 * properties only, types and URNs by their last part. In a rich diff, Pulumi prints the provider's
 * remarks wherever they happen to arrive; here they come together at its end.
 */
export class Transcript {
  readonly #print: (line: string) => void;
  readonly #shown: ReadonlySet<string>;
  readonly #remarks = new Set<string>();
  #section: string | undefined;

  constructor(print: (line: string) => void, shown: readonly Section[]) {
    this.#print = print;
    this.#shown = new Set(shown);
  }

  /** Takes one line of `pulumi`, with its colours or without. */
  line(raw: string): void {
    const plain = stripVTControlCharacters(raw).trimEnd();
    if (plain === "") {
      this.#section = undefined;
      return;
    }
    const title = /^(\w+):$/.exec(plain)?.[1];
    if (title !== undefined && sections.includes(title)) this.#begin(title);
    if (this.#section !== undefined && !this.#shown.has(this.#section)) return;
    if (noise.some((pattern) => pattern.test(plain))) return;
    if (this.#section === undefined && remark.test(plain)) {
      this.#remarks.add(plain);
      return;
    }
    if (resourceOfDiff.test(plain)) this.#print("");
    this.#print(warning.test(plain) ? remarkLine(plain) : shorten(raw));
  }

  #begin(section: string): void {
    this.#section = section;
    const remarks = [...this.#remarks].sort();
    this.#remarks.clear();
    if (remarks.length > 0) this.#print("");
    for (const text of remarks) this.#print(remarkLine(text));
    if (this.#shown.has(section)) this.#print("");
  }
}

function remarkLine(text: string): string {
  const line = `    ${wrapped(text.trim(), "      ")}`;
  return warning.test(text) ? styleText("yellow", line) : line;
}

/** A line that resets its colours at the end: those that it leaves on would colour what follows. */
function shorten(raw: string): string {
  const short = raw
    .replaceAll("pulumi-nodejs:dynamic/formations:", "")
    .replaceAll(/urn:pulumi:\S*::(?=\w)/g, "…::")
    .replace(stepsLastMessage, "")
    // Names were aligned with those of properties that are left out.
    .replace(/(?<=[-+~] \w+) +(?=: )/, "")
    .trimEnd();
  return isColoured ? `${short}\u001b[0m` : short;
}
