import { type Answer, Refused, send } from "./http.mts";
import { type Platform, variable } from "./platform.mts";

interface IssueComment {
  id: number;
  body?: string | null;
  user?: { login?: string } | null;
}

interface PullRequest {
  number: number;
  merged_at?: string | null;
  merge_commit_sha?: string | null;
  head: { sha: string };
  labels: { name: string }[];
}

/** GitHub, as a job of GitHub Actions sees it. */
export function github(): Platform {
  const repository = `${variable("GITHUB_API_URL")}/repos/${variable("GITHUB_REPOSITORY")}`;
  const { PULL_REQUEST, HEAD_SHA, COMMENT_AUTHOR = "github-actions[bot]" } = process.env;
  const log = `${variable("GITHUB_SERVER_URL")}/${variable("GITHUB_REPOSITORY")}/actions/runs/${variable("GITHUB_RUN_ID")}`;

  return {
    // In a pull request, GITHUB_SHA is a merge that nobody has seen.
    commit: HEAD_SHA || variable("GITHUB_SHA"),
    log,
    request: PULL_REQUEST ? Number(PULL_REQUEST) : undefined,
    async mergedAs(commit) {
      const { body } = await call("GET", `${repository}/commits/${commit}/pulls?per_page=100`);
      const merged = (body as PullRequest[]).filter((one) => one.merged_at);
      return merged.find((one) => one.merge_commit_sha === commit)?.number;
    },
    async stateOf(request) {
      const { body } = await call("GET", `${repository}/pulls/${request}`);
      const { head, labels } = body as PullRequest;
      return { commit: head.sha, labels: labels.map(({ name }) => name) };
    },
    async *comments(request) {
      for (let page = 1; ; page++) {
        const url = `${repository}/issues/${request}/comments?per_page=100&page=${page}`;
        const { body, headers } = await call("GET", url);
        // Anybody can write a comment that looks like this job's.
        const own = (body as IssueComment[]).filter((one) => one.user?.login === COMMENT_AUTHOR);
        for (const { id, body: text } of own) yield { id, body: text ?? "" };
        if (!headers.get("link")?.includes('rel="next"')) return;
      }
    },
    async create(request, body) {
      await call("POST", `${repository}/issues/${request}/comments`, { body });
    },
    async update(_request, id, body) {
      await call("PATCH", `${repository}/issues/comments/${id}`, { body });
    },
    async removeLabel(request, label) {
      const url = `${repository}/issues/${request}/labels/${encodeURIComponent(label)}`;
      await call("DELETE", url).catch((error: unknown) => {
        if (!(error instanceof Refused && error.status === 404)) throw error;
      });
    },
  };
}

async function call(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  url: string,
  body?: object,
): Promise<Answer> {
  const headers = {
    Accept: "application/vnd.github+json",
    Authorization: `Bearer ${variable("GITHUB_TOKEN")}`,
    "X-GitHub-Api-Version": "2022-11-28",
  };
  try {
    return await send(method, url, headers, body);
  } catch (error) {
    if (error instanceof Refused && error.status === 403) {
      error.message +=
        ". The job needs `pull-requests: write`; a fork's pull request never has it.";
    }
    throw error;
  }
}
