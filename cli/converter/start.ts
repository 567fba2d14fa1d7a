#!/usr/bin/env node
import { isNodeNewEnough } from "../../provider/process/node-version";

// Any Node.js can run this file. Unlike that of a provider, the engine shows the error output of a converter
// that just ends. An import starts it once, so its compiled code is not kept either.
if (isNodeNewEnough("pulumi-converter-formations")) require("./main");
