import "../requirements";
import { join } from "node:path";
import { runCompiled } from "../../provider/process/code-cache";

/*
 * What the modules of the resources load, in Pulumi's dynamic provider process: the service, from the code
 * that V8 compiled of it in an earlier process. The engine starts two such processes for an update.
 */
const file = join(__dirname, "service.js");
const { exports: service, kept, keep } = runCompiled<typeof import("./service")>("classes", file);
if (kept !== "used") service.used.then(() => keep("used"));

export = service;
