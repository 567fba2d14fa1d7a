/*
 * What the executable runs. Any Node.js can read this file, so that one which is too old for the
 * plugin is told so: nothing here may need a newer one before that is known.
 */
import { join } from "node:path";
import { isNodeNewEnough } from "../process/node-version";
import { runCompiled } from "./code-cache";

if (isNodeNewEnough("pulumi-resource-formations")) start();

/** A plugin starts several times an operation: what is compiled once is kept for the next times. */
function start(): void {
  const { exports, keep } = runCompiled<typeof import("./main")>(join(__dirname, "main.js"));
  if (!keep) return;
  exports.serving.then(() => {
    exports.loadRest();
    keep();
  });
}
