import { endWithEngine } from "../process/end-with-engine";
import { complain } from "../process/output";
import { serve } from "./serve";

// A stray failure must not end the creations that other calls are waiting for.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error: unknown) => {
    complain(`pulumi-formations: ${error instanceof Error ? error.message : error}`);
  });
}

endWithEngine();

/**
 * Settles when the engine knows the port, which it reads from the first line, or that there is none.
 * The engine's own address is the last argument.
 */
export const serving = serve(
  process.argv.slice(2).findLast((argument) => !argument.startsWith("-")),
).then(
  (port) => console.log(port),
  (error: unknown) => {
    complain(`pulumi-formations could not start: ${error}`);
    process.exitCode = 1;
  },
);

export { loadRest } from "./service";
