import { providerService } from "./messages";
import { servePlugin } from "./serve";
import { createService } from "./service";

/** The engine's own address is the last argument. */
const engine = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));

/** Settles when the engine knows the port, or that there is none. */
export const serving = servePlugin(providerService, createService(engine));

export { loadRest, used } from "./service";
