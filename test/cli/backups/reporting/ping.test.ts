import { createServer } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import type { LogEntry } from "../../../../cli/backups/reporting/log.ts";
import { ping } from "../../../../cli/backups/reporting/ping.ts";
import { closedPort } from "../../../support/closed-port.ts";

/** How a server takes a ping: with a status, by closing the connection, or with silence, after a call. */
type Reply = number | "reset" | (() => void);

/** A server that takes pings in these ways in turn, and answers the rest with 200. */
async function listener(...replies: Reply[]) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    const reply = replies.shift() ?? 200;
    if (typeof reply === "function") reply();
    else if (reply === "reset") request.socket.resetAndDestroy();
    else response.writeHead(reply).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { paths, url: new URL(`http://127.0.0.1:${port}/secret-path`) };
}

function told() {
  const entries: LogEntry[] = [];
  return { entries, log: (entry: LogEntry) => void entries.push(entry), pauseMs: 1 };
}

test.each<{ replies: Reply[] }>([
  { replies: [500, 502] },
  { replies: [429, 520] },
  { replies: ["reset", "reset"] },
  { replies: ["reset", 503] },
])("a ping is retried after $replies, and success logs nothing", async ({ replies }) => {
  const { paths, url } = await listener(...replies);
  const to = told();
  await ping({ success: url }, "success", "fine", to);
  expect(paths).toEqual(["/secret-path", "/secret-path", "/secret-path"]);
  expect(to.entries).toEqual([]);
});

test.each<{ replies: Reply[]; tries: number; says: string }>([
  { replies: [500, 500, 500], tries: 3, says: "it returned 500" },
  { replies: ["reset", "reset", "reset"], tries: 3, says: "ECONNRESET" },
  { replies: [404], tries: 1, says: "it returned 404" },
])("a ping that fails with $replies is a warning without the URL's path", async (given) => {
  const { paths, url } = await listener(...given.replies);
  const to = told();
  await ping({ success: url }, "success", "fine", to);
  expect(paths).toHaveLength(given.tries);
  expect(to.entries).toEqual([
    { level: "warning", message: `Could not ping ${url.host}: ${given.says}` },
  ]);
});

test("a service that is down is a warning", async () => {
  const url = new URL(`http://127.0.0.1:${await closedPort()}/secret-path`);
  const to = told();
  await ping({ success: url }, "success", "fine", to);
  expect(to.entries).toMatchObject([{ message: `Could not ping ${url.host}: ECONNREFUSED` }]);
});

test("a runner that has to stop drops a ping that hangs, and gives the last one a short try", async () => {
  const aborter = new AbortController();
  const { paths, url } = await listener(() => aborter.abort(new Error("stopped by SIGTERM")));
  const to = { ...told(), signal: aborter.signal };
  // The service does not respond; the signal ends the ping, without a word.
  await ping({ success: url }, "start", "begun", to);
  expect(to.entries).toEqual([]);
  await ping({ success: url }, "failure", "under way", to);
  expect(paths).toEqual(["/secret-path/start", "/secret-path/fail"]);
  expect(to.entries).toEqual([]);
});

test("an unusable proxy is a warning, not the end of the run", async () => {
  vi.stubEnv("HTTPS_PROXY", "not a URL with a pass-word");
  onTestFinished(() => void vi.unstubAllEnvs());
  const to = told();
  await ping({ success: new URL("https://ping.example.com/uuid") }, "success", "fine", to);
  expect(to.entries).toMatchObject([{ level: "warning" }]);
  expect(to.entries[0]?.message).toContain("HTTPS_PROXY");
  expect(to.entries[0]?.message).not.toContain("pass-word");
});

test.each([
  ["another URL where one is given", true, "/other"],
  ["the same with /fail else", false, "/secret-path/fail"],
])("a failure is told to %s", async (_, hasOwn, path) => {
  const { paths, url } = await listener();
  const failureUrl = hasOwn ? new URL("/other", url) : undefined;
  await ping({ success: url, failure: failureUrl }, "failure", "down", told());
  expect(paths).toEqual([path]);
});

test("in a simulation, no monitoring service of another machine is told", async () => {
  vi.stubEnv("FORMATIONS_SIMULATION", "/simulation");
  const to = told();

  await ping({ success: new URL("https://monitor.example.com/secret-path") }, "success", "", to);

  expect(to.entries).toEqual([
    { level: "warning", message: "Did not ping monitor.example.com: this is a simulation" },
  ]);
});
