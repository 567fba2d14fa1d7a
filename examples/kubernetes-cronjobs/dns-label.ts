import { createHash } from "node:crypto";

/** A CronJob's name has 52 characters at most: its Jobs add 11 to it, and a label has 63. */
const longest = 52;

/**
 * A name that Kubernetes accepts for a CronJob: lower-case letters, digits and hyphens. A name that has
 * to change for that gets a hash, so that no two names become the same.
 */
export function dnsLabel(name: string): string {
  if (name.length <= longest && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const start = letters.replace(/^[^a-z]+/, "").slice(0, longest - 1 - hash.length);
  return `${start.replace(/-$/, "") || "backups"}-${hash}`;
}
