import type { ServerHttp2Stream } from "node:http2";
import { endWithEngine } from "../process/end-with-engine";

// A start that succeeds does without it.
const http2 = (): typeof import("node:http2") => require("node:http2");

/** Calls that an engine does without where a plugin lacks them. */
const optional = /\/(Handshake|Attach|Cancel)$/;

/** The statuses of gRPC, by their numbers. */
const statuses = { ok: 0, failedPrecondition: 9, unimplemented: 12 };

const contentType = { "content-type": "application/grpc" };

/**
 * Serves nothing but the reason why nothing is served. The engine shows it as the error of the provider;
 * of a plugin that just ends, it would say that this is always a bug of the plugin. Any Node.js can run
 * this: gRPC is HTTP/2, and an error has no message.
 */
export function refuse(reason: string): void {
  endWithEngine();
  const server = http2().createServer();
  server.on("stream", (stream, { ":path": path = "" }) => {
    // The engine may be gone before it has the response.
    stream.on("error", () => {});
    if (optional.test(path)) fail(stream, statuses.unimplemented, reason);
    // The engine asks for it before anything that a user asked for.
    else if (path.endsWith("/GetPluginInfo")) respondEmpty(stream);
    else fail(stream, statuses.failedPrecondition, reason);
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") console.log(address.port);
  });
}

function fail(stream: ServerHttp2Stream, status: number, reason: string): void {
  const outcome = { "grpc-status": status, "grpc-message": encodeURI(reason) };
  stream.respond({ ...contentType, ...outcome }, { endStream: true });
}

/** A message without fields: not compressed, of length zero. */
function respondEmpty(stream: ServerHttp2Stream): void {
  stream.respond(contentType, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": statuses.ok }));
  stream.end(Buffer.alloc(5));
}
