import { AntflySimulator } from "../../../simulators/antfly.ts";
import { running } from "../kit/testing.ts";

/** A started simulator with the tables t1 (one document) and t2. */
export async function withTables(
  options: ConstructorParameters<typeof AntflySimulator>[0] = {},
): Promise<AntflySimulator> {
  const simulator = await running(new AntflySimulator(options));
  simulator.addTable("t1", { d1: { a: 1 } });
  simulator.addTable("t2");
  return simulator;
}

/**
 * Sends a request; text goes out as it is, anything else as JSON.
 * @returns `body` is the parsed JSON where it is some, else the text.
 */
export async function send(
  url: string,
  method: string,
  sent?: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  const body = typeof sent === "string" || sent === undefined ? sent : JSON.stringify(sent);
  const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
  const text = await response.text();
  const type = response.headers.get("content-type");
  const isJson = type?.startsWith("application/json") === true && text !== "";
  return {
    status: response.status,
    type,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

export type Answer = Awaited<ReturnType<typeof send>>;

/** Sends a request to the API port as the admin; the path without the dialect's base. */
export function call(
  simulator: AntflySimulator,
  method: string,
  path: string,
  sent?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const base = simulator.dialect === "0.2" ? "/db/v1" : "/api/v1";
  const headers = { authorization: `Bearer ${simulator.token}` };
  return send(`${simulator.url}${base}${path}`, method, sent, headers, signal);
}
