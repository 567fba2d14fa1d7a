import { onTestFinished } from "vitest";
import { HttpListener } from "../../simulators/kit/listener.ts";

/** A port of 127.0.0.1 that refuses connections, and that no other process gets while the test runs. */
export async function closedPort(): Promise<number> {
  const listener = new HttpListener(() => undefined, 0);
  await listener.start();
  onTestFinished(() => listener.close());
  await listener.refuse();
  return Number(new URL(listener.url).port);
}
