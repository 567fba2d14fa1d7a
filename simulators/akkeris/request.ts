import type { Route, SimAnswer, SimRequest } from "../kit/route.ts";
import type { SimApp } from "./app.ts";
import { answer, Refusal } from "./refusal.ts";

/** A route whose handler may throw a Refusal. */
export function route(
  method: string,
  path: string,
  handler: (request: SimRequest) => SimAnswer | Promise<SimAnswer>,
): Route {
  const refusing = async (request: SimRequest): Promise<SimAnswer> => {
    try {
      return await handler(request);
    } catch (error) {
      if (error instanceof Refusal) return answer(error.status, error.message);
      throw error;
    }
  };
  return { method, path, handler: refusing };
}

/** The body, whatever its Content-Type says. @throws Refusal 400 where it is no JSON. */
export function parse(request: SimRequest): unknown {
  if (request.isJson) return request.body;
  try {
    return JSON.parse(request.text);
  } catch (error) {
    throw new Refusal(400, String(error));
  }
}

/** @throws Refusal 409 while the app is in maintenance. */
export function refuseInMaintenance(app: SimApp, verb: "changed" | "changed or created"): void {
  if (!app.maintenance) return;
  const subject = verb === "changed" ? "cannot be changed" : "can be changed or created";
  throw new Refusal(409, `An apps formation ${subject} while its been placed in maintenance mode.`);
}
