import { constants } from "node:os";
import { Stage } from "./stage.ts";
import { story } from "./story.ts";

/** `npm run demo`: the example's dev stack on the real engine and simulated systems, start to end. */

const stage = new Stage();
let signal: NodeJS.Signals | undefined;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // A second signal ends the process at once.
  process.once(name, () => {
    signal = name;
    console.log("\nInterrupted: stopping what is running.");
    void stage.close();
  });
}

try {
  await story(stage);
} catch (error) {
  if (signal === undefined) console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await stage.close();
}
// As a shell reports that a signal ended a command.
if (signal !== undefined) process.exitCode = 128 + constants.signals[signal];
