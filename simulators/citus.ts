import { z } from "zod";
import {
  creation,
  creationKeys,
  newFormation,
  type SimFormation,
  type TuneAttributes,
} from "./citus/formation.ts";
import { RateWindow } from "./kit/rate.ts";
import type { Route, RouteMatch, SimAnswer, SimRequest } from "./kit/route.ts";
import { Simulator, type SimulatorOptions } from "./kit/simulator.ts";

export type { SimFormation, TuneAttributes } from "./citus/formation.ts";

/** What the Citus simulator can be told; each is a public field too. */
export interface CitusOptions extends SimulatorOptions {
  /** Simulated seconds from creation to steady (300): half of them creating, half converging. */
  provisioningSeconds?: number;
  /** Requests let through in a simulated minute (5); Infinity lifts the limit. */
  requestsPerMinute?: number;
}

/** The console's own 404, for a path that it doesn't know; an unknown formation gets JSON. */
const notFoundPage =
  "<!DOCTYPE html><html><body><h1>The page you were looking for doesn't exist.</h1></body></html>";

/**
 * Citus Cloud's Formation API: four calls, no update, five requests per minute.
 * Where the published page is silent (statuses, error bodies, database_url while creating), it
 * answers as a strict web service would.
 */
export class CitusSimulator extends Simulator {
  provisioningSeconds: number;
  requestsPerMinute: number;
  /** The same as `provisioningSeconds` for one formation. Default: that for all of them. */
  provisioningSecondsOf: ((formation: SimFormation) => number) | undefined;
  /** Simulated seconds from DELETE to archived. */
  archivingSeconds = 60;
  /** Whether a 429 says how long to wait. */
  retryAfter = true;
  /** Whether the list goes on showing archived formations. */
  listsArchived = true;
  /** Whether GET of an archived formation still answers it (state archived); else 404. */
  answersArchived = true;
  /** Where provisioning ends: "steady", or "ready". */
  restingState = "steady";

  private readonly world = new Map<string, SimFormation>();
  /** When the formation entered its present phase, in simulated milliseconds; absent: resting. */
  private readonly since = new Map<string, number>();
  private readonly window = new RateWindow();

  constructor(options: CitusOptions = {}) {
    super(options, "citus-token-7f3a91c2d4e85b60");
    this.provisioningSeconds = options.provisioningSeconds ?? 300;
    this.requestsPerMinute = options.requestsPerMinute ?? 5;
  }

  /** The API's base: `http://127.0.0.1:<port>/api/v1`. */
  override get url(): string {
    return `${super.url}/api/v1`;
  }

  /** All formations by ID, archived ones included, as they are now. */
  get formations(): Map<string, SimFormation> {
    for (const formation of this.world.values()) this.settle(formation);
    return this.world;
  }

  /**
   * Adds a steady formation that no client created.
   * @param partial what differs from a small one named "formation" in us-east-1.
   */
  addFormation(
    partial: Partial<Omit<SimFormation, "tune_attributes">> & {
      tune_attributes?: Partial<TuneAttributes>;
    } = {},
  ): SimFormation {
    const asked = creation.parse({
      name: "formation",
      region: "us-east-1",
      tune_attributes: {
        coordinator_tune: "t2.small",
        worker_tune: "t2.small",
        coordinator_disk_size: 100,
        worker_disk_size: 100,
        worker_count: 2,
      },
    });
    const base = newFormation(asked, this.second());
    const formation: SimFormation = {
      ...base,
      state: this.restingState,
      ...partial,
      tune_attributes: { ...base.tune_attributes, ...partial.tune_attributes },
    };
    this.world.set(formation.id, formation);
    return formation;
  }

  /** Resizes in place, as only the web console can: drift. */
  resize(id: string, change: Partial<TuneAttributes>): void {
    Object.assign(this.known(id).tune_attributes, change);
  }

  /** Archives at once, outside the API. */
  archive(id: string): void {
    this.setState(id, "archived");
  }

  /** Puts a formation into a state, where it stays. */
  setState(id: string, state: string): void {
    this.known(id).state = state;
    this.since.delete(id);
  }

  protected routes(): Route[] {
    const item = "/api/v1/formations/:id";
    return [
      { method: "POST", path: "/api/v1/formations/", handler: (request) => this.create(request) },
      { method: "GET", path: "/api/v1/formations/", handler: () => this.list() },
      { method: "GET", path: item, handler: (request) => this.get(request) },
      { method: "DELETE", path: item, handler: (request) => this.destroy(request) },
    ];
  }

  protected authorize(request: SimRequest, _match: RouteMatch): SimAnswer | undefined {
    const sent = request.headers.authorization;
    if (sent !== `Token ${this.token}`) {
      if (!sent?.startsWith("Token ")) {
        this.unexpected.push(`${request.method} ${request.path}: no "Authorization: Token …"`);
      }
      return refuse(401, "Invalid token.");
    }
    const wait = this.window.take(this.clock.now(), this.requestsPerMinute);
    if (wait === undefined) return undefined;
    return {
      ...refuse(429, `Request limit of ${this.requestsPerMinute} per minute exceeded.`),
      headers: this.retryAfter ? { "retry-after": this.retryAfterIn(wait) } : {},
    };
  }

  protected notFound(_request: SimRequest, match: RouteMatch): SimAnswer {
    if (match.allowed.length > 0) {
      return {
        ...refuse(405, "Method not allowed."),
        headers: { allow: match.allowed.join(", ") },
      };
    }
    return { status: 404, headers: { "content-type": "text/html" }, body: notFoundPage };
  }

  private create(request: SimRequest): SimAnswer {
    if (!request.headers["content-type"]?.startsWith("application/json")) {
      this.unexpected.push("POST /api/v1/formations/: Content-Type is not application/json");
      return refuse(415, "Content-Type must be application/json.");
    }
    if (!request.isJson) return refuse(400, "The body is not JSON.");
    const parsed = creation.safeParse(request.body);
    if (!parsed.success) {
      const issues = parsed.error.issues.map(
        (issue) => `${issue.path.join(".")}: ${issue.message}`,
      );
      return refuse(400, issues.join("; "));
    }
    this.noteUnknownKeys(request.body);
    const formation = newFormation(parsed.data, this.second());
    this.world.set(formation.id, formation);
    this.since.set(formation.id, this.clock.now());
    this.bear(formation.id);
    return { status: 201, body: { id: formation.id } };
  }

  private list(): SimAnswer {
    const formations = [...this.formations.values()]
      .filter((formation) => this.listsArchived || formation.state !== "archived")
      .filter(({ id }) => !this.isUnseen(id, "list"))
      .map(({ id, name, region, created_at }) => ({ id, name, region, created_at }));
    return { status: 200, body: { formations } };
  }

  private get(request: SimRequest): SimAnswer {
    const formation = this.find(request);
    if (formation === undefined || this.isUnseen(formation.id, "read"))
      return refuse(404, "Formation not found.");
    const { id, name, state, region, created_at, tune_attributes } = formation;
    const database_url = ["creating", "archived"].includes(state) ? null : formation.database_url;
    return {
      status: 200,
      body: { id, name, state, region, created_at, tune_attributes, database_url },
    };
  }

  private destroy(request: SimRequest): SimAnswer {
    const formation = this.find(request);
    if (formation === undefined || formation.state === "archived") {
      return refuse(404, "Formation not found.");
    }
    if (formation.state !== "archiving") {
      formation.state = "archiving";
      this.since.set(formation.id, this.clock.now());
    }
    return { status: 200, body: { success: true } };
  }

  private find(request: SimRequest): SimFormation | undefined {
    const formation = this.formations.get(request.params.id ?? "");
    if (formation?.state === "archived" && !this.answersArchived) return undefined;
    return formation;
  }

  private known(id: string): SimFormation {
    const formation = this.formations.get(id);
    if (formation === undefined) throw new Error(`the simulator has no formation ${id}`);
    return formation;
  }

  /** Brings a formation's state up to the simulated time. */
  private settle(formation: SimFormation): void {
    const since = this.since.get(formation.id);
    if (since === undefined) return;
    const seconds = (this.clock.now() - since) / 1000;
    const provisioning = this.provisioningSecondsOf?.(formation) ?? this.provisioningSeconds;
    if (formation.state === "archiving") {
      if (seconds >= this.archivingSeconds) this.rest(formation, "archived");
    } else if (seconds >= provisioning) {
      this.rest(formation, this.restingState);
    } else if (seconds >= provisioning / 2) {
      formation.state = "converging";
    }
  }

  private rest(formation: SimFormation, state: string): void {
    formation.state = state;
    this.since.delete(formation.id);
  }

  /** Keys that the page doesn't have are ignored, yet no client should send them. */
  private noteUnknownKeys(body: unknown): void {
    const { tune_attributes: tune, ...formation } = z
      .looseObject({ tune_attributes: z.looseObject({}) })
      .parse(body);
    const unknown = [
      ...Object.keys(formation).filter((key) => !creationKeys.formation.includes(key)),
      ...Object.keys(tune).filter((key) => !creationKeys.tune.includes(key)),
    ];
    if (unknown.length > 0) {
      this.unexpected.push(`POST /api/v1/formations/: unknown keys ${unknown.join(", ")}`);
    }
  }

  /** Now, in RFC 3339 to the second, as the page's examples have it. */
  private second(): string {
    return this.clock.timestamp().replace(/\.\d+Z$/, "Z");
  }
}

function refuse(status: number, message: string): SimAnswer {
  return { status, body: { message } };
}
