import { parentPort, workerData } from "node:worker_threads";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { addApps, type Shape } from "./contender.ts";

/*
 * The simulator in a thread of its own, for measurements whose client is in this process: neither then
 * waits for the other. Each message is answered with the requests since the one before.
 */

const akkeris = await new AkkerisSimulator().start();
akkeris.writeDelay = 0;
addApps(akkeris, workerData as Shape);
parentPort?.postMessage({ url: akkeris.url, token: akkeris.token });
parentPort?.on("message", () => {
  parentPort?.postMessage(akkeris.requests.length);
  akkeris.clearRequests();
});
