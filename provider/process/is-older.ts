/*
 * Any Node.js can run this file, so that one that is too old for the rest can say so.
 */

/**
 * Whether a version, such as `3.259.0`, is older than another. One in another form counts as new enough.
 *
 * @param oldest its major and minor part
 */
export function isOlder(version: string, oldest: readonly [major: number, minor: number]): boolean {
  const found = /^v?(\d+)\.(\d+)\./.exec(version);
  if (found === null) return false;
  const [, major, minor] = found;
  if (Number(major) !== oldest[0]) return Number(major) < oldest[0];
  return Number(minor) < oldest[1];
}
