import { onTestFinished } from "vitest";
import { z } from "zod";
import { createHttpClient, type HttpClientOptions } from "../../provider/http/client.ts";
import { endpoint } from "../../provider/http/endpoint.ts";
import { path } from "../../provider/http/path.ts";
import { InstantClock } from "../support/clock.ts";

export { InstantClock } from "../support/clock.ts";
export { failure } from "../support/failure.ts";

/** The credential of the client under test. */
export const token = "token-5e1f0c9a7b";

/** A client of the given base URL that never really waits; it is closed with the test. */
export function clientOf(baseUrl: string, options: Partial<HttpClientOptions> = {}) {
  const client = createHttpClient({
    system: "Test Cloud",
    baseUrl,
    headers: { authorization: `Bearer ${token}` },
    secrets: [token],
    clock: new InstantClock(),
    random: () => 1,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

const thing = z.object({ id: z.string() });

export const readThing = endpoint({
  operation: "read thing",
  method: "GET",
  path: ({ id }: { id: string }) => path`/things/${id}`,
  answer: thing,
});

export const createThing = endpoint({
  operation: "create thing",
  method: "POST",
  path: () => path`/things`,
  body: (body: { name: string }) => body,
  answer: thing,
});

export const putThing = endpoint({
  operation: "put thing",
  method: "PUT",
  path: ({ id }: { id: string }) => path`/things/${id}`,
  body: ({ id }) => ({ id }),
  answer: "none",
});

export const readText = endpoint({
  operation: "read text",
  method: "GET",
  path: () => path`/text`,
  answer: "text",
});
