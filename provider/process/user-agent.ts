import { packageVersion } from "./version";

/** `pulumi-formations/<version>`. */
export function userAgent(): string {
  return `pulumi-formations/${packageVersion()}`;
}
