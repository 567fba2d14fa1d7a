#!/usr/bin/env node
import { join } from "node:path";
import { runCompiled } from "../provider/process/code-cache";
import { isNodeNewEnough } from "../provider/process/node-version";

// The bundle, which no Node.js that is too old can run, with what V8 compiled of it in an earlier process.
if (isNodeNewEnough("formations")) {
  const bundle = join(__dirname, "..", "command", "program.js");
  const { exports, keep } = runCompiled<typeof import("./program")>(bundle);
  if (keep) process.once("exit", keep);
  void exports.run();
}
