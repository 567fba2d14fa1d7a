/*
 * Values that plain JSON has no words for are objects with this key, whose value says what they are: on
 * the wire and in states alike.
 */
export const kindKey = "4dabf18193072939515e22adb298388d";

/** What the kind of a secret is. */
export const secretKind = "1b47061264138c4ac30d75fd1eb44270";
