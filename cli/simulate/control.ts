import { openPool } from "../../provider/http/pool";
import { print } from "../../provider/process/output";
import type { ListedSystem, SimulationCommand } from "../../simulators/index.js";
import { printJson } from "../say";
import { SimulationFailed } from "./errors";
import { findControl } from "./folder";
import { listText } from "./output";

/** Shows what exists in the simulation that runs. */
export async function list({ json }: { json?: boolean }): Promise<void> {
  const systems = (await ask({ do: "list" })) as ListedSystem[];
  if (json) printJson(systems);
  else print(listText(systems));
}

/**
 * Has the simulation that runs carry a command out.
 *
 * @returns its answer
 * @throws SimulationFailed with its words, or if none can be reached
 */
export async function ask(command: SimulationCommand): Promise<unknown> {
  const { url, token } = findControl();
  // Its token goes to no proxy, which `fetch` may be told to use.
  const { request } = await import("undici");
  const dispatcher = await openPool(new URL(url), 1);
  try {
    const { statusCode, body } = await request(url, {
      ...{ dispatcher, method: "POST", body: JSON.stringify(command) },
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    }).catch((error: Error) => {
      throw new SimulationFailed(`The simulation at ${url} can't be reached: ${error.message}`);
    });
    const answer: unknown = await body.json();
    if (statusCode === 200) return answer;
    const { error } = answer as { error: string };
    throw new SimulationFailed(error.charAt(0).toUpperCase() + error.slice(1));
  } finally {
    await dispatcher.close();
  }
}
