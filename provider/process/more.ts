import type { FormationsError } from "../errors";
import publication from "../schema/publication.json";

/** Codes whose reason is often in the set-up, which `formations doctor` checks; their entries say what it shows. */
const ofSetUp: ReadonlySet<string> = new Set([
  "UNAUTHORIZED",
  "FORBIDDEN",
  "NO_ANSWER",
  "BAD_ANSWER",
  "INVALID_URL",
  "CONFIGURATION",
  "RATE_LIMITED",
  "PULUMI_FAILED",
  "PULUMI_TOO_OLD",
]);

/**
 * Where to read more about an error, for the last line of its message: the page of its code on the site or,
 * as long as there is no site, the command that shows the same text.
 *
 * @param code the error's {@link FormationsError.topic}
 * @param site the site's address. Default: the publisher's, in `publication.json`
 */
export function moreAbout(code: string, site: string | null = publication.site): string {
  const page = site?.replace(/\/*$/, `/errors/${code.toLowerCase()}/`);
  const check = ofSetUp.has(code) ? " (`formations doctor` checks your set-up)" : "";
  return `More: ${page ?? `formations help ${code}`}${check}`;
}

/** The message of an error as a person gets it: nothing follows it. One that quotes another leads on already. */
export function toldInFull({ message, topic }: Pick<FormationsError, "message" | "topic">): string {
  return /^More: /m.test(message) ? message : `${message}\n${moreAbout(topic)}`;
}

/** A message as it was before {@link toldInFull}, for what explains it in a place of its own. */
export function withoutMore(message: string): string {
  return message.replace(/\n\s*More: .*\s*$/, "");
}
