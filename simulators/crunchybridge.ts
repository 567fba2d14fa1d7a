import { ok, readBody, refuse } from "./crunchybridge/answers.ts";
import { patchBody, replicaBody, upgradeBody } from "./crunchybridge/bodies.ts";
import { providers } from "./crunchybridge/catalogue.ts";
import {
  diskUsage,
  type NestedForm,
  renderCluster,
  type SimCluster,
} from "./crunchybridge/cluster.ts";
import { isUuid, newEid, toEid } from "./crunchybridge/eid.ts";
import { IdempotencyStore } from "./crunchybridge/idempotency.ts";
import { cancelUpgrade, changeHa, showOperations, upgrade } from "./crunchybridge/operations.ts";
import { page } from "./crunchybridge/page.ts";
import { place } from "./crunchybridge/place.ts";
import { defaultTeam, pageOfTeams } from "./crunchybridge/team.ts";
import { CrunchyBridgeWorld, notRunning } from "./crunchybridge/world.ts";
import { RateWindow } from "./kit/rate.ts";
import type { Route, RouteMatch, SimAnswer, SimRequest } from "./kit/route.ts";

export type { SimCluster, SimOperation } from "./crunchybridge/cluster.ts";
export { newEid, toEid, toUuid } from "./crunchybridge/eid.ts";
export type { SimTeam } from "./crunchybridge/team.ts";
export type { CrunchyBridgeOptions, SimNetwork } from "./crunchybridge/world.ts";

/**
 * Crunchy Bridge's cluster and replica API. Where its page is silent (which refusals are 400 and
 * which 409, what a cluster shows while it is created), it answers as a strict web service would.
 */
export class CrunchyBridgeSimulator extends CrunchyBridgeWorld {
  /** Requests let through in a simulated minute (Infinity); a 429 has Retry-After in seconds. */
  requestsPerMinute = Number.POSITIVE_INFINITY;
  /** The most clusters on a page of a list, whatever `limit` asks. */
  pageSize = 100;
  /** Whether GET of an unknown cluster is 403 instead of 404. */
  unknownIsForbidden = false;
  /** Whether the Cluster object has `state`; by its page only `/status` says it. */
  clustersHaveState = false;
  /**
   * Whether answers are as the newest description allows: `state` null everywhere, `provider_id` null,
   * `vcpu` instead of `cpu`, and `cluster_id` instead of `parent_id`.
   */
  isSparse = false;
  /** What replicas show where they are nested in their parent. */
  nestedForm: NestedForm = "documented";
  /** Whether the key may list teams; else 403. */
  mayListTeams = true;
  /** The most teams on a page of their list (Infinity: it is not paged, as the API's page has it). */
  teamsPageSize = Number.POSITIVE_INFINITY;
  /** IDs of teams whose clusters the key may not list: 403. */
  readonly closedTeams = new Set<string>();
  /** Answers kept by Idempotency-Key. */
  readonly idempotency = new IdempotencyStore();

  private readonly window = new RateWindow();

  protected routes(): Route[] {
    const one = "/clusters/:id";
    const on = (action: (cluster: SimCluster, request: SimRequest) => SimAnswer) => {
      return (request: SimRequest) => this.withCluster(request, action);
    };
    return [
      { method: "GET", path: "/providers", isPublic: true, handler: () => ok({ providers }) },
      { method: "GET", path: "/teams", handler: (request) => this.listTeams(request) },
      { method: "GET", path: "/clusters", handler: (request) => this.list(request) },
      { method: "GET", path: one, handler: on((cluster) => this.show(cluster)) },
      { method: "PATCH", path: one, handler: on((...args) => this.patch(...args)) },
      { method: "DELETE", path: one, handler: on((cluster) => this.destroy(cluster)) },
      { method: "GET", path: `${one}/status`, handler: on((cluster) => this.status(cluster)) },
      {
        method: "POST",
        path: `${one}/replicas`,
        handler: on((...args) => this.replicate(...args)),
      },
      {
        method: "DELETE",
        path: "/clusters/:parent/replicas/:id",
        handler: on((...args) => this.destroyReplica(...args)),
      },
      {
        method: "GET",
        path: `${one}/upgrade`,
        handler: on((cluster) => ok(showOperations(this, cluster))),
      },
      {
        method: "POST",
        path: `${one}/upgrade`,
        handler: on((...args) => this.postUpgrade(...args)),
      },
      {
        method: "DELETE",
        path: `${one}/upgrade`,
        handler: on((cluster) => cancelUpgrade(this, cluster)),
      },
      {
        method: "PUT",
        path: `${one}/actions/enable-ha`,
        handler: on((cluster) => changeHa(this, cluster, true) ?? this.show(cluster)),
      },
      {
        method: "PUT",
        path: `${one}/actions/disable-ha`,
        handler: on((cluster) => changeHa(this, cluster, false) ?? this.show(cluster)),
      },
      {
        method: "PUT",
        path: `${one}/actions/detach`,
        handler: on((cluster) => this.detach(cluster)),
      },
    ];
  }

  protected authorize(request: SimRequest, _match: RouteMatch): SimAnswer | undefined {
    const sent = request.headers.authorization;
    if (sent !== `Bearer ${this.token}`) {
      if (!sent?.startsWith("Bearer ")) {
        this.unexpected.push(`${request.method} ${request.path}: no "Authorization: Bearer …"`);
      }
      return refuse(401, "Unauthorized. Check that the API key is valid.");
    }
    const wait = this.window.take(this.clock.now(), this.requestsPerMinute);
    if (wait === undefined) return undefined;
    return {
      ...refuse(429, "Rate limit exceeded."),
      headers: { "retry-after": this.retryAfterIn(wait) },
    };
  }

  protected notFound(_request: SimRequest, match: RouteMatch): SimAnswer {
    return match.allowed.length > 0
      ? { ...refuse(405, "Method not allowed."), headers: { allow: match.allowed.join(", ") } }
      : refuse(404, "Not found.");
  }

  /** Every answer has X-Request-Id, and an error repeats it in its body. */
  protected override decorate(answer: SimAnswer, _request: SimRequest): SimAnswer {
    const id = newEid();
    const { status, headers, body } = answer;
    const repeatsId = status >= 400 && typeof body === "object" && body !== null;
    return {
      status,
      headers: { "x-request-id": id, ...headers },
      body: repeatsId ? { request_id: id, ...body } : body,
    };
  }

  protected override carryOut(request: SimRequest, match: RouteMatch): Promise<SimAnswer> {
    const key = request.headers["idempotency-key"];
    const isKeyed = match.route !== undefined && ["POST", "PATCH"].includes(request.method);
    if (key === undefined || !isKeyed) return super.carryOut(request, match);
    if (!isUuid(key)) {
      this.unexpected.push(`${request.method} ${request.path}: Idempotency-Key is no UUID`);
      return Promise.resolve(refuse(400, "Idempotency-Key must be a UUID."));
    }
    return this.idempotency.once(
      key,
      request,
      this.clock.now(),
      () => super.carryOut(request, match),
      (message) => refuse(409, message),
    );
  }

  private withCluster(
    request: SimRequest,
    action: (cluster: SimCluster, request: SimRequest) => SimAnswer,
  ): SimAnswer {
    const id = toEid(request.params.id ?? "");
    if (id === undefined) return refuse(400, "The cluster's ID must be an EID or a UUID.");
    const cluster = this.clusters.get(id);
    const isUnseen = request.method === "GET" && this.isUnseen(id, "read");
    if (cluster !== undefined && !isUnseen) return action(cluster, request);
    if (this.destroyed.has(id)) return refuse(410, "The cluster has been deleted.");
    return request.method === "GET" && this.unknownIsForbidden
      ? refuse(403, "The cluster does not exist, or you have no access to it.")
      : refuse(404, "The cluster does not exist.");
  }

  private render(cluster: SimCluster): object {
    const shown = (id: string) =>
      this.replicasOf(id).filter((one) => !this.isUnseen(one.id, "list"));
    return renderCluster(cluster, shown, {
      withState: this.clustersHaveState,
      isSparse: this.isSparse,
      nested: this.nestedForm,
    });
  }

  private show(cluster: SimCluster): SimAnswer {
    return ok(this.render(cluster));
  }

  private listTeams({ query }: SimRequest): SimAnswer {
    if (!this.mayListTeams) return refuse(403, "You may not list teams.");
    return ok(pageOfTeams([...this.teams.values()], query, this.teamsPageSize));
  }

  /** Primaries of the team that is named, else of the personal one. */
  private list(request: SimRequest): SimAnswer {
    const team = toEid(request.query.get("team_id") ?? defaultTeam);
    if (team === undefined) return refuse(400, "team_id must be an EID or a UUID.");
    if (!this.teams.has(team)) return refuse(404, "The team does not exist.");
    if (this.closedTeams.has(team)) return refuse(403, "You have no access to the team.");
    const primaries = [...this.clusters.values()].filter(
      ({ parent_id, team_id }) => parent_id === null && team_id === team,
    );
    const answer = page(primaries, request.query, this.pageSize);
    if ("message" in answer) return refuse(400, answer.message);
    return ok({ ...answer, clusters: answer.clusters.map((cluster) => this.render(cluster)) });
  }

  private replicate(parent: SimCluster, request: SimRequest): SimAnswer {
    const read = readBody(request, replicaBody, this.unexpected);
    if ("refusal" in read) return read.refusal;
    if (notRunning.includes(parent.state)) {
      return refuse(400, `A cluster in state ${parent.state} can't be replicated.`);
    }
    if (this.isTaken(read.body.name, parent)) return refuse(409, "The name is taken in this team.");
    const placed = place(parent, read.body, this.networks);
    if ("message" in placed) return refuse(400, placed.message);
    const cluster = this.beginCreation({
      ...placed,
      name: read.body.name,
      parent_id: parent.id,
      team_id: parent.team_id,
      storage: parent.storage,
      major_version: parent.major_version,
      postgres_version_id: parent.postgres_version_id,
    });
    this.bear(cluster.id);
    return { status: 201, body: this.render(cluster) };
  }

  private patch(cluster: SimCluster, request: SimRequest): SimAnswer {
    const read = readBody(request, patchBody, this.unexpected);
    if ("refusal" in read) return read.refusal;
    const { name, environment, is_protected, maintenance_window_start: hour } = read.body;
    if (name !== undefined && this.isTaken(name, cluster, cluster.id)) {
      return refuse(409, "The name is taken in this team.");
    }
    cluster.name = name ?? cluster.name;
    cluster.is_protected = is_protected ?? cluster.is_protected;
    if (environment !== undefined) cluster.environment = environment === "" ? null : environment;
    if (hour !== undefined) cluster.maintenance_window_start = hour === -1 ? null : hour;
    this.touch(cluster);
    return this.show(cluster);
  }

  /** Destroys; while that lasts a repeat answers the same. */
  private destroy(cluster: SimCluster): SimAnswer {
    if (cluster.is_protected) {
      return refuse(400, "The cluster is protected: set is_protected to false first.");
    }
    if (this.replicasOf(cluster.id).length > 0) {
      return refuse(400, "The cluster has replicas: destroy or detach them first.");
    }
    const answer = this.show(cluster);
    this.beginDestruction(cluster);
    return answer;
  }

  /** The deprecated form, with the parent in its path. */
  private destroyReplica(cluster: SimCluster, request: SimRequest): SimAnswer {
    return toEid(request.params.parent ?? "") === cluster.parent_id
      ? this.destroy(cluster)
      : refuse(404, "The cluster has no such replica.");
  }

  private status(cluster: SimCluster): SimAnswer {
    return ok({
      cluster_id: cluster.id,
      disk_usage: diskUsage(cluster),
      ongoing_upgrade: showOperations(this, cluster),
      state: this.isSparse ? null : cluster.state,
      team_id: cluster.team_id,
    });
  }

  private postUpgrade(cluster: SimCluster, request: SimRequest): SimAnswer {
    const read = readBody(request, upgradeBody(this.clock.now()), this.unexpected);
    return "refusal" in read ? read.refusal : upgrade(this, cluster, read.body);
  }

  private detach(cluster: SimCluster): SimAnswer {
    if (cluster.parent_id === null) return refuse(400, "The cluster is not a replica.");
    if (notRunning.includes(cluster.state)) {
      return refuse(400, `A cluster in state ${cluster.state} can't be detached.`);
    }
    this.beginDetach(cluster);
    return this.show(cluster);
  }

  /** Whether another cluster of the team bears the name. */
  private isTaken(name: string, { team_id }: SimCluster, exceptId?: string): boolean {
    return [...this.clusters.values()].some(
      (other) => other.name === name && other.team_id === team_id && other.id !== exceptId,
    );
  }
}
