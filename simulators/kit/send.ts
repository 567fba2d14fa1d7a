import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultKind } from "./fault.ts";
import type { SimAnswer } from "./route.ts";

/** A status, headers and the bytes to send. */
interface Rendered {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>";

function render(answer: SimAnswer): Rendered {
  const headers: Record<string, string> = {};
  let text = "";
  if (typeof answer.body === "string") {
    headers["content-type"] = "text/plain; charset=utf-8";
    text = answer.body;
  } else if (answer.body !== undefined) {
    headers["content-type"] = "application/json";
    text = JSON.stringify(answer.body);
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  return { status: answer.status, headers, body: Buffer.from(text) };
}

function write(
  outgoing: ServerResponse,
  { status, headers, body }: Rendered,
  length: number,
): void {
  // 204 and 304 have no body, so no length either.
  const framing = status === 204 || status === 304 ? {} : { "content-length": String(length) };
  outgoing.writeHead(status, { ...headers, ...framing });
  outgoing.write(body);
}

/** Sends an answer whole. */
export function send(outgoing: ServerResponse, answer: SimAnswer): number {
  const rendered = render(answer);
  write(outgoing, rendered, rendered.body.length);
  outgoing.end();
  return rendered.status;
}

/**
 * Answers with a fault.
 * @param answer the server's own answer where the request was applied.
 * @returns the status sent, or "dropped" where no answer began.
 */
export function sendFault(
  outgoing: ServerResponse,
  kind: Exclude<FaultKind, { type: "status" | "departure" | "delay" }>,
  answer: SimAnswer,
): number | "dropped" {
  switch (kind.type) {
    case "reset":
      outgoing.socket?.resetAndDestroy();
      return "dropped";
    case "hang":
      return "dropped";
    case "html":
      return send(outgoing, {
        status: kind.status ?? 200,
        headers: { "content-type": "text/html; charset=utf-8" },
        body: page,
      });
    case "redirect":
      return send(outgoing, { status: kind.status ?? 302, headers: { location: kind.location } });
    case "empty":
      return send(outgoing, { status: kind.status ?? 200 });
    default:
      return sendBroken(outgoing, kind, render(answer));
  }
}

function sendBroken(
  outgoing: ServerResponse,
  kind: Extract<FaultKind, { type: "cutJson" | "truncated" | "slowBody" | "endlessBody" }>,
  answer: Rendered,
): number {
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  switch (kind.type) {
    case "cutJson":
      write(outgoing, { ...answer, body: half }, half.length);
      outgoing.end();
      break;
    case "truncated":
      outgoing.writeHead(answer.status, {
        ...answer.headers,
        // One more than there is, so that an answer without a body is truncated too.
        "content-length": String(answer.body.length + 1),
      });
      outgoing.flushHeaders();
      outgoing.write(half);
      setTimeout(() => outgoing.destroy(), 5);
      break;
    case "slowBody":
      void dribble(outgoing, answer, kind.bytesPerSecond);
      break;
    case "endlessBody":
      pour(outgoing, answer);
      break;
  }
  return answer.status;
}

async function dribble(
  outgoing: ServerResponse,
  { status, headers, body }: Rendered,
  bytesPerSecond: number,
): Promise<void> {
  outgoing.writeHead(status, { ...headers, "content-length": String(body.length) });
  outgoing.flushHeaders();
  const step = Math.max(1, Math.round(bytesPerSecond / 10));
  for (let sent = 0; sent < body.length && !outgoing.destroyed; sent += step) {
    outgoing.write(body.subarray(sent, sent + step));
    await delay((step / bytesPerSecond) * 1000, undefined, { ref: false });
  }
  outgoing.end();
}

function pour(outgoing: ServerResponse, { status, headers }: Rendered): void {
  outgoing.writeHead(status, headers);
  outgoing.write('{"padding":"');
  const chunk = Buffer.alloc(64 * 1024, "x");
  const more = (): void => {
    while (!outgoing.destroyed && outgoing.write(chunk)) {
      // Until the client's window is full; "drain" goes on.
    }
  };
  outgoing.on("drain", more);
  more();
}
