import { isOlder } from "./is-older";

/*
 * Any Node.js can run this file, so that one that is too old for the rest can say so.
 */

/** The oldest Node.js that the provider runs on, as package.json's `engines` has it. */
const oldest = [22, 19] as const;

/** The same for people: `22.19`. */
export const oldestNode = oldest.join(".");

/** Whether a version of Node.js, such as `v20.1.0`, is too old. */
export function isNodeTooOld(version: string): boolean {
  return isOlder(version, oldest);
}

/**
 * Why this Node.js can't run a program; undefined: it is new enough.
 *
 * @param program the name that the message begins with
 */
export function nodeProblem(program: string): string | undefined {
  if (!isNodeTooOld(process.versions.node)) return undefined;
  return `${program} needs Node.js ${oldestNode} or newer on PATH; this is ${process.versions.node} (${process.execPath}).`;
}

/**
 * Whether this Node.js is new enough. Where it is not, prints so and sets the exit code.
 *
 * @param program the name that the message begins with
 */
export function isNodeNewEnough(program: string): boolean {
  const problem = nodeProblem(program);
  if (problem === undefined) return true;
  console.error(problem);
  process.exitCode = 1;
  return false;
}
