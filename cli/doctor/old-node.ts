import { nodeProblem } from "../../provider/process/node-version";

/*
 * Any Node.js can run this file, so that one that is too old for the rest can say so.
 */

/**
 * Says what is wrong where this Node.js is too old for everything else: the report has this check alone.
 *
 * @returns whether it is too old
 */
export function reportOldNode(args: readonly string[]): boolean {
  const found = nodeProblem("formations");
  if (found === undefined) return false;
  const summary = `Problem: ${found}`;
  const checks = [{ id: "node", about: "Tools", status: "problem", found }];
  const document = { version: 1, status: "problem", summary, checks, requests: [] };
  console.log(args.includes("--json") ? JSON.stringify(document, undefined, 2) : summary);
  process.exitCode = 2;
  return true;
}
