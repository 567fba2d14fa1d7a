#!/usr/bin/env node
import { isNodeNewEnough } from "../provider/process/node-version";
import { reportOldNode } from "./doctor/old-node";

const args = process.argv.slice(2);
const isReported = args[0] === "doctor" && reportOldNode(args);

// What follows, the libraries above all, is loaded only where it can run.
if (!isReported && isNodeNewEnough("formations")) {
  const { guardOutput, run } = require("./program") as typeof import("./program");
  guardOutput();
  void run();
}
