import { HttpListener } from "../../simulators/kit/listener.ts";

/** A port of 127.0.0.1 that refuses connections, and that the system gives to no one else meanwhile. */
export interface HeldPort extends AsyncDisposable {
  port: number;
}

/** Holds a free port. A server that sets SO_REUSEADDR, as most do, can listen on it all the same. */
export async function holdPort(): Promise<HeldPort> {
  const listener = new HttpListener(() => undefined, 0);
  await listener.start();
  await listener.refuse();
  const port = Number(new URL(listener.url).port);
  return { port, [Symbol.asyncDispose]: () => listener.close() };
}
