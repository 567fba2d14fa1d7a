import { type Style, styled } from "../../terminal/colour";
import { visible } from "../../visible";
import { shortFingerprintOf } from "../fingerprint";
import type { Explanation, Message, ResourceChange } from "../model";
import { grouped, shortened } from "./excerpt";
import { type MessageKind, messageKinds, messagesOf } from "./group";
import {
  headlineOf,
  isQuiet,
  labelOf,
  type Section,
  type SectionKind,
  sectionsOf,
  sectionWords,
  worstFirst,
} from "./sections";
import { linesOf, messageOf, namedIn, sentencesOf, sideOf, totalCost } from "./sentences";
import { joined, type Span, sidesOf } from "./spans";

/** How a terminal shows it. */
export interface TextOptions {
  /** The columns of a line. Default: 80. */
  width?: number;
  /** Whether the terminal shows colours. Default: it does not. */
  colours?: boolean;
}

const sectionStyles: Readonly<Record<SectionKind, Style>> = {
  refused: "red",
  "data loss": "red",
  deletion: "red",
  unknown: "yellow",
  interruption: "yellow",
  redeployment: "yellow",
  "in place": "green",
  created: "green",
  abandoned: "dim",
  none: "dim",
  others: "dim",
};

/** The same as the comment, for terminals and logs, within their columns, where words allow it. */
export function text(
  explanations: readonly Explanation[],
  { width = 80, colours = false }: TextOptions = {},
): string {
  const writer = new Writer(width, colours);
  const stacks = worstFirst(explanations);
  const isLone = stacks.length === 1;
  const quiet = stacks.filter((one) => !isLone && isQuiet(one));
  if (!isLone)
    writer.line([{ strong: `${headlineOf(stacks)} — ${grouped(stacks.length)} stacks` }]);
  for (const one of stacks.filter((stack) => !quiet.includes(stack))) writeStack(writer, one);
  if (quiet.length > 0) {
    const names = quiet.map((one): Span[] => [{ code: shortened(labelOf(one)) }]);
    writer.line(["No changes in ", ...joined(names, ", "), "."], "", "green");
  }
  return `${writer.lines.join("\n").trim()}\n`;
}

function writeStack(writer: Writer, explanation: Explanation): void {
  const { hasFailed, changes, messages } = explanation;
  const label: Span = { strong: ` — ${visible(shortened(labelOf(explanation)))}` };
  writer.gap();
  writer.line([{ strong: headlineOf([explanation]) }, label]);
  if (hasFailed) {
    writer.line(["`pulumi preview` failed, so what follows may be incomplete."]);
  }
  for (const kind of messageKinds.first) writeMessages(writer, kind, messages);
  for (const section of sectionsOf(changes)) writeSection(writer, section);
  for (const kind of messageKinds.last) writeMessages(writer, kind, messages);
  writer.gap();
  const cost = totalCost(changes);
  if (cost) writer.line(cost);
  writer.line([`Reviewed as ${shortFingerprintOf(explanation)}`], "", "dim");
}

const messageStyles: Readonly<Record<Message["severity"], Style>> = {
  error: "red",
  warning: "yellow",
  info: "dim",
};

function writeMessages(writer: Writer, kind: MessageKind, all: readonly Message[]): void {
  const found = messagesOf(all, kind);
  if (found.length === 0) return;
  writer.gap();
  const heading = `${kind.heading} (${grouped(found.length)})`;
  writer.line([{ strong: heading }], "", messageStyles[kind.severity]);
  for (const message of found) {
    writer.line(messageOf(message), "  ");
    for (const line of linesOf(message)) writer.line([{ code: line }], "    ", "dim");
  }
}

function writeSection(writer: Writer, { kind, changes }: Section): void {
  writer.gap();
  const heading = `${sectionWords[kind].heading} (${grouped(changes.length)})`;
  writer.line([{ strong: heading }], "", sectionStyles[kind]);
  for (const change of changes) {
    const { main, remarks } = sentencesOf(change);
    writer.line(main, "  ");
    for (const remark of remarks) writer.line(remark, "    ");
    for (const message of change.messages) {
      for (const line of linesOf(message)) writer.line([{ code: line }], "      ", "dim");
    }
    for (const property of moreOf(change)) writer.line(property, "      ", "dim");
  }
}

/** The properties that change and that the sentence does not name: one line each. */
function moreOf(change: ResourceChange): Span[][] {
  if (sideOf(change) || change.operation === "keep") return [];
  return change.properties.slice(namedIn(change).length).map((one) => {
    const [from, to] = sidesOf(one);
    const name: Span = { code: shortened(one.property) };
    return from.length > 0 ? [name, ": ", ...from, " → ", ...to] : [name, ": ", ...to];
  });
}

/** Lines of so many columns. */
class Writer {
  readonly lines: string[] = [];
  readonly #width: number;
  readonly #colours: boolean;

  constructor(width: number, colours: boolean) {
    this.#width = width;
    this.#colours = colours;
  }

  /** An empty line. */
  gap(): void {
    this.lines.push("");
  }

  /** A sentence, wrapped; what follows its first line is indented by two more. */
  line(spans: readonly Span[], indent = "", style?: Style): void {
    let current = indent;
    let columns = indent.length;
    for (const { shown, styled } of this.#words(spans)) {
      if (columns + shown.length + 1 > this.#width && columns > indent.length + 2) {
        this.#push(current, indent, style);
        current = `${indent}  `;
        columns = current.length;
      }
      const space = current.trim() === "" ? "" : " ";
      current += `${space}${styled}`;
      columns += space.length + shown.length;
    }
    this.#push(current, indent, style);
  }

  #push(line: string, indent: string, style?: Style): void {
    this.lines.push(style ? `${indent}${this.#styled(line.slice(indent.length), style)}` : line);
  }

  #words(spans: readonly Span[]): { shown: string; styled: string }[] {
    const words: { shown: string; styled: string }[] = [];
    let isOpen = false;
    for (const span of spans) {
      const [value, style] = partOf(span);
      for (const [at, word] of value.split(" ").entries()) {
        const shown = word.replace(/^::/, ":\\u003a");
        const styled = style && word ? this.#styled(shown, style) : shown;
        const last = words.at(-1);
        if (at === 0 && isOpen && last) {
          words[words.length - 1] = { shown: last.shown + shown, styled: last.styled + styled };
        } else words.push({ shown, styled });
        isOpen = true;
      }
    }
    return words.filter(({ shown }) => shown !== "");
  }

  #styled(value: string, style: Style): string {
    return this.#colours ? styled(style, value) : value;
  }
}

/** A piece of a sentence as plain text, and how it stands out. */
function partOf(span: Span): [text: string, style?: Style] {
  if (typeof span === "string") return [visible(span.replaceAll(/\s+/g, " "))];
  if ("code" in span) return [visible(span.code)];
  return "name" in span ? [visible(span.name), "bold"] : [visible(span.strong), "bold"];
}
