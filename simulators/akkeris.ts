import { listApps, SimApp } from "./akkeris/app.ts";
import { Formations } from "./akkeris/formations.ts";
import { answer, Refusal } from "./akkeris/refusal.ts";
import { Region, type RegionFailure, type SimRunning } from "./akkeris/region.ts";
import { parse, refuseInMaintenance, route } from "./akkeris/request.ts";
import { type NewRow, type SimFormationRow, toPayload, toRawRow } from "./akkeris/row.ts";
import { initialSizes, type SimSize } from "./akkeris/size.ts";
import type { Fault } from "./kit/fault.ts";
import type { Route, RouteMatch, SimAnswer, SimRequest } from "./kit/route.ts";
import { Simulator, type SimulatorOptions } from "./kit/simulator.ts";

export type { SimApp } from "./akkeris/app.ts";
export type { RegionCall, RegionFailure, SimRunning } from "./akkeris/region.ts";
export type { SimFormationRow } from "./akkeris/row.ts";
export type { SimSize } from "./akkeris/size.ts";

/** What the Akkeris simulator can be told; each is a public field too. */
export interface AkkerisOptions extends SimulatorOptions {
  /** Whether a token sent as Bearer may not DELETE (401), as a controller's JWTs may not. */
  refusesBearerDelete?: boolean;
}

/** What an app's URL may consist of; anything else, a query too, is a route that doesn't exist. */
const routable = /^\/(sizes|apps|apps\/[A-z0-9\-_.]+\/formation(\/[A-z0-9\-_.]+)?)$/;

/** The formation calls of Akkeris's controller, v4.2, and its list of apps, with the region behind it. */
export class AkkerisSimulator extends Simulator {
  refusesBearerDelete: boolean;
  /** By what URLs say: `foo-default`. */
  readonly apps = new Map<string, SimApp>();

  private readonly region = new Region();
  private readonly controller = new Formations(this.clock, this.region, initialSizes());

  constructor(options: AkkerisOptions = {}) {
    super(options, "akkeris-token-2b94d07ce1f6583a");
    this.refusesBearerDelete = options.refusesBearerDelete ?? false;
  }

  /** What `GET /sizes` lists, and what sizes are checked against. */
  get sizes(): SimSize[] {
    return this.controller.sizes;
  }

  set sizes(sizes: SimSize[]) {
    this.controller.sizes = sizes;
  }

  /**
   * Real milliseconds (8) between the controller's check that a row exists and its write:
   * creates within that time make duplicate rows.
   */
  get writeDelay(): number {
    return this.controller.writeDelay;
  }

  set writeDelay(milliseconds: number) {
    this.controller.writeDelay = milliseconds;
  }

  /**
   * Adds an app, without formations.
   * @param name `foo-default`, or `foo` for the space `default`.
   * @param options `tags` are the space's: `compliance=prod` gives sizes with `-prod`.
   */
  addApp(name: string, options: { id?: string; tags?: string } = {}): SimApp {
    const hyphen = name.indexOf("-");
    const app = new SimApp({
      name: hyphen < 0 ? name : name.slice(0, hyphen),
      space: hyphen < 0 ? "default" : name.slice(hyphen + 1),
      id: options.id,
      tags: options.tags ?? "",
      createdAt: this.controller.now(),
    });
    this.apps.set(app.key, app);
    return app;
  }

  /** Removes an app and all of it, out of band. */
  removeApp(name: string): void {
    const { key } = this.known(name);
    this.apps.delete(key);
    this.region.of(key).clear();
  }

  /**
   * Adds a formation as one that has run for long: as many instances as the row says.
   * @param partial what differs from a gp1 web of one instance on port 9000.
   */
  addFormation(name: string, partial: Partial<NewRow> = {}): SimFormationRow {
    const app = this.known(name);
    const type = partial.type ?? "web";
    const row = app.insert(
      {
        type,
        quantity: 1,
        size: "gp1",
        port: type === "web" ? 9000 : undefined,
        command: type === "web" ? undefined : `run ${type}`,
        price: this.controller.price(partial.size ?? "gp1"),
        ...partial,
      },
      this.controller.now(),
    );
    if (!row.oneoff) {
      const { quantity: instances, size, healthcheck } = row;
      this.region.of(app.key).set(type, { instances, size, healthcheck });
    }
    return row;
  }

  /** An app's rows that are not deleted, duplicates too. */
  formations(name: string): SimFormationRow[] {
    return this.known(name).rows;
  }

  /** The row of a type (the oldest, among duplicates), or undefined. */
  formation(name: string, type: string): SimFormationRow | undefined {
    return this.known(name).rows.find((row) => row.type === type);
  }

  /** Changes a quantity as an autoscaler does: the row and what runs. */
  scale(name: string, type: string, quantity: number): void {
    const app = this.known(name);
    app.update(type, { quantity }, this.controller.now());
    const running = this.region.of(app.key).get(type);
    if (running !== undefined) running.instances = quantity;
  }

  /** Deletes a type out of band, in the region too. */
  remove(name: string, type: string): void {
    const app = this.known(name);
    app.delete(type, this.controller.now());
    this.region.of(app.key).delete(type);
  }

  /** How many instances of a type really run; 0 where none, and for one-offs. */
  instances(name: string, type: string): number {
    return this.running(name, type)?.instances ?? 0;
  }

  /** What the region has of a type, or undefined. */
  running(name: string, type: string): SimRunning | undefined {
    return this.region.of(keyOf(name)).get(type);
  }

  /** The app's config vars; `PORT` appears with the first PATCH of a web's port. */
  configVars(name: string): Record<string, string> {
    return Object.fromEntries(this.region.configVarsOf(keyOf(name)));
  }

  /** How often the whole app was redeployed. */
  redeploys(name: string): number {
    return this.known(name).redeploys;
  }

  /** Puts the app into maintenance, or out of it. */
  maintenance(name: string, on: boolean): void {
    this.known(name).maintenance = on;
  }

  /** Orders the region to fail: 503 (a single PATCH: 500), mostly after the change is stored. */
  failRegion(failure: RegionFailure = {}): void {
    const { app } = failure;
    this.region.fail({ ...failure, app: app === undefined ? undefined : keyOf(app) });
  }

  /** The faults ordered that never struck, and the region's failures left, as faults named after them. */
  override faultsLeft(): Fault[] {
    const region = this.region.failuresLeft().map(
      ({ call = "any call", waiting }): Fault => ({
        path: `region: ${call}`,
        kind: { type: "status", status: waiting ? 424 : 503, apply: true },
      }),
    );
    return [...super.faultsLeft(), ...region];
  }

  /** Resolves when nothing is under way any more: a batch goes on after its 409. */
  settled(): Promise<void> {
    return this.controller.settled();
  }

  protected routes(): Route[] {
    const list = "/apps/:app/formation";
    const item = "/apps/:app/formation/:type";
    return [
      route("GET", "/sizes", () => answer(200, this.sizes)),
      route("GET", "/apps", () => answer(200, listApps(this.apps.values()))),
      route("POST", list, (request) => this.post(request)),
      route("GET", list, (request) => this.list(request)),
      route("PATCH", list, (request) => this.patchAll(request)),
      route("GET", item, (request) => this.get(request)),
      route("PATCH", item, (request) => this.patchOne(request)),
      route("DELETE", item, (request) => this.destroy(request)),
    ];
  }

  protected authorize(request: SimRequest, match: RouteMatch): SimAnswer | undefined {
    // A path that doesn't exist is a 404, with or without a credential.
    if (match.route === undefined) return undefined;
    const sent = request.headers.authorization;
    if (sent === undefined) {
      this.unexpected.push(`${request.method} ${request.path}: no Authorization`);
    }
    const isBearer = sent === `Bearer ${this.token}`;
    if (request.method === "DELETE" && isBearer && this.refusesBearerDelete) return { status: 401 };
    return isBearer || sent === this.token ? undefined : { status: 401 };
  }

  protected notFound(): SimAnswer {
    return { status: 404 };
  }

  protected override carryOut(request: SimRequest, match: RouteMatch): Promise<SimAnswer> {
    const exists = routable.test(request.rawPath) && request.query.size === 0;
    return super.carryOut(request, exists ? match : { params: {}, allowed: [] });
  }

  private async post(request: SimRequest): Promise<SimAnswer> {
    const app = this.appOf(request);
    const payload = parse(request);
    refuseInMaintenance(app, "changed or created");
    const row = await this.controller.create(app, payload);
    this.bear(row.id);
    app.redeploys += 1;
    return answer(201, toPayload(row, app.id, app.key));
  }

  private list(request: SimRequest): SimAnswer {
    const app = this.appOf(request);
    const shown = app.rows.filter((row) => !this.isUnseen(row.id, "list"));
    return answer(
      200,
      shown.map((row) => toPayload(row, app.id, app.name)),
    );
  }

  private get(request: SimRequest): SimAnswer {
    const app = this.appOf(request);
    const type = request.params.type ?? "";
    const [row] = app.select(type);
    if (row === undefined || this.isUnseen(row.id, "read")) {
      throw new Refusal(404, `The specified formation ${type} was not found.`);
    }
    return answer(200, toPayload(row, app.id, app.name));
  }

  private async patchAll(request: SimRequest): Promise<SimAnswer> {
    const app = this.appOf(request);
    const changes = parse(request);
    refuseInMaintenance(app, "changed or created");
    const changed = await this.controller.changeAll(app, changes);
    if (changed.some(({ needsRedeploy }) => needsRedeploy)) app.redeploys += 1;
    return answer(200, changed);
  }

  private async patchOne(request: SimRequest): Promise<SimAnswer> {
    const app = this.appOf(request);
    refuseInMaintenance(app, "changed or created");
    const payload = parse(request);
    const changed = await this.controller.changeOne(app, request.params.type ?? "", payload);
    app.redeploys += 1;
    return answer(200, changed);
  }

  private destroy(request: SimRequest): SimAnswer {
    const app = this.appOf(request);
    refuseInMaintenance(app, "changed");
    const rows = this.controller.remove(app, request.params.type ?? "");
    app.redeploys += 1;
    return answer(
      200,
      rows.map((row) => toRawRow(row, app.id)),
    );
  }

  private appOf(request: SimRequest): SimApp {
    const key = request.params.app ?? "";
    const app =
      this.apps.get(key) ?? [...this.apps.values()].find((candidate) => candidate.id === key);
    if (app === undefined) {
      throw new Refusal(404, `The specified application ${key} does not exist.`);
    }
    return app;
  }

  private known(name: string): SimApp {
    const app = this.apps.get(keyOf(name));
    if (app === undefined) throw new Error(`the simulator has no app ${name}`);
    return app;
  }
}

function keyOf(name: string): string {
  return name.includes("-") ? name : `${name}-default`;
}
