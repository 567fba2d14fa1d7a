import { expect } from "vitest";

/** The error that a promise rejects with, which must be of the given class. */
export async function failure<E extends Error>(
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
