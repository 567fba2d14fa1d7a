/** The path of a request, every inserted value percent-encoded. Made by the tag {@link path} only. */
export class Path {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** What the tag {@link path} does. */
  static of(literals: readonly string[], values: readonly PathValue[]): Path {
    const text = literals.reduce((start, literal, index) => {
      return `${start}${encode(values[index - 1], index, literals)}${literal}`;
    });
    if (/(?:^|\/)\.\.?(?:\/|$)/.test(text)) {
      throw new TypeError(
        `A path of the form ${formOf(literals)} would have a segment "." or "..".`,
      );
    }
    return new Path(text);
  }
}

/** What a path may contain. It is checked at run time too: IDs come from users and servers. */
export type PathValue = string | number;

/**
 * Builds a path, each value encoded as one segment or a part of one:
 * `` path`/apps/${app}/formation/${type}` ``.
 *
 * @throws TypeError when a value is empty, null or undefined, or when a segment would be `.` or `..`:
 * such a request would go to another address than the intended one.
 */
export function path(literals: TemplateStringsArray, ...values: PathValue[]): Path {
  return Path.of(literals, values);
}

function formOf(literals: readonly string[]): string {
  return literals.join("{}");
}

function encode(value: unknown, position: number, literals: readonly string[]): string {
  if ((typeof value !== "string" && typeof value !== "number") || value === "") {
    const found = value === "" ? "empty" : String(value);
    const where = `Value ${position} of a path of the form ${formOf(literals)}`;
    throw new TypeError(`${where} is ${found}.`);
  }
  return encodeURIComponent(String(value).toWellFormed());
}
