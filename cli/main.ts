#!/usr/bin/env node
import { isNodeNewEnough } from "../provider/process/node-version";

// What follows, the libraries above all, is loaded only where it can run.
if (isNodeNewEnough("formations")) {
  const { run } = require("./program") as typeof import("./program");
  void run();
}
