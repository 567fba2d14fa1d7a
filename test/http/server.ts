import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a request looked like when it arrived. */
export interface Arrival {
  method: string | undefined;
  /** Path and query, as sent. */
  url: string | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A server of one test: it answers as told and remembers what it was asked. */
export interface TestServer {
  url: string;
  port: number;
  arrivals: Arrival[];
}

/** Answers a request; `count` is 1 for the first. */
export type Answerer = (
  response: ServerResponse,
  arrival: Arrival,
  count: number,
) => unknown | Promise<unknown>;

/** Starts a server on a free port of 127.0.0.1. It ends with the test, its open connections too. */
export async function startServer(answer: Answerer): Promise<TestServer> {
  const arrivals: Arrival[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    const arrival = { method, url, headers, body: Buffer.concat(chunks).toString() };
    const count = arrivals.push(arrival);
    await answer(response, arrival, count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, arrivals };
}

/** Answers with a status and a body; objects become JSON. */
export function reply(
  response: ServerResponse,
  status: number,
  body: string | object = "",
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers);
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
