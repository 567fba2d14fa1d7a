import { type Arrival, reply, startServer } from "../http/server.ts";

/** A comment on a pull request. */
export interface IssueComment {
  id: number;
  body: string;
  user: { login: string; type: "Bot" | "User" };
}

interface PullRequest {
  number: number;
  merged_at: string | null;
  merge_commit_sha: string | null;
  head: { sha: string };
  labels: { name: string }[];
}

/** A response that comes instead of what a request asks for, once. */
export interface Fault {
  /** Of the request: `POST /repos/…`, from its start. */
  request: RegExp;
  status: number;
  body?: object;
  headers?: Record<string, string>;
  /** Whether the server does what the request asks for, and fails over the response. */
  takesEffect?: boolean;
}

const base = "/repos/example/shop";

/** The owner of the token that a job of GitHub Actions gets. */
export const bot = { login: "github-actions[bot]", type: "Bot" } as const;

/** As much of GitHub's REST API as these workflows need: comments in pages, labels, permissions, rate limits. */
export class GitHub {
  readonly token = "ghs_0123456789abcdef0123456789abcdef0123";
  readonly pull: PullRequest;
  comments: IssueComment[] = [];
  /** Whether the token may write to pull requests: a fork's may not. */
  mayWrite = true;
  readonly faults: Fault[] = [];
  /** The requests that came, as `GET /repos/…`. */
  readonly requests: string[] = [];
  url = "";
  #nextId = 1000;

  constructor(number: number, sha: string) {
    const unmerged = { merged_at: null, merge_commit_sha: null };
    this.pull = { number, ...unmerged, head: { sha }, labels: [] };
  }

  /** Starts it on this machine; it ends with the running test. */
  async start(): Promise<this> {
    const server = await startServer((response, arrival) => {
      const { status, body, headers } = this.#answer(arrival);
      reply(response, status, body ?? "", headers);
    });
    this.url = server.url;
    return this;
  }

  /** A person comments. */
  comment(login: string, body: string): void {
    this.comments.push({ id: this.#nextId++, body, user: { login, type: "User" } });
  }

  /** Somebody pushes a commit. */
  push(sha: string): void {
    this.pull.head.sha = sha;
  }

  /** Somebody merges the pull request. */
  merge(sha: string): void {
    Object.assign(this.pull, { merged_at: "2026-01-05T12:00:00Z", merge_commit_sha: sha });
  }

  get labels(): string[] {
    return this.pull.labels.map(({ name }) => name);
  }

  set labels(names: string[]) {
    this.pull.labels = names.map((name) => ({ name }));
  }

  #answer(arrival: Arrival): Reply {
    const { method = "", headers } = arrival;
    const url = new URL(arrival.url ?? "", "http://github");
    const request = `${method} ${url.pathname}`;
    this.requests.push(request);
    const at = this.faults.findIndex((fault) => fault.request.test(request));
    const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
    if (headers.authorization !== `Bearer ${this.token}`) {
      return { status: 401, body: { message: "Bad credentials" } };
    }
    if (fault && !fault.takesEffect) return fault;
    const done = this.#serve(method, url, arrival.body);
    return fault ?? done;
  }

  #serve(method: string, url: URL, text: string): Reply {
    if (method !== "GET" && !this.mayWrite) {
      return { status: 403, body: { message: "Resource not accessible by integration" } };
    }
    const { number } = this.pull;
    switch (`${method} ${url.pathname}`) {
      case `GET ${base}/pulls/${number}`:
        return { status: 200, body: this.pull };
      case `GET ${base}/issues/${number}/comments`:
        return this.#page(url);
      case `POST ${base}/issues/${number}/comments`:
        return this.#create(bodyOf(text));
      default:
        return this.#serveOne(method, url.pathname, text);
    }
  }

  /** What has an ID, a name or a commit in its path. */
  #serveOne(method: string, path: string, text: string): Reply {
    const label = path.split(`${base}/issues/${this.pull.number}/labels/`)[1];
    if (method === "DELETE" && label) return this.#removeLabel(decodeURIComponent(label));
    if (method === "GET" && /\/commits\/[^/]+\/pulls$/.test(path)) {
      const isOurs = path === `${base}/commits/${this.pull.merge_commit_sha}/pulls`;
      return { status: 200, body: isOurs ? [this.pull] : [] };
    }
    const id = Number(path.split(`${base}/issues/comments/`)[1]);
    const comment = this.comments.find((one) => one.id === id);
    if (method !== "PATCH" || !comment) return { status: 404, body: { message: "Not Found" } };
    if (comment.user.login !== bot.login) {
      return { status: 403, body: { message: "Resource not accessible by integration" } };
    }
    comment.body = bodyOf(text);
    return { status: 200, body: comment };
  }

  /** In pages of 30, or as many as were asked for, up to 100. */
  #page({ searchParams, pathname }: URL): Reply {
    const size = Math.min(100, Number(searchParams.get("per_page") ?? 30));
    const page = Number(searchParams.get("page") ?? 1);
    const body = this.comments.slice((page - 1) * size, page * size);
    const isLast = page * size >= this.comments.length;
    const next = `${this.url}${pathname}?per_page=${size}&page=${page + 1}`;
    return { status: 200, body, headers: isLast ? {} : { link: `<${next}>; rel="next"` } };
  }

  #create(body: string): Reply {
    if (body.length > 65_536) {
      return { status: 422, body: { message: "Body is too long (maximum is 65536 characters)" } };
    }
    const comment = { id: this.#nextId++, body, user: bot };
    this.comments.push(comment);
    return { status: 201, body: comment };
  }

  #removeLabel(name: string): Reply {
    const left = this.labels.filter((one) => one !== name);
    if (left.length === this.labels.length) {
      return { status: 404, body: { message: "Label does not exist" } };
    }
    this.labels = left;
    return { status: 200, body: this.pull.labels };
  }
}

interface Reply {
  status: number;
  body?: object;
  headers?: Record<string, string>;
}

function bodyOf(text: string): string {
  const { body } = JSON.parse(text);
  if (typeof body === "string") return body;
  throw new Error(`a comment without a body: ${text}`);
}
