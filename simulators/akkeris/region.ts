import { Refusal } from "./refusal.ts";

/** The calls by which the controller carries a change to the region. */
export type RegionCall =
  | "sizes"
  | "create"
  | "delete"
  | "scale"
  | "port"
  | "size"
  | "healthcheck"
  | "removeHealthcheck";

/** A failure of the region, to order. */
export interface RegionFailure {
  /** Which call fails; any if absent. "sizes" comes first in POST and PATCH, before anything is stored. */
  call?: RegionCall;
  /** The app, as in `addApp`; any if absent. */
  app?: string;
  /** How many calls fail (1). */
  times?: number;
  /** True: the region waits for resources (424) instead of failing (503). */
  waiting?: boolean;
}

/** What runs of one type of an app. */
export interface SimRunning {
  instances: number;
  size: string;
  healthcheck: string | null;
}

/** The cluster behind the controller, which may lag behind the controller's table. */
export class Region {
  /** By app, then type. */
  private readonly running = new Map<string, Map<string, SimRunning>>();
  private readonly configVars = new Map<string, Map<string, string>>();
  private readonly failures: { failure: RegionFailure; left: number }[] = [];

  fail(failure: RegionFailure): void {
    this.failures.push({ failure, left: failure.times ?? 1 });
  }

  /** The failures ordered that have not all struck. */
  failuresLeft(): RegionFailure[] {
    return this.failures.filter(({ left }) => left > 0).map(({ failure }) => failure);
  }

  /** What runs of an app, by type. */
  of(app: string): Map<string, SimRunning> {
    return within(this.running, app);
  }

  configVarsOf(app: string): Map<string, string> {
    return within(this.configVars, app);
  }

  /** Stands for one call to the region. @throws Refusal 503 or 424 where a failure was ordered. */
  call(call: RegionCall, app: string): void {
    const due = this.failures.find(
      ({ failure, left }) =>
        left > 0 &&
        (failure.call === undefined || failure.call === call) &&
        (failure.app === undefined || failure.app === app),
    );
    if (due === undefined) return;
    due.left -= 1;
    // The controller turns the region's error into text without looking at it.
    if (due.failure.waiting) throw new Refusal(424, "[object Object]");
    throw new Refusal(503, "Service Unavailable Error");
  }

  /** Starts one instance, whatever quantity was asked. */
  create(app: string, type: string, size: string, healthcheck: string | null): void {
    this.call("create", app);
    this.of(app).set(type, { instances: 1, size, healthcheck });
  }

  delete(app: string, type: string): void {
    this.call("delete", app);
    this.of(app).delete(type);
  }

  scale(app: string, type: string, instances: number): void {
    this.call("scale", app);
    this.change(app, type, { instances });
  }

  /** Writes config var PORT. */
  changePort(app: string, port: number): void {
    this.call("port", app);
    this.configVarsOf(app).set("PORT", String(port));
  }

  changeSize(app: string, type: string, size: string): void {
    this.call("size", app);
    this.change(app, type, { size });
  }

  changeHealthcheck(app: string, type: string, healthcheck: string | null): void {
    this.call(healthcheck === null ? "removeHealthcheck" : "healthcheck", app);
    this.change(app, type, { healthcheck });
  }

  private change(app: string, type: string, change: Partial<SimRunning>): void {
    const running = this.of(app).get(type);
    if (running !== undefined) Object.assign(running, change);
  }
}

function within<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const found = maps.get(key);
  if (found !== undefined) return found;
  const made = new Map<string, V>();
  maps.set(key, made);
  return made;
}
