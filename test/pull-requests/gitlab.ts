import { type Arrival, reply, startServer } from "../http/server.ts";
import type { Fault } from "./github.ts";

/** A note on a merge request. */
export interface Note {
  id: number;
  body: string;
  author: { id: number };
  system: boolean;
}

/** The user that owns the project access token. */
const bot = { id: 77 };

/** As much of GitLab's REST API as this pipeline needs: notes in pages, labels, tokens, rate limits. */
export class GitLab {
  readonly token = "glpat-0123456789abcdef0123";
  readonly mergeRequest = {
    iid: 7,
    state: "opened",
    sha: "",
    merge_commit_sha: null as string | null,
    squash_commit_sha: null as string | null,
    labels: [] as string[],
  };
  notes: Note[] = [];
  readonly faults: Fault[] = [];
  /** The requests that came, as `GET /api/v4/…`. */
  readonly requests: string[] = [];
  url = "";
  #nextId = 500;

  constructor(sha: string) {
    this.mergeRequest.sha = sha;
  }

  /** Starts it on this machine; it ends with the running test. */
  async start(): Promise<this> {
    const server = await startServer((response, arrival) => {
      const { status, body, headers } = this.#answer(arrival);
      reply(response, status, body ?? "", headers);
    });
    this.url = `${server.url}/api/v4`;
    return this;
  }

  /** A person comments. */
  comment(author: number, body: string): void {
    this.notes.push({ id: this.#nextId++, body, author: { id: author }, system: false });
  }

  /** Somebody merges the merge request. */
  merge(sha: string): void {
    Object.assign(this.mergeRequest, { state: "merged", merge_commit_sha: sha });
  }

  #answer(arrival: Arrival): Reply {
    const { method = "", headers } = arrival;
    const url = new URL(arrival.url ?? "", "http://gitlab");
    const request = `${method} ${url.pathname}`;
    this.requests.push(request);
    const at = this.faults.findIndex((fault) => fault.request.test(request));
    const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
    if (headers["private-token"] !== this.token) {
      return { status: 401, body: { message: "401 Unauthorized" } };
    }
    if (fault && !fault.takesEffect) return fault;
    const done = this.#serve(method, url, arrival.body);
    return fault ?? done;
  }

  #serve(method: string, url: URL, text: string): Reply {
    const project = "/api/v4/projects/42";
    const request = `${project}/merge_requests/${this.mergeRequest.iid}`;
    switch (`${method} ${url.pathname}`) {
      case "GET /api/v4/user":
        return { status: 200, body: bot };
      case `GET ${request}`:
        return { status: 200, body: this.mergeRequest };
      case `PUT ${request}`:
        return this.#removeLabels(JSON.parse(text));
      case `GET ${request}/notes`:
        return this.#page(url);
      case `POST ${request}/notes`:
        return this.#create(JSON.parse(text).body);
      default:
        return this.#serveOne(method, url.pathname.replace(project, ""), text);
    }
  }

  /** What has an ID or a commit in its path. */
  #serveOne(method: string, path: string, text: string): Reply {
    const commit = /^\/repository\/commits\/([^/]+)\/merge_requests$/.exec(path)?.[1];
    if (method === "GET" && commit) {
      const { sha, merge_commit_sha, squash_commit_sha } = this.mergeRequest;
      const isIn = [sha, merge_commit_sha, squash_commit_sha].includes(commit);
      return { status: 200, body: isIn ? [this.mergeRequest] : [] };
    }
    const note = this.notes.find(({ id }) => path.endsWith(`/notes/${id}`));
    if (method !== "PUT" || !note) return { status: 404, body: { message: "404 Not found" } };
    if (note.author.id !== bot.id) return { status: 403, body: { message: "403 Forbidden" } };
    note.body = JSON.parse(text).body;
    return { status: 200, body: note };
  }

  /** In pages of 20, or as many as were asked for, up to 100; the newest first, unless asked otherwise. */
  #page({ searchParams }: URL): Reply {
    const size = Math.min(100, Number(searchParams.get("per_page") ?? 20));
    const page = Number(searchParams.get("page") ?? 1);
    const sorted = searchParams.get("sort") === "asc" ? this.notes : this.notes.toReversed();
    const body = sorted.slice((page - 1) * size, page * size);
    const next = page * size >= sorted.length ? "" : `${page + 1}`;
    return { status: 200, body, headers: { "x-next-page": next } };
  }

  #create(body: string): Reply {
    if (body.length > 1_000_000) return { status: 400, body: { message: "Note is too long" } };
    const note = { id: this.#nextId++, body, author: bot, system: false };
    this.notes.push(note);
    return { status: 201, body: note };
  }

  #removeLabels({ remove_labels = "" }: { remove_labels?: string }): Reply {
    const removed = remove_labels.split(",");
    this.mergeRequest.labels = this.mergeRequest.labels.filter((name) => !removed.includes(name));
    return { status: 200, body: this.mergeRequest };
  }
}

interface Reply {
  status: number;
  body?: object;
  headers?: Record<string, string>;
}
