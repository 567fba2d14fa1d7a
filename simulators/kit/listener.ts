import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";

/** A server on a port of 127.0.0.1, which may be closed and started again on the same port. */
export class HttpListener {
  /** How many connections were opened so far. */
  connections = 0;
  /** How many of them are open. */
  open = 0;
  /**
   * How long an idle connection is kept, in milliseconds, which the answers say too; 0: without end, and
   * they say nothing. By default longer than any client keeps one, so that the client closes it.
   * A change takes effect at the next start.
   */
  keepAliveTimeout = 120_000;
  private port: number;
  private server: Server | undefined;
  private reservation: Promise<Socket | undefined> | undefined;
  private readonly onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void;

  /** @param port 0 for a free one, which is kept for later starts. */
  constructor(
    onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
    port: number,
  ) {
    this.onRequest = onRequest;
    this.port = port;
  }

  /** `http://127.0.0.1:<port>`, without a trailing slash. Throws before the first start. */
  get url(): string {
    if (this.port === 0) throw new Error("the simulator has not been started: it has no port yet");
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    if (this.server !== undefined) throw new Error("the simulator is already started");
    await this.release();
    const server = createServer({ keepAliveTimeout: this.keepAliveTimeout }, this.onRequest);
    this.server = server;
    server.on("connection", (socket) => {
      this.connections += 1;
      this.open += 1;
      socket.once("close", () => {
        this.open -= 1;
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    }).catch((error: unknown) => {
      this.server = undefined;
      throw error;
    });
    const address = server.address();
    if (address !== null && typeof address === "object") this.port = address.port;
  }

  /**
   * Stops listening, and lets the answers that are under way go out. Further connections are refused:
   * the port is kept from other processes until the next start or close.
   */
  async refuse(): Promise<void> {
    // Before the port is free, or it might be given that very port.
    const anchor = await openAnchor();
    const server = this.server;
    this.server = undefined;
    // It closes idle connections too.
    server?.close();
    if (server) this.reservation = reserve(this.port, anchor);
    await this.reservation;
    anchor.close();
  }

  /** Stops listening and drops open connections. Closing twice is fine. */
  async close(): Promise<void> {
    await this.release();
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  private async release(): Promise<void> {
    const socket = await this.reservation;
    this.reservation = undefined;
    if (!socket) return;
    socket.destroy();
    await once(socket, "close");
  }
}

/** A server whose only use is that a client is connected to it. */
async function openAnchor(): Promise<TcpServer> {
  const anchor = createTcpServer((accepted) => accepted.unref()).listen(0, "127.0.0.1");
  await once(anchor, "listening");
  return anchor;
}

/**
 * Keeps a port from others while nobody listens on it: it is bound by the client's end of a connection.
 *
 * @returns undefined where the system does not allow that.
 */
async function reserve(localPort: number, anchor: TcpServer): Promise<Socket | undefined> {
  const { port } = anchor.address() as AddressInfo;
  const host = "127.0.0.1";
  const socket = connect({ host, port, localAddress: host, localPort });
  socket.unref();
  try {
    await once(socket, "connect");
    return socket;
  } catch {
    return undefined;
  }
}
