import { type Answer, Refused, send } from "./http.mts";
import { type Platform, variable } from "./platform.mts";

interface Note {
  id: number;
  body: string;
  author: { id: number };
}

interface MergeRequest {
  iid: number;
  state: string;
  sha: string;
  merge_commit_sha?: string | null;
  squash_commit_sha?: string | null;
  labels: string[];
}

/** GitLab, as a job of GitLab CI sees it. */
export function gitlab(): Platform {
  const api = variable("CI_API_V4_URL");
  const project = `${api}/projects/${variable("CI_PROJECT_ID")}`;
  const { CI_MERGE_REQUEST_IID, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA } = process.env;

  return {
    // In a pipeline of merged results, CI_COMMIT_SHA is a merge that nobody has seen.
    commit: CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || variable("CI_COMMIT_SHA"),
    log: variable("CI_PIPELINE_URL"),
    request: CI_MERGE_REQUEST_IID ? Number(CI_MERGE_REQUEST_IID) : undefined,
    async mergedAs(commit) {
      const { body } = await call("GET", `${project}/repository/commits/${commit}/merge_requests`);
      const merged = (body as MergeRequest[]).filter(({ state }) => state === "merged");
      return merged.find((one) => {
        return [one.merge_commit_sha, one.squash_commit_sha, one.sha].includes(commit);
      })?.iid;
    },
    async stateOf(request) {
      const { body } = await call("GET", `${project}/merge_requests/${request}`);
      const { sha, labels } = body as MergeRequest;
      return { commit: sha, labels };
    },
    async *comments(request) {
      const { body: user } = await call("GET", `${api}/user`);
      const { id: self } = user as { id: number };
      const notes = `${project}/merge_requests/${request}/notes`;
      for (let page = "1"; page !== ""; ) {
        const query = `sort=asc&order_by=created_at&per_page=100&page=${page}`;
        const { body, headers } = await call("GET", `${notes}?${query}`);
        // Anybody can write a note that looks like this job's.
        for (const { id, body: text, author } of body as Note[]) {
          if (author.id === self) yield { id, body: text };
        }
        page = headers.get("x-next-page") ?? "";
      }
    },
    async create(request, body) {
      await call("POST", `${project}/merge_requests/${request}/notes`, { body });
    },
    async update(request, id, body) {
      await call("PUT", `${project}/merge_requests/${request}/notes/${id}`, { body });
    },
    async removeLabel(request, label) {
      await call("PUT", `${project}/merge_requests/${request}`, { remove_labels: label });
    },
  };
}

async function call(method: "GET" | "POST" | "PUT", url: string, body?: object): Promise<Answer> {
  try {
    return await send(method, url, { "PRIVATE-TOKEN": variable("REVIEW_TOKEN") }, body);
  } catch (error) {
    if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
      error.message += ". REVIEW_TOKEN has to be a project access token with the scope `api`.";
    }
    throw error;
  }
}
