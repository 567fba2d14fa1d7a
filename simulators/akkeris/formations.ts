import { setTimeout as delay } from "node:timers/promises";
import type { SimulatedClock } from "../kit/clock.ts";
import type { SimApp } from "./app.ts";
import { NoFormations, Refusal, serverError } from "./refusal.ts";
import type { Region } from "./region.ts";
import { isObject, type NewRow, type SimFormationRow, toPayload } from "./row.ts";
import type { SimSize } from "./size.ts";
import { complaint } from "./validation.ts";

const defaultSize = "gp1";
const defaultPort = 9000;

/** A changed formation as PATCH answers it. */
export type Changed = ReturnType<typeof toPayload> & { needsRedeploy?: true };

/** What the controller does with formations: in its table first, then in the region. */
export class Formations {
  sizes: SimSize[];
  /** Real milliseconds between checking that a row exists and writing it. */
  writeDelay = 8;
  readonly region: Region;
  private readonly clock: SimulatedClock;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(clock: SimulatedClock, region: Region, sizes: SimSize[]) {
    this.clock = clock;
    this.region = region;
    this.sizes = sizes;
  }

  /** POST: checks, then writes later, so that requests at the same time make duplicates. */
  async create(app: SimApp, payload: unknown): Promise<SimFormationRow> {
    // Null and a type that is no text break the controller's own code.
    if (!isObject(payload) || typeof payload.type !== "string" || payload.type === "") {
      throw serverError();
    }
    const type = payload.type.toLowerCase().trim();
    const sizes = this.sizeNames(app);
    const asked = {
      ...payload,
      type,
      size: suffixed(app, payload.size || defaultSize),
      quantity: payload.quantity || 1,
      command: payload.command || null,
      healthcheck: payload.healthcheck || null,
      port: type === "web" ? (payload.port ?? defaultPort) : payload.port,
      instances: undefined,
    };
    const wrong = complaint(asked, sizes);
    if (wrong !== undefined) throw new Refusal(422, wrong);
    const exists = app.select(type).length > 0;
    await delay(this.writeDelay);
    if (exists) throw new Refusal(409, `The process of type ${type} already exists.`);
    if (type !== "web") await this.ensureWeb(app);
    return this.insert(app, {
      ...asked,
      quantity: Number(asked.quantity),
      size: String(asked.size),
      price: this.price(asked.size),
    });
  }

  /** PATCH of several types: all are checked first, then applied side by side. */
  async changeAll(app: SimApp, changes: unknown): Promise<Changed[]> {
    const sizes = this.sizeNames(app);
    if (!Array.isArray(changes)) {
      throw new Refusal(422, "The payload was not an array of formation changes.");
    }
    const checked = changes.map((change: unknown) => this.checked(app, change, sizes));
    return Promise.all(checked.map((change) => this.watched(this.change(app, change))));
  }

  /** PATCH of one type, which makes a web where the app has none. */
  async changeOne(app: SimApp, type: string, payload: unknown): Promise<Changed> {
    const sizes = this.sizeNames(app);
    const fields = Array.isArray(payload) ? {} : payload;
    const change = this.checked(app, isObject(fields) ? { ...fields, type } : fields, sizes);
    try {
      return await this.change(app, change);
    } catch (error) {
      if (error instanceof NoFormations) {
        await this.create(app, { type: "web", size: defaultSize });
        return this.change(app, change);
      }
      // The region's 503 becomes a 500 here.
      const told = error instanceof Refusal && [409, 424].includes(error.status);
      throw told ? error : serverError();
    }
  }

  /** DELETE: the row goes first, so it is gone even where the region fails. */
  remove(app: SimApp, typeOrId: string): SimFormationRow[] {
    const rows = app.delete(typeOrId, this.now());
    this.region.delete(app.key, typeOrId);
    return rows;
  }

  /** Resolves when no change of a batch is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  price(size: unknown): number {
    return (this.sizes.find(({ name }) => name === size)?.price ?? 60) * 100;
  }

  now(): string {
    return this.clock.timestamp();
  }

  private watched<T>(change: Promise<T>): Promise<T> {
    const watched = change.finally(() => this.underWay.delete(watched));
    this.underWay.add(watched);
    return watched;
  }

  private sizeNames(app: SimApp): string[] {
    this.region.call("sizes", app.key);
    return this.sizes.map(({ name }) => name);
  }

  private checked(
    app: SimApp,
    change: unknown,
    sizes: string[],
  ): Record<string, unknown> & { type: string } {
    if (!isObject(change)) {
      throw new Refusal(422, "Cannot read properties of null (reading 'type')");
    }
    const size = change.size === undefined ? undefined : suffixed(app, change.size);
    const { type } = change;
    const wrong = complaint({ ...change, size }, sizes);
    if (typeof type !== "string" || wrong !== undefined) throw new Refusal(422, wrong ?? "");
    return { ...change, type, size };
  }

  private async change(
    app: SimApp,
    change: Record<string, unknown> & { type: string },
  ): Promise<Changed> {
    const { type, quantity, port, size, command, healthcheck } = change;
    const [existing] = app.select(type);
    if (existing === undefined) throw new NoFormations();
    const before = existing.command;
    await delay(this.writeDelay);
    const price = typeof size === "string" ? this.price(size) : undefined;
    const [first] = app.update(type, { ...change, price }, this.now());
    if (first === undefined) throw new NoFormations();
    const result: Changed = toPayload(first, app.id, undefined);
    const web = type === "web";
    let redeploy = false;
    if (web && before !== null && before !== "" && change["remove-command"]) {
      app.clear(type, "command");
      result.command = null;
      redeploy = true;
    }
    if (command && command !== before) redeploy = true;
    if (typeof quantity === "number") this.region.scale(app.key, type, quantity);
    if (web && typeof port === "number") {
      this.region.changePort(app.key, port);
      redeploy = true;
    }
    if (typeof size === "string") {
      this.region.changeSize(app.key, type, size);
      redeploy = true;
    }
    if (web && healthcheck) {
      this.region.changeHealthcheck(app.key, type, String(healthcheck));
      redeploy = true;
    } else if (web && change.removeHealthcheck) {
      // The answer was made before: it still shows the healthcheck.
      app.clear(type, "healthcheck");
      this.region.changeHealthcheck(app.key, type, null);
      redeploy = true;
    }
    return redeploy ? { ...result, needsRedeploy: true } : result;
  }

  /** Every other type needs a web beside it; the row says 0, yet one instance starts. */
  private async ensureWeb(app: SimApp): Promise<void> {
    const exists = app.select("web").length > 0;
    await delay(this.writeDelay);
    if (exists) return;
    this.insert(app, {
      type: "web",
      quantity: 0,
      size: defaultSize,
      port: defaultPort,
      price: this.price(defaultSize),
    });
  }

  private insert(app: SimApp, asked: NewRow): SimFormationRow {
    const row = app.insert(asked, this.now());
    if (!row.oneoff) this.region.create(app.key, row.type, row.size, row.healthcheck);
    return row;
  }
}

/** The size that the controller takes a request to mean. */
function suffixed(app: SimApp, size: unknown): unknown {
  return app.tags.includes("compliance=prod") ? `${size}-prod` : size;
}
