import type { TestContext } from "vitest";
import { AntflyServer, type AntflyServerOptions } from "./server.ts";

/** A server, or why there is none: the same for each test of a suite. */
export type Attempt = { server: AntflyServer } | { reason: string };

/**
 * Starts a real server. Where it can't run the reason is the answer; with
 * `FORMATIONS_ANTFLY_SERVER=required` it is an error.
 */
export async function tryToStart(options: AntflyServerOptions): Promise<Attempt> {
  try {
    return { server: await AntflyServer.start(options) };
  } catch (error) {
    if (process.env.FORMATIONS_ANTFLY_SERVER === "required") throw error;
    const why = error instanceof Error ? error.message : String(error);
    return { reason: `Antfly ${options.release} can't run here: ${why}` };
  }
}

/** The server of an attempt; without one the test is skipped, by name and with the reason. */
export function serverOr({ skip }: Pick<TestContext, "skip">, attempt: Attempt): AntflyServer {
  return "server" in attempt ? attempt.server : skip(attempt.reason);
}

/** Starts a real server for one test, which is skipped where there can be none. */
export async function startOrSkip(
  context: Pick<TestContext, "skip" | "onTestFinished">,
  options: AntflyServerOptions,
): Promise<AntflyServer> {
  const server = serverOr(context, await tryToStart(options));
  context.onTestFinished(() => server.close());
  return server;
}
