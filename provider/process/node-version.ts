/*
 * Any Node.js can read this file, so that one which is too old for the rest is told so.
 */

/** The oldest Node.js that the provider runs on, as package.json's `engines` has it. */
const oldest = [22, 19] as const;

/**
 * Whether this Node.js is new enough; where it is not, says so.
 *
 * @param program what needs it, as its user knows it
 */
export function isNodeNewEnough(program: string): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return true;
  console.error(
    `${program} needs Node.js ${oldest.join(".")} or newer on PATH; this is ${process.versions.node} (${process.execPath}).`,
  );
  process.exitCode = 1;
  return false;
}
