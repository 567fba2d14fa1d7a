/** What the body of a response is, whatever its content type says. */
export type BodyKind = "json" | "text" | "html" | "empty" | "compressed" | "overgrown";

/** The body of a response, read. */
export interface Body {
  kind: BodyKind;
  text: string;
  /** The parsed value; only for `json`. */
  value?: unknown;
}

/** The responses of these APIs nest a few levels deep, and what reads them recurses. */
const mostLevels = 200;

/** More than 10 MB of an honest list contain; each value may become an issue of a schema. */
const mostValues = 500_000;

/** What the headers say about a body. */
export interface BodyHeaders {
  contentType?: string;
  contentEncoding?: string;
}

/**
 * Looks at the text rather than at the content type: the APIs send plain sentences as
 * `application/json`, and JSON as `text/plain`. JSON that would need a hundred times its size to be
 * parsed is not parsed.
 */
export function readBody(
  text: string,
  { contentType, contentEncoding = "identity" }: BodyHeaders = {},
): Body {
  if (text.trim() === "") return { kind: "empty", text };
  if (contentEncoding !== "identity") return { kind: "compressed", text: "" };
  if (isOvergrown(text)) return { kind: "overgrown", text };
  try {
    return { kind: "json", text, value: JSON.parse(text) };
  } catch {
    // V8's message quotes the body, which may contain a secret, so the message is dropped.
  }
  const html =
    contentType?.startsWith("text/html") || /^\s*<(!doctype|html|head|body)\b/i.test(text);
  return { kind: html ? "html" : "text", text };
}

/** Whether the text, if it is JSON, has more levels or values than any response of these APIs. */
function isOvergrown(text: string): boolean {
  // Most responses are short and open few brackets: finding these costs less than looking at each letter.
  if (text.length <= mostValues && count(text, "{") + count(text, "[") <= mostLevels) return false;
  let depth = 0;
  let values = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (isString) {
      if (letter === "\\") at += 1;
      else if (letter === '"') isString = false;
    } else if (letter === '"') isString = true;
    else if (letter === "[" || letter === "{") depth += 1;
    else if (letter === "]" || letter === "}") depth -= 1;
    else if (letter === ",") values += 1;
    if (depth > mostLevels || values > mostValues) return true;
  }
  return false;
}

function count(text: string, letter: string): number {
  let found = 0;
  for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) found += 1;
  return found;
}

/** What the server said about a failure, in its own words. */
export interface ServerWords {
  message?: string;
  /** A code beside the message, such as Antfly's `INTERNAL_ERROR`. */
  code?: string;
}

/** Finds the words in `{message}`, `{error}`, `{error,message}`, a string, or any other text. */
export function serverWords(body: Body): ServerWords {
  if (body.kind === "text") return { message: body.text.trim() };
  if (body.kind !== "json") return {};
  const { value } = body;
  if (typeof value === "string") return { message: value.trim() };
  if (typeof value !== "object" || value === null) return { message: body.text.trim() };
  const [code, error, message] = ["code", "error", "message"].map((key) => field(value, key));
  if (message !== undefined) return { message, code: code ?? error };
  if (error !== undefined) return { message: error, code };
  const nested = "error" in value && typeof value.error === "object" && value.error;
  if (nested) return serverWords({ kind: "json", text: JSON.stringify(nested), value: nested });
  return { message: JSON.stringify(value), code };
}

function field(value: object, key: string): string | undefined {
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** `an HTML page titled "Not Found"`: all that a message says about one. */
export function describeHtml(text: string): string {
  const title = /<title[^>]{0,200}>([^<]{1,500})/i.exec(text)?.[1]?.trim();
  return title ? `an HTML page titled "${cut(title, 100)}"` : "an HTML page";
}

/** One line of at most `length` characters; `…` marks a cut. Control characters become spaces. */
export function cut(text: string, length: number): string {
  const line = text.replace(/\p{Cc}+/gu, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`.toWellFormed();
}
