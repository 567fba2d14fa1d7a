import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { SimulatedClock } from "./clock.ts";
import { type Fault, FaultBook, isApplied, matches } from "./fault.ts";
import { HttpListener } from "./listener.ts";
import { readRequest } from "./receive.ts";
import {
  findRoute,
  type Route,
  type RouteMatch,
  type SimAnswer,
  type SimRequest,
} from "./route.ts";
import { send, sendFault } from "./send.ts";

/** One request that came, in the order of arrival. */
export interface RecordedRequest {
  /** Simulated milliseconds since the epoch. */
  at: number;
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The parsed JSON; the raw text where it is none; undefined without a body. */
  body: unknown;
  /** "dropped" until an answer has begun, and for good where none did. */
  status: number | "dropped";
  /** Which of the simulator's ports it came to: "api" unless the simulator has more. */
  listener: string;
}

/** What every simulator can be told. */
export interface SimulatorOptions {
  /** Simulated seconds in a real one (1). */
  speed?: number;
  /** The credential that it accepts; a recognisable one by default. */
  token?: string;
  /** 0, the default, takes a free one. */
  port?: number;
}

/**
 * A real HTTP server that stands for one of the APIs: records what comes, strikes faults ordered,
 * and answers from a table of routes. Subclasses say the routes and how the API refuses.
 */
export abstract class Simulator {
  readonly clock: SimulatedClock;
  /** The credential that it accepts. */
  token: string;
  requests: RecordedRequest[] = [];
  /** Requests that no correct client sends: unknown routes, missing credentials and the like. */
  readonly unexpected: string[] = [];
  /** Real milliseconds by which each answer is delayed, after the request has taken effect. */
  latency = 0;
  /** Simulated seconds from a creation in which a read of what was created does not find it (0). */
  detailsLagSeconds = 0;
  /** Simulated seconds from a creation in which lists leave out what was created (0). */
  listLagSeconds = 0;
  /** Seconds by which the server's clock is ahead of the machine's, as its Date header tells it (0). */
  clockOffsetSeconds = 0;
  /** Whether Retry-After is a date, by the server's clock, rather than seconds. */
  retryAfterIsDate = false;
  /** Told of each request once its answer has begun or was dropped. */
  onAnswer: ((request: RecordedRequest) => void) | undefined;

  /** Faults that strike whichever of several simulators a request comes to; its own strike first. */
  sharedFaults: FaultBook | undefined;

  private readonly faults = new FaultBook();
  /** When a client created what it asked for, by ID: simulated milliseconds. */
  private readonly bornAt = new Map<string, number>();
  private readonly listener: HttpListener;

  constructor(options: SimulatorOptions, defaultToken: string) {
    this.clock = new SimulatedClock(options.speed);
    this.token = options.token ?? defaultToken;
    this.listener = this.createListener("api", options.port ?? 0, () => this.routes());
  }

  /** `http://127.0.0.1:<port>`, without a trailing slash; the same after a restart. */
  get url(): string {
    return this.listener.url;
  }

  /** How many connections were opened so far. */
  get connectionsOpened(): number {
    return this.listener.connections;
  }

  /** How many connections are open. */
  get connectionsOpen(): number {
    return this.listener.open;
  }

  /** See {@link HttpListener.keepAliveTimeout}. */
  set keepAliveTimeout(milliseconds: number) {
    this.listener.keepAliveTimeout = milliseconds;
  }

  /** Binds the port. After `close` it may be started again, on the same port and with its world kept. */
  async start(): Promise<this> {
    await this.listener.start();
    return this;
  }

  /** Stops listening: connections are refused until it is started again, on the same port. */
  async refuse(): Promise<void> {
    await this.listener.refuse();
  }

  /** Stops listening, drops open connections and gives the port free. */
  async close(): Promise<void> {
    await this.listener.close();
  }

  /** Orders a fault; faults strike in the order in which they were ordered. */
  order(fault: Fault): void {
    this.faults.order(fault);
  }

  /** The faults ordered that never struck. */
  faultsLeft(): Fault[] {
    return this.faults.left();
  }

  clearFaults(): void {
    this.faults.clear();
  }

  clearRequests(): void {
    this.requests = [];
  }

  /** How many recorded requests have this method and path (equal, or matched). */
  count(method?: string, path?: string | RegExp): number {
    return this.requests.filter((request) => matches(request, method, path)).length;
  }

  /** The API's routes. Asked at each request, so it may depend on the simulator's settings. */
  protected abstract routes(): Route[];

  /**
   * The answer that refuses a request for its credential, or undefined to let it pass. Not asked for
   * public routes; asked for unmatched paths too.
   */
  protected abstract authorize(request: SimRequest, match: RouteMatch): SimAnswer | undefined;

  /** The answer where no route matches; `match.allowed` has the methods of a path that exists. */
  protected abstract notFound(request: SimRequest, match: RouteMatch): SimAnswer;

  /** Adds what every answer of the API bears (a request ID, say), faults of type status included. */
  protected decorate(answer: SimAnswer, _request: SimRequest): SimAnswer {
    return answer;
  }

  /** Notes what a client has created: for a while, reads and lists may not show it. */
  protected bear(id: string): void {
    this.bornAt.set(id, this.clock.now());
  }

  /** Whether a read, or a list, does not show yet what was created. */
  protected isUnseen(id: string, by: "read" | "list"): boolean {
    const lag = by === "read" ? this.detailsLagSeconds : this.listLagSeconds;
    const born = this.bornAt.get(id);
    return born !== undefined && this.clock.now() - born < lag * 1000;
  }

  /** Retry-After for so many simulated seconds. */
  protected retryAfterIn(seconds: number): string {
    const real = this.clock.realSeconds(seconds);
    return this.retryAfterIsDate ? this.serverDate(real) : String(real);
  }

  /** The server's time, so many seconds from now, as HTTP writes it. */
  private serverDate(seconds = 0): string {
    return new Date(Date.now() + (this.clockOffsetSeconds + seconds) * 1000).toUTCString();
  }

  /** Carries a request out: credential, route, handler, latency. Override to wrap it. */
  protected async carryOut(request: SimRequest, match: RouteMatch): Promise<SimAnswer> {
    const refusal = match.route?.isPublic ? undefined : this.authorize(request, match);
    let answer: SimAnswer;
    if (refusal !== undefined) {
      answer = refusal;
    } else if (match.route === undefined) {
      this.unexpected.push(`${request.method} ${request.path}: no such route`);
      answer = this.notFound(request, match);
    } else {
      answer = await match.route.handler(request);
    }
    if (this.latency > 0) await delay(this.latency, undefined, { ref: false });
    return answer;
  }

  /** Another port of this simulator, recorded and struck by faults like the first. Not started yet. */
  protected createListener(name: string, port: number, routes: () => Route[]): HttpListener {
    return new HttpListener((incoming, outgoing) => {
      this.serve(incoming, outgoing, name, routes).catch((error: unknown) => {
        this.unexpected.push(`${incoming.method} ${incoming.url}: the simulator failed: ${error}`);
        outgoing.destroy();
      });
    }, port);
  }

  private async serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    listener: string,
    routes: () => Route[],
  ): Promise<void> {
    const request = await readRequest(incoming, outgoing, listener);
    if (request === undefined) return;
    const record: RecordedRequest = {
      at: this.clock.now(),
      method: request.method,
      path: request.path,
      query: Object.fromEntries(request.query),
      headers: request.headers,
      body: request.body,
      status: "dropped",
      listener,
    };
    this.requests.push(record);
    const fault = this.faults.strike(request) ?? this.sharedFaults?.strike(request);
    let answer: SimAnswer = { status: 500 };
    if (fault === undefined || isApplied(fault)) {
      const match = findRoute(routes(), request.method, request.rawPath);
      request.params = match.params;
      answer = this.decorate(await this.carryOut(request, match), request);
    } else if (this.latency > 0) {
      await delay(this.latency, undefined, { ref: false });
    }
    if (fault?.type === "delay") await delay(fault.milliseconds, undefined, { ref: false });
    if (!outgoing.destroyed) {
      outgoing.setHeader("date", this.serverDate());
      if (fault === undefined || fault.type === "delay") {
        record.status = send(outgoing, answer);
      } else if (fault.type === "status") {
        const { status, headers, body } = fault;
        record.status = send(outgoing, this.decorate({ status, headers, body }, request));
      } else if (fault.type === "departure") {
        await this.listener.refuse();
        const headers = { ...answer.headers, connection: "close" };
        record.status = send(outgoing, { ...answer, headers });
      } else {
        record.status = sendFault(outgoing, fault, answer);
      }
    }
    this.onAnswer?.(record);
  }
}
