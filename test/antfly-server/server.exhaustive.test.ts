import { describe, expect, test } from "vitest";
import { releases } from "./install.ts";
import { startOrSkip } from "./testing.ts";

describe.each(releases)("a server of %s", (release) => {
  test("starts on loopback, with its own folder and a key", {
    timeout: 300_000,
  }, async (context) => {
    const server = await startOrSkip(context, { release });
    expect(new URL(server.url).hostname).toBe("127.0.0.1");
    const headers = { authorization: `Bearer ${server.apiKey}` };
    const answer = await fetch(`${server.url}/db/v1/status`, { headers });
    expect(await answer.json()).toMatchObject({ health: "healthy", auth_enabled: true });
  });
});
