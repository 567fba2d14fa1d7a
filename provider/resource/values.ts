/** A property bag: inputs, state, or both. */
export type Values = Record<string, unknown>;

/**
 * Keys that hosts add for themselves (`__provider`, `__autoname`, …). They are no inputs and no
 * outputs of any resource.
 */
export function isHidden(key: string): boolean {
  return key.startsWith("__");
}

/** The values without hidden keys and without null, which means the same as absent. */
export function visible(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => !isHidden(key) && value != null),
  );
}

/** A value as a message shows it: short, and JSON, so that "2" and 2 can be told apart. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A time as state holds it: RFC 3339 in UTC, whole seconds where the source has no more. */
export function utc(time: string | number | Date): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

/** The same for a time that a server shows; a text that is not a time stays as it is. */
export function utcIfTime(text: string): string {
  return Number.isNaN(Date.parse(text)) ? text : utc(text);
}
