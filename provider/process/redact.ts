const mask = "[secret]";

/** Removes secrets from a text. */
export type Redactor = (text: string) => string;

/**
 * Shorter values are not masked: they occur by chance in every text, and no credential of the supported
 * systems is that short.
 */
const shortestSecret = 4;

/**
 * The password in a URL, whatever the scheme; up to the last `@`, since a password that somebody typed
 * into a URL may contain one. Bounded, so that no text makes it slow.
 */
const urlPassword = /(:\/\/[^\s/:@"'<>]{0,256}:)[^\s"'<>]{1,1024}@/g;

/**
 * Makes a function that masks the given secrets, also where they are base64-encoded (alone or within
 * a longer text such as `user:secret`), percent-encoded or escaped in JSON, and the passwords in
 * URLs. Apply it before cutting a text: it would not find half a secret.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= shortestSecret).flatMap(spellings),
  );
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) =>
    maskPasswords(longestFirst.reduce((rest, form) => rest.replaceAll(form, mask), text));
}

function maskPasswords(text: string): string {
  return text.replace(urlPassword, `$1${mask}@`);
}

/** The redactors that all output of this process passes. */
const concealed = new Set<Redactor>();

/**
 * Keeps what a redactor masks out of everything that this process writes.
 *
 * @returns undoes that; call it when nothing uses the secrets any longer
 */
export function conceal(redact: Redactor): () => void {
  concealed.add(redact);
  return () => void concealed.delete(redact);
}

/** The last texts that {@link ownWords} saw, the newest last. */
const harmless = new Set<string>();

/** More texts than are being shown at any moment. */
const mostHarmless = 200;

/**
 * Marks a text as one of our own, whose quotations have been redacted already, so that
 * {@link withoutSecrets} leaves it unchanged: a token that is a common word (`wrong`, `token`) would make
 * our own sentences unreadable.
 *
 * @returns the text
 */
export function ownWords(text: string): string {
  harmless.delete(text);
  if (text !== "") harmless.add(text);
  const [oldest] = harmless;
  if (harmless.size > mostHarmless && oldest !== undefined) harmless.delete(oldest);
  return text;
}

/** A text without the secrets of this process. Everything that it prints or reports passes here. */
export function withoutSecrets(text: string): string {
  const own = [...harmless].filter((one) => text.includes(one)).sort((a, b) => b.length - a.length);
  return maskPasswords(maskedAround(own, text));
}

/** Masks secrets in what is before, between and after our own words. */
function maskedAround([own, ...shorter]: readonly string[], text: string): string {
  if (own === undefined) return [...concealed].reduce((rest, redact) => redact(rest), text);
  return text
    .split(own)
    .map((part) => maskedAround(shorter, part))
    .join(own);
}

function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    ...base64Cores(secret),
  ];
}

/**
 * The characters of a secret's base64 form that do not depend on what is before and after it, for each
 * of the three alignments, in both alphabets. Short cores would match by chance.
 */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const core = encoded.slice(start, end);
    const urlSafe = core.replaceAll("+", "-").replaceAll("/", "_");
    return core.length < 8 ? [] : [core, urlSafe];
  });
}

/** A copy of an error that may be shown: name, code and redacted message, and the same of its causes. */
export function redactError(error: unknown, redact: Redactor): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error)));
  const cause = error.cause === undefined ? undefined : redactError(error.cause, redact);
  const copy = new Error(redact(error.message), cause && { cause });
  copy.name = error.name;
  const code = errorCode(error);
  return code === undefined ? copy : Object.assign(copy, { code });
}

/** The `code` that Node.js and undici give their errors. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
