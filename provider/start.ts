/*
 * What the executable runs. Any Node.js can read this file, so that one which is too old for the
 * plugin is told so: nothing here may need a newer one before that is known.
 */
import { join } from "node:path";
import { runCompiled } from "./code-cache";

/** The oldest Node.js that the provider runs on, as package.json's `engines` has it. */
const oldest = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `pulumi-resource-formations needs Node.js ${oldest.join(".")} or newer on PATH; this is ${process.versions.node} (${process.execPath}).`,
  );
  process.exitCode = 1;
} else {
  start();
}

/** A plugin starts several times an operation: what is compiled once is kept for the next times. */
function start(): void {
  const { exports, keep } = runCompiled<typeof import("./main")>(join(__dirname, "main.js"));
  if (!keep) return;
  exports.serving.then(() => {
    exports.loadRest();
    keep();
  });
}
