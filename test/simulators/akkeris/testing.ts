import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { running } from "../kit/testing.ts";

/** A simulator with the app foo-default, whose space has these tags. */
export async function withApp(tags = ""): Promise<AkkerisSimulator> {
  const simulator = await running(new AkkerisSimulator());
  simulator.addApp("foo-default", { tags });
  return simulator;
}

/**
 * Sends a request with the simulator's token. Text goes out as it is, anything else as JSON.
 * @returns `body` is the parsed answer, undefined for a refusal.
 */
export async function call(
  simulator: AkkerisSimulator,
  method: string,
  path: string,
  sent?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${simulator.token}`, ...headers },
    body: typeof sent === "string" || sent === undefined ? sent : JSON.stringify(sent),
  });
  const text = await response.text();
  const type = response.headers.get("content-type");
  return { status: response.status, type, text, body: response.ok ? JSON.parse(text) : undefined };
}

/** The path of foo-default's formations. */
export const list = "/apps/foo-default/formation";
/** Bodies of a POST. */
export const web = { type: "web", size: "gp2", quantity: 1 };
export const worker = { type: "worker", size: "gp2", quantity: 1, command: "node worker.js" };
