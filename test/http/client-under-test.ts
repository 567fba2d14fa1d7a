import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { createHttpClient, type HttpClientOptions } from "../../provider/http/client";
import { endpoint } from "../../provider/http/endpoint";
import type { HttpError } from "../../provider/http/errors";
import { path } from "../../provider/http/path";

/** The credential of the client under test. */
export const TOKEN = "token-5e1f0c9a7b";

/** A clock that stands still save for sleeps, which end at once and are remembered. */
export class FakeClock {
  time = Date.UTC(2026, 0, 1);
  sleeps: number[] = [];

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.time += ms;
  }
}

/** A client of the given base URL that never really waits; it is closed with the test. */
export function clientOf(baseUrl: string, options: Partial<HttpClientOptions> = {}) {
  const client = createHttpClient({
    system: "Test Cloud",
    baseUrl,
    headers: () => ({ authorization: `Bearer ${TOKEN}` }),
    secrets: [TOKEN],
    clock: new FakeClock(),
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

/** The error that a promise rejects with, which must be of the given class. */
export async function failure<E extends HttpError>(
  promise: Promise<unknown>,
  type: abstract new (...details: never[]) => E,
): Promise<E> {
  const error = await promise.then(
    (value) => expect.fail(`resolved to ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof type)) expect.fail(`not ${type.name}: ${error}`);
  return error;
}
