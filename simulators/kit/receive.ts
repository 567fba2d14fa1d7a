import type { IncomingMessage, ServerResponse } from "node:http";
import { decodePath, type SimRequest } from "./route.ts";

/** Reads a request whole; undefined where the client left in the middle of it. */
export async function readRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  listener: string,
): Promise<SimRequest | undefined> {
  const aborter = new AbortController();
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) aborter.abort();
  });
  outgoing.on("error", () => aborter.abort());
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  } catch {
    return undefined;
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: incoming.method ?? "GET",
    path: decodePath(rawPath),
    rawPath,
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)),
    headers,
    params: {},
    text,
    ...parseBody(text),
    listener,
    signal: aborter.signal,
  };
}

function parseBody(text: string): { body: unknown; isJson: boolean } {
  if (text === "") return { body: undefined, isJson: false };
  try {
    return { body: JSON.parse(text), isJson: true };
  } catch {
    return { body: text, isJson: false };
  }
}
