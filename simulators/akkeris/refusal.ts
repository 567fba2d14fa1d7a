import type { SimAnswer } from "../kit/route.ts";

/** A request that the controller refuses; the text is its whole body. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** What the controller says of everything that it didn't expect: database errors, for one. */
export function serverError(): Refusal {
  return new Refusal(500, "Internal Server Error");
}

/** The batch's answer for a type that the app doesn't have, and the single PATCH's at first. */
export class NoFormations extends Refusal {
  constructor() {
    super(409, "This application does not have any formations");
  }
}

/**
 * An answer as the controller sends it. A string goes out raw under `application/json`, so that
 * `JSON.parse` throws on every error.
 */
export function answer(status: number, body: unknown): SimAnswer {
  return {
    status,
    headers: { "content-type": "application/json", "ratelimit-remaining": "2400" },
    body,
  };
}
