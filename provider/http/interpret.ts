import { type Body, describeHtml, readBody } from "./body";
import type { Endpoint } from "./endpoint";
import type { BadAnswerReason, HttpError } from "./errors";
import type { Answer, Limits, Outcome } from "./exchange";
import * as failures from "./failures";

/** How many of a schema's complaints are told. */
const maxIssues = 3;

/** What interpreting an outcome goes by, besides the outcome. */
interface Surroundings {
  limits: Limits;
  signal: AbortSignal | undefined;
  /** When it came: milliseconds since the epoch. */
  now: number;
}

/** Makes of what came back the parsed response that the endpoint promises, or the error to throw. */
export function interpret<Parsed>(
  attempt: failures.Try,
  endpoint: Pick<Endpoint<never, unknown, Parsed>, "format" | "answer">,
  outcome: Outcome,
  { limits, signal, now }: Surroundings,
): { answer: Parsed } | HttpError {
  const { answer, timedOut } = outcome;
  if (!answer) return unanswered(attempt, outcome, limits, signal);
  const body = readBody(answer.text, {
    contentType: failures.header(answer, "content-type"),
    contentEncoding: failures.header(answer, "content-encoding"),
  });
  if (answer.status >= 400) return failures.statusFailure(attempt, answer, body, now);
  if (answer.status >= 300) return failures.redirectFailure(attempt, answer, body);
  return (
    brokenOff(attempt, answer, timedOut, limits, signal) ?? parse(attempt, endpoint, answer, body)
  );
}

function unanswered(
  attempt: failures.Try,
  { error, started, timedOut }: Extract<Outcome, { error: unknown }>,
  { timeoutMs }: Limits,
  signal: AbortSignal | undefined,
): HttpError {
  const sent = started && "unknown";
  if (signal?.aborted) return failures.cancelled(attempt, signal.reason, sent);
  if (timedOut) return failures.timeoutFailure(attempt, timeoutMs, sent);
  return failures.networkError(attempt, error, sent);
}

function brokenOff(
  attempt: failures.Try,
  answer: Answer,
  timedOut: boolean,
  { timeoutMs, maxBytes }: Limits,
  signal: AbortSignal | undefined,
): HttpError | undefined {
  const { broken, status } = answer;
  if (broken === undefined) return undefined;
  if (broken === "too-large") {
    const what = `with more than ${maxBytes} bytes`;
    return failures.badAnswer(attempt, answer, "too-large", what, { kind: "text", text: "" });
  }
  if (signal?.aborted) return failures.cancelled(attempt, signal.reason, true);
  if (timedOut) return failures.timeoutFailure(attempt, timeoutMs, true, status);
  return failures.networkError(attempt, broken.error, true, status);
}

function parse<Parsed>(
  attempt: failures.Try,
  { format, answer: schema }: Pick<Endpoint<never, unknown, Parsed>, "format" | "answer">,
  answer: Answer,
  body: Body,
): { answer: Parsed } | HttpError {
  const unreadable = whyUnreadable(format, body);
  if (unreadable) return failures.badAnswer(attempt, answer, ...unreadable, body);
  const parsed = schema.safeParse(contentOf(format, answer, body));
  if (parsed.success) return { answer: parsed.data };
  const issues = parsed.error.issues.slice(0, maxIssues).map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join(".")}: ${message}`;
  });
  const what = `with content that differs from the documentation (${issues.join("; ")})`;
  return failures.badAnswer(attempt, answer, "schema", what, body);
}

/** Why no schema can be asked about a body, if so, and how the message goes on after the status. */
function whyUnreadable(
  format: Endpoint<never, unknown, unknown>["format"],
  { kind, text }: Body,
): [reason: BadAnswerReason, what: string] | undefined {
  if (kind === "compressed")
    return ["compressed", "with compressed content, which was not asked for"];
  if (kind === "html") return ["html", `with ${describeHtml(text)} instead`];
  if (format !== "json") return undefined;
  switch (kind) {
    case "empty":
      return ["empty", "without a body"];
    case "text":
      return ["malformed", "with malformed or cut-off JSON"];
    case "overgrown":
      return ["too-large", "with more values, or more levels of them, than any response has"];
    default:
      return undefined;
  }
}

function contentOf(
  format: Endpoint<never, unknown, unknown>["format"],
  { text }: Answer,
  body: Body,
) {
  switch (format) {
    case "json":
      return body.value;
    case "text":
      return text;
    case "none":
      return undefined;
  }
}
