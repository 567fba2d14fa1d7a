import { type Body, describeHtml, readBody } from "./body";
import type { Endpoint } from "./endpoint";
import type { BadAnswerReason, FailureFacts } from "./errors";
import { type HttpResponse, header, type Outcome } from "./exchange";
import * as failures from "./failures";

/** How many of a schema's issues a message has. */
const maxIssues = 3;

/** What of an endpoint parses a response. */
export type Parser<Parsed> = Pick<Endpoint<never, unknown, Parsed>, "format" | "answer">;

/** What a try led to. */
export type Result<Parsed> = { answer: Parsed } | { failure: FailureFacts };

/** Turns what came back into the value that the endpoint promises, or into a failure. */
export function interpret<Parsed>(
  attempt: failures.Attempt,
  parser: Parser<Parsed>,
  outcome: Outcome,
  signal: AbortSignal | undefined,
): Result<Parsed> {
  const { response } = outcome;
  if (!response) return { failure: unanswered(attempt, outcome, signal) };
  const body = readBody(response.text, {
    contentType: header(response, "content-type"),
    contentEncoding: header(response, "content-encoding"),
  });
  if (response.status >= 400) return { failure: failures.statusFailure(attempt, response, body) };
  if (response.status >= 300) return { failure: failures.redirectFailure(attempt, response, body) };
  const failure = brokenOff(attempt, response, outcome.timedOutAfterMs, signal);
  return failure ? { failure } : parse(attempt, parser, response, body);
}

function unanswered(
  attempt: failures.Attempt,
  { isStarted, error, timedOutAfterMs }: Exclude<Outcome, { response: HttpResponse }>,
  signal: AbortSignal | undefined,
): FailureFacts {
  const sent = isStarted && "unknown";
  if (signal?.aborted) return failures.cancelled(attempt, signal.reason, sent);
  if (timedOutAfterMs !== undefined) {
    return failures.timeoutFailure(attempt, timedOutAfterMs, sent);
  }
  return failures.networkError(attempt, error, sent);
}

function brokenOff(
  attempt: failures.Attempt,
  response: HttpResponse,
  timedOutAfterMs: number | undefined,
  signal: AbortSignal | undefined,
): FailureFacts | undefined {
  const { broken, status } = response;
  if (broken === undefined) return undefined;
  if (broken === "too-large") {
    const what = `with more than ${attempt.request.maxBodyBytes} bytes`;
    const body: Body = { kind: "text", text: "" };
    return failures.badAnswer(attempt, response, body, "too-large", what);
  }
  if (signal?.aborted) return failures.cancelled(attempt, signal.reason, true);
  if (timedOutAfterMs !== undefined) {
    return failures.timeoutFailure(attempt, timedOutAfterMs, true, status);
  }
  return failures.networkError(attempt, broken.error, true, status);
}

function parse<Parsed>(
  attempt: failures.Attempt,
  { format, answer }: Parser<Parsed>,
  response: HttpResponse,
  body: Body,
): Result<Parsed> {
  const { redact } = attempt.request;
  const bad = (reason: BadAnswerReason, what: string) => ({
    failure: failures.badAnswer(attempt, response, body, reason, what),
  });
  if (body.kind === "compressed") {
    return bad("compressed", "with a compressed body, which was not requested");
  }
  if (body.kind === "html") return bad("html", `with ${redact(describeHtml(body.text))}`);
  if (format === "json") {
    if (body.kind === "empty") return bad("empty", "without a body");
    if (body.kind === "text") return bad("malformed", "with malformed or cut-off JSON");
    if (body.kind === "overgrown") {
      return bad("too-large", "with JSON that has too many values or levels");
    }
  }
  const parsed = answer.safeParse(dataOf(format, body));
  if (parsed.success) return { answer: parsed.data };
  const issues = parsed.error.issues.slice(0, maxIssues).map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join(".")}: ${message}`;
  });
  return bad("schema", `with an unexpected body (${redact(issues.join("; "))})`);
}

/** What the endpoint's schema is given. */
function dataOf(format: Parser<unknown>["format"], body: Body): unknown {
  switch (format) {
    case "json":
      return body.value;
    case "text":
      return body.text;
    case "none":
      return undefined;
  }
}
