import type { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";

/** 200 with a body. */
export function ok(body: object): SimAnswer {
  return { status: 200, body };
}

/** An error; the request's ID is added to its body when it is sent. */
export function refuse(status: number, message: string): SimAnswer {
  return { status, body: { message } };
}

/**
 * Reads a JSON body by its schema.
 * @param unexpected is told of what no correct client sends: another content type, unknown keys.
 * @returns the body, or the answer that refuses the request.
 */
export function readBody<T>(
  request: SimRequest,
  schema: z.ZodType<T>,
  unexpected: string[],
): { body: T } | { refusal: SimAnswer } {
  const call = `${request.method} ${request.path}`;
  if (!request.headers["content-type"]?.startsWith("application/json")) {
    unexpected.push(`${call}: Content-Type is not application/json`);
    return { refusal: refuse(415, "Content-Type must be application/json.") };
  }
  if (!request.isJson) return { refusal: refuse(400, "The body is not JSON.") };
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return { body: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
  if (parsed.error.issues.some(({ code }) => code === "unrecognized_keys")) {
    unexpected.push(`${call}: ${issues.join("; ")}`);
  }
  return { refusal: refuse(400, issues.join("; ")) };
}
