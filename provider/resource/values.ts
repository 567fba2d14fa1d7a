/** A property bag: inputs, state, or both. */
export type Values = Record<string, unknown>;

/*
 * Pulumi's own values that JSON can't express, on the wire and in states alike: objects with this key,
 * whose value says what they are. A test compares them with those of `@pulumi/pulumi`, which is not
 * imported since loading it would double the time of the plugin's start.
 */
export const kindKey = "4dabf18193072939515e22adb298388d";

/** The kind of a secret, of an output, and of a reference to a resource. */
export const secretKind = "1b47061264138c4ac30d75fd1eb44270";
export const outputKind = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
export const resourceKind = "5cf8f73096256a8f31e491e813e4eb8e";

/** A value that the engine keeps as a secret. */
export function asSecret(value: unknown): Values {
  return { [kindKey]: secretKind, value };
}

/**
 * A value that a preview does not know yet, for instance an output of a resource that is still to be
 * created. It is a string, so that inputs stay plain JSON.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine sends where a value of each type is not known yet. */
export const unknownOf = {
  boolean: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  string: unknownValue,
  list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  map: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

/** Whether a value is unknown, or holds an unknown at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(containsUnknown);
}

/**
 * Keys that hosts add for themselves (`__provider`, `__autoname`, …). They are neither inputs nor
 * outputs of any resource.
 */
export function isHidden(key: string): boolean {
  return key.startsWith("__");
}

/** The values that fit, by their keys. */
export function only(values: Values, fits: (value: unknown, key: string) => boolean): Values {
  const fitting: Values = {};
  for (const key of Object.keys(values)) {
    // To assign this one would set the prototype, and no property has that name.
    if (key !== "__proto__" && fits(values[key], key)) fitting[key] = values[key];
  }
  return fitting;
}

/** The values that are set: null means the same as absent. */
export function present(values: Values): Values {
  return only(values, (value) => value != null);
}

/** A value as a message shows it: JSON, so that "2" and 2 differ, cut after 80 characters. */
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

/** Whether a text is a UUID, in upper or lower case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Orders texts by their code units, which is the same everywhere. */
export function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
