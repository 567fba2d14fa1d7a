import { FormationsError } from "../errors";
import { isOlder } from "./is-older";

/** The oldest Pulumi that the provider supports: tests run on this engine, and on the newest one. */
const oldest = [3, 259] as const;

/** The same for people: `3.259`. */
export const oldestPulumi = oldest.join(".");

/** The same as a range in Pulumi's terms; versions before a release count as that release. */
export const supportedRange = `>=${oldestPulumi}.0-0`;

const howTo = "Install a newer one: https://www.pulumi.com/docs/install/.";

/** Pulumi's engine is older than the oldest that the provider supports. Nothing was sent. */
export class PulumiTooOld extends FormationsError {
  readonly code = "PULUMI_TOO_OLD";

  /** @param found its version; undefined: too old to say so */
  constructor(found: string | undefined) {
    const is = found === undefined ? "this one is older" : `this is ${found}`;
    super(`pulumi-formations needs Pulumi ${oldestPulumi} or newer; ${is}. ${howTo}`);
  }
}

/** Whether a version of Pulumi is too old. One in another form counts as new enough. */
export function isTooOld(version: string): boolean {
  return isOlder(version, oldest);
}
