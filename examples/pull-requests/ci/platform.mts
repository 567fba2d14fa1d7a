/** A comment of this job's own account. */
export interface Comment {
  id: number;
  body: string;
}

/** What a pull request, or merge request, is like now. */
export interface State {
  /** Its newest commit. */
  commit: string;
  labels: string[];
}

/** GitHub or GitLab. Pull requests are known by their numbers. */
export interface Platform {
  /** The commit that this job is about. */
  commit: string;
  /** Where this job's log is. */
  log: string;
  /** The pull request that this job is about; undefined: it is not about one. */
  request?: number;
  /** The pull request whose merge made a commit; undefined: none did. */
  mergedAs(commit: string): Promise<number | undefined>;
  stateOf(request: number): Promise<State>;
  /** The comments of this job's own account, the oldest first, page by page. */
  comments(request: number): AsyncIterable<Comment>;
  create(request: number, body: string): Promise<void>;
  update(request: number, id: number, body: string): Promise<void>;
  removeLabel(request: number, label: string): Promise<void>;
}

/** A variable of the job. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set in this job's environment`);
}
