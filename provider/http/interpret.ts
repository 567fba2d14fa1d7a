import { type Body, describeHtml, readBody } from "./body";
import type { Endpoint } from "./endpoint";
import type { HttpError } from "./errors";
import type { Answer, Limits, Outcome } from "./exchange";
import * as failures from "./failures";

/** How many of a schema's complaints are told. */
const MAX_ISSUES = 3;

/** Makes of what came back the answer that the endpoint promises, or the error to throw. */
export function interpret<Parsed>(
  attempt: failures.Attempt,
  endpoint: Pick<Endpoint<never, unknown, Parsed>, "format" | "answer">,
  outcome: Outcome,
  limits: Limits,
  signal: AbortSignal | undefined,
): { answer: Parsed } | HttpError {
  const { answer, timedOut } = outcome;
  if (!answer) {
    const sent = outcome.started && "unknown";
    if (signal?.aborted) return failures.cancelled(attempt, signal.reason, sent);
    if (timedOut) return failures.timeoutFailure(attempt, limits.timeoutMs, sent);
    return failures.networkError(attempt, outcome.error, sent);
  }
  const body = readBody(answer.text, {
    contentType: failures.header(answer, "content-type"),
    contentEncoding: failures.header(answer, "content-encoding"),
  });
  if (answer.status >= 400) return failures.statusFailure(attempt, answer, body);
  if (answer.status >= 300) return failures.redirectFailure(attempt, answer, body);
  return (
    brokenOff(attempt, outcome.answer, timedOut, limits, signal) ??
    parse(attempt, endpoint, answer, body)
  );
}

function brokenOff(
  attempt: failures.Attempt,
  answer: Answer,
  timedOut: boolean,
  limits: Limits,
  signal: AbortSignal | undefined,
): HttpError | undefined {
  const { broken, status } = answer;
  if (broken === undefined) return undefined;
  if (broken === "too-large") {
    const what = `with more than ${limits.maxBytes} bytes`;
    return failures.badAnswer(attempt, answer, { kind: "text", text: "" }, "too-large", what);
  }
  if (signal?.aborted) return failures.cancelled(attempt, signal.reason, true);
  if (timedOut) return failures.timeoutFailure(attempt, limits.timeoutMs, true, status);
  return failures.networkError(attempt, broken.error, true, status);
}

function parse<Parsed>(
  attempt: failures.Attempt,
  endpoint: Pick<Endpoint<never, unknown, Parsed>, "format" | "answer">,
  answer: Answer,
  body: Body,
): { answer: Parsed } | HttpError {
  const bad = failures.badAnswer.bind(undefined, attempt, answer, body);
  const { format } = endpoint;
  if (body.kind === "compressed")
    return bad("compressed", "with a compressed text, which was not asked for");
  if (body.kind === "html") return bad("html", `with ${describeHtml(body.text)} instead`);
  if (format === "json" && body.kind === "empty") return bad("empty", "without a body");
  if (format === "json" && body.kind === "text")
    return bad("malformed", "with malformed or cut-off JSON");
  if (format === "json" && body.kind === "overgrown")
    return bad("too-large", "with more values, or levels of them, than any answer has");
  const value = { json: body.value, text: answer.text, none: undefined }[format];
  const parsed = endpoint.answer.safeParse(value);
  if (parsed.success) return { answer: parsed.data };
  const issues = parsed.error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join(".")}: ${message}`;
  });
  return bad("schema", `with something else than documented (${issues.join("; ")})`);
}
