import type { Preview } from "../model";
import { isDigest, readDigest } from "./digest";
import { type Found, jsonIn } from "./documents";
import { howToPreview, UnreadablePreview } from "./errors";
import { demandChanges } from "./fields";
import { kindOf } from "./other-kinds";
import { isEvent, readEvents } from "./stream";

/**
 * Reads a preview in either form of the engine: the one object of `pulumi preview --json`, or its events,
 * one per line. Lines around it that are not JSON, such as those of a shell or a log, do no harm.
 *
 * @param source where the text is from, for messages: a file's name, or `standard input`
 * @throws UnreadablePreview saying what the text is instead, or where it is cut off; never with a value of it
 */
export function read(text: string, source: string): Preview {
  const found = jsonIn(text.replace(/^\uFEFF/, ""), source);
  const digests = found.filter(({ value }) => isDigest(value));
  const events = found.filter(({ value }) => isEvent(value));
  const [digest, ...others] = digests;
  const [another] = digest ? [...others, ...events] : events.filter(isBeginning).slice(1);
  if (another) {
    throw new UnreadablePreview(
      `${source} has more than one preview: another begins in line ${another.line}. Give each in a file of its own.`,
    );
  }
  if (!digest && events.length === 0) throw new UnreadablePreview(whatItIs(text, found, source));
  const preview = digest ? readDigest(digest.value, source) : readEvents(events, source);
  demandChanges(preview);
  return preview;
}

/** Whether an event is the first one of an operation. */
function isBeginning({ value }: Found): boolean {
  return typeof value === "object" && value !== null && "preludeEvent" in value;
}

/** A file's text: UTF-8, or the UTF-16 that a redirection in Windows PowerShell writes. */
export function decode(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isWide ? "utf16le" : "utf8");
}

function whatItIs(text: string, [first]: readonly Found[], source: string): string {
  if (text.trim() === "" || text === "\uFEFF") {
    return `${source} is empty. ${howToPreview} If that command failed, its standard error says why.`;
  }
  if (first) return `${source} is not a preview but ${kindOf(first.value)}. ${howToPreview}`;
  if (/^[ \t]*(Previewing|Updating|Refreshing|Destroying) /m.test(text)) {
    return `${source} is the text that Pulumi prints for people, not JSON. ${howToPreview}`;
  }
  return `${source} is not JSON. ${howToPreview}`;
}
