import { onTestFinished } from "vitest";
import { holdPort } from "./held-port.ts";

/** A port of 127.0.0.1 that refuses connections while the test runs. */
export async function closedPort(): Promise<number> {
  const held = await holdPort();
  onTestFinished(() => held[Symbol.asyncDispose]());
  return held.port;
}
