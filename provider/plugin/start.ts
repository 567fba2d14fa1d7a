import { join } from "node:path";
import { runCompiled } from "../process/code-cache";
import { isNodeNewEnough, nodeProblem } from "../process/node-version";
import { refuse } from "./refuse";

/*
 * How the plugin starts. The engine starts it several times per operation, so a start has to be quick.
 *
 * 1. The executable runs this file. Any Node.js can read it and what it imports, so that one that is too
 *    old for the plugin is told so: refuse.ts says it to the engine, if one started the plugin.
 * 2. code-cache.ts runs the bundle, main.js, from what V8 compiled of it in an earlier process.
 * 3. main.ts has serve.ts listen, and prints the port, which the engine reads from the first line.
 * 4. service.ts answers calls. What only some of them need is loaded by the first that does, since
 *    many processes answer one question and end.
 * 5. The first process of a version finds nothing compiled. As soon as it serves, it loads the
 *    rest too, and keeps the compiled code of everything for the processes to come. The first that
 *    carries out an operation keeps it again, with what the operation compiled.
 */
const program = "pulumi-resource-formations";
const problem = nodeProblem(program);
// The engine's address is the last argument.
const hasEngine = process.argv.slice(2).some((argument) => !argument.startsWith("-"));
if (problem !== undefined && hasEngine) refuse(problem);
else if (isNodeNewEnough(program)) start();

function start(): void {
  const file = join(__dirname, "main.js");
  const { exports, kept, keep } = runCompiled<typeof import("./main")>("plugin", file);
  if (kept === undefined) {
    exports.serving.then(() => {
      exports.loadRest();
      keep("started");
    });
  }
  if (kept !== "used") exports.used.then(() => keep("used"));
}
