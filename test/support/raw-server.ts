import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server of one test that sends bytes of its own making, HTTP or not. */
export interface RawServer {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** The head of each request that came. */
  heads: string[];
}

/** Starts one on a free port; `answer` is called at the end of each request's head. */
export async function startRawServer(answer: (socket: Socket) => void): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that leaves in the middle is what these tests are about.
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      heads.push(bytes.toString("latin1"));
      answer(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, heads };
}

/** Sends a piece again and again, as fast as the client reads, until it leaves. */
export function pour(socket: Socket, piece: string): void {
  const chunk = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
  const more = () => {
    while (!socket.destroyed) if (!socket.write(chunk)) return void socket.once("drain", more);
  };
  more();
}
