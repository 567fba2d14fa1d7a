import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { DiagnosticsChannel } from "undici";
import type { SentRequest } from "./model";

type Created = DiagnosticsChannel.RequestCreateMessage["request"];

/**
 * Notes every request that reaches the network, from every client: undici reports them all on channels
 * of Node.js.
 */
export class RequestLog {
  /** In the order in which they were sent. */
  readonly all: SentRequest[] = [];
  readonly #listeners = new AsyncLocalStorage<SentRequest[]>();
  readonly #known = new WeakMap<object, { sent: SentRequest; listener?: SentRequest[] }>();

  /** Begins to note them. @returns ends it */
  start(): () => void {
    const channels = [
      ["undici:request:create", this.#created],
      ["undici:client:sendHeaders", this.#sent],
      ["undici:request:headers", this.#answered],
    ] as const;
    for (const [name, note] of channels) subscribe(name, note);
    return () => {
      for (const [name, note] of channels) unsubscribe(name, note);
    };
  }

  /** Does some work, and says which requests it sent. */
  async during<T>(work: (sent: readonly SentRequest[]) => Promise<T>): Promise<T> {
    const sent: SentRequest[] = [];
    return this.#listeners.run(sent, () => work(sent));
  }

  readonly #created = (message: unknown) => {
    const { request } = message as DiagnosticsChannel.RequestCreateMessage;
    // A tunnel through a proxy is not a request to the server.
    if (request.method === "CONNECT") return;
    const sent = { method: request.method ?? "GET", url: urlOf(request) };
    this.#known.set(request, { sent, listener: this.#listeners.getStore() });
  };

  readonly #sent = (message: unknown) => {
    const { request } = message as DiagnosticsChannel.ClientSendHeadersMessage;
    const known = this.#known.get(request);
    if (!known) return;
    this.all.push(known.sent);
    known.listener?.push(known.sent);
  };

  readonly #answered = (message: unknown) => {
    const { request, response } = message as DiagnosticsChannel.RequestHeadersMessage;
    const known = this.#known.get(request);
    if (!known) return;
    known.sent.status = response.statusCode;
    const serverTime = Date.parse(String(dateIn(response.headers)));
    if (!Number.isNaN(serverTime)) known.sent.skewMs = serverTime - Date.now();
  };
}

function urlOf({ origin = "", path }: Created): string {
  const [withoutQuery = ""] = path.split("?");
  return `${typeof origin === "string" ? origin : origin.origin}${withoutQuery}`;
}

/** The header Date: undici hands over names and values in turn, or an object. */
function dateIn(headers: DiagnosticsChannel.RequestHeadersMessage["response"]["headers"]) {
  if (!Array.isArray(headers)) return headers.date;
  const at = headers.findIndex((one, index) => index % 2 === 0 && /^date$/i.test(one.toString()));
  return at < 0 ? undefined : headers[at + 1]?.toString();
}
