import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { BadAnswer, InvalidUrl, NoAnswer, RequestCancelled } from "../../provider/http/errors.ts";
import { closedPort } from "../support/closed-port.ts";
import { clientOf, createThing, failure, putThing, readThing, token } from "./client-under-test.ts";
import { reply, startServer } from "./server.ts";

const ok = { id: "a" };

/** Calls back once the client has the head of a response. */
function onHead(callback: () => void): void {
  const channel = "undici:request:headers";
  const once = () => {
    unsubscribe(channel, once);
    // undici publishes this just before it hands the head over.
    setImmediate(callback);
  };
  subscribe(channel, once);
  onTestFinished(() => void unsubscribe(channel, once));
}

/** Has the running test's timers fire when the function that it returns is called, and not before. */
function holdTimers(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}

/** Sets environment variables for the running test. */
function environment(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test("a reset after sending leaves a POST in doubt, and it is not repeated", async () => {
  const { url, arrivals } = await startServer((response) => response.socket?.resetAndDestroy());
  const error = await failure(clientOf(url).send(createThing, { name: "n" }), NoAnswer);
  expect(error).toMatchObject({ sent: "unknown", mayHaveTakenEffect: true });
  expect(arrivals).toHaveLength(1);
});

test("a reset after sending is no doubt for a read, which is repeated", async () => {
  const { url, arrivals } = await startServer((response, _, count) => {
    if (count === 1) response.socket?.destroy();
    else reply(response, 200, ok);
  });
  await clientOf(url).send(readThing, { id: "a" });
  expect(arrivals).toHaveLength(2);
});

test.each([
  ["is reset", (response: ServerResponse) => response.socket?.destroy()],
  ["is never answered", () => {}],
  ["is answered in half", (response: ServerResponse) => response.write("{")],
])("a read that %s has no effect to doubt", async (_, answer) => {
  const { url } = await startServer(answer);
  const sent = clientOf(url).send(readThing, { id: "a" }, { timeoutSeconds: 0.03 });
  expect(await failure(sent, NoAnswer)).toMatchObject({ mayHaveTakenEffect: false, tries: 5 });
});

test("a server that never answers is given up, and a POST is in doubt", async () => {
  const { url, arrivals } = await startServer(() => pass(50));
  const pass = holdTimers();
  const sent = clientOf(url).send(createThing, { name: "n" }, { timeoutSeconds: 0.05 });
  const error = await failure(sent, NoAnswer);
  expect(error).toMatchObject({ sent: "unknown", mayHaveTakenEffect: true });
  expect(error.message).toMatch(/got no response from 127\.0\.0\.1:\d+ within 0\.1 s/);
  expect(arrivals).toHaveLength(1);
});

test("an endpoint's own time limit holds", async () => {
  const { url } = await startServer(() => pass(50));
  const pass = holdTimers();
  const slow = { ...createThing, timeoutSeconds: 0.05 };
  await failure(clientOf(url).send(slow, { name: "n" }), NoAnswer);
});

test("a body that trickles in is given up after the time of one try", async () => {
  const { url } = await startServer((response) => {
    const timer = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(timer));
  });
  const pass = holdTimers();
  onHead(() => pass(100));
  const sent = clientOf(url).send(createThing, { name: "n" }, { timeoutSeconds: 0.1 });
  expect(await failure(sent, NoAnswer)).toMatchObject({ sent: true, status: 200 });
});

test("a truncated body is no answer", async () => {
  const { url } = await startServer((response) => {
    response.writeHead(201, { "content-length": "100" });
    response.write('{"id":');
    setImmediate(() => response.socket?.end());
  });
  const error = await failure(clientOf(url).send(createThing, { name: "n" }), NoAnswer);
  expect(error).toMatchObject({ sent: true, status: 201, mayHaveTakenEffect: true });
  expect(error.message).toContain("got no complete response");
});

test("an abort ends a request under way, and tells that a write is in doubt", async () => {
  const cancel = new AbortController();
  const { url } = await startServer(() => cancel.abort(new Error("enough")));
  const sent = clientOf(url).send(createThing, { name: "n" }, { signal: cancel.signal });
  const error = await failure(sent, RequestCancelled);
  expect(error).toMatchObject({ retryable: false, mayHaveTakenEffect: true });
});

test("an abort in the middle of the answer is a cancellation too", async () => {
  const cancel = new AbortController();
  const { url } = await startServer((response) => {
    response.write("{");
  });
  onHead(() => cancel.abort());
  const sent = clientOf(url).send(createThing, { name: "n" }, { signal: cancel.signal });
  expect(await failure(sent, RequestCancelled)).toMatchObject({ mayHaveTakenEffect: true });
});

test("an abort before the connection stands leaves no doubt, and comes at once", async () => {
  // It accepts connections and never says a word, so TLS is never set up.
  const sockets: Socket[] = [];
  const silent = createTcpServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : 0;
  const cancel = new AbortController();
  silent.once("connection", () => cancel.abort());
  const sent = clientOf(`https://127.0.0.1:${port}`).send(
    createThing,
    { name: "n" },
    { signal: cancel.signal },
  );
  expect(await failure(sent, RequestCancelled)).toMatchObject({ mayHaveTakenEffect: false });
});

test("TLS that fails is final, and certainly nothing was sent", async () => {
  const { port, arrivals } = await startServer((response) => reply(response, 200, ok));
  const sent = clientOf(`https://127.0.0.1:${port}`).send(createThing, { name: "n" });
  const error = await failure(sent, NoAnswer);
  expect(error).toMatchObject({ sent: false, mayHaveTakenEffect: false, tries: 1 });
  expect(arrivals).toHaveLength(0);
});

test.each([301, 302, 303, 307, 308])(
  "a %i is not followed, and its target sees nothing",
  async (status) => {
    const elsewhere = await startServer((response) => reply(response, 200, ok));
    const { url } = await startServer((response) => {
      reply(response, status, "", { location: `${elsewhere.url}/login?session=1` });
    });
    const error = await failure(clientOf(url).send(putThing, { id: "a" }), BadAnswer);
    expect(error).toMatchObject({ reason: "redirect", mayHaveTakenEffect: status === 303 });
    expect(error.message).toContain(`a redirect to ${elsewhere.url}, which is not followed`);
    expect(elsewhere.arrivals).toHaveLength(0);
  },
);

test("an answer that is not HTTP is a bad one", async () => {
  const { url } = await startServer((response) => response.socket?.end("SSH-2.0-x\r\n"));
  const error = await failure(clientOf(url).send(createThing, { name: "n" }), BadAnswer);
  expect(error).toMatchObject({ reason: "protocol", mayHaveTakenEffect: true });
});

test("a flood of headers is cut off", async () => {
  const { url } = await startServer((response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\n${`x: ${"y".repeat(1_000)}\r\n`.repeat(100)}\r\n`);
  });
  const error = await failure(clientOf(url).send(readThing, { id: "a" }), BadAnswer);
  expect(error.reason).toBe("too-large");
});

test("a credential that no header can hold is said to be the reason, and not shown", async () => {
  const { url } = await startServer((response) => reply(response, 200, ok));
  const headers = { authorization: `Bearer ${token}\nx` };
  const error = await failure(clientOf(url, { headers }).send(readThing, { id: "a" }), NoAnswer);
  expect(error).toMatchObject({ sent: false, tries: 1 });
  expect(error.message).toContain("invalid authorization header");
  expect(error.message).not.toContain(token);
});

test("the environment's proxy is used for other hosts", async () => {
  const proxy = await startServer((response) => reply(response, 200, ok));
  environment({ http_proxy: proxy.url, no_proxy: "" });
  await clientOf("http://things.invalid", { allowHttp: true }).send(readThing, { id: "a" });
  expect(proxy.arrivals.map((arrival) => arrival.url)).toEqual(["http://things.invalid/things/a"]);
});

test("NO_PROXY is honoured", async () => {
  const proxy = await startServer((response) => reply(response, 200, ok));
  environment({ http_proxy: proxy.url, no_proxy: "things.invalid" });
  const client = clientOf("http://things.invalid", { allowHttp: true });
  await failure(client.send(readThing, { id: "a" }), NoAnswer);
  expect(proxy.arrivals).toHaveLength(0);
});

test("loopback is reached past any proxy", async () => {
  const proxy = await startServer((response) => reply(response, 502));
  const { url } = await startServer((response) => reply(response, 200, ok));
  environment({ http_proxy: proxy.url, no_proxy: "" });
  await clientOf(url).send(readThing, { id: "a" });
  expect(proxy.arrivals).toHaveLength(0);
});

test("a proxy that makes no tunnel is no doubt, since nothing was sent", async () => {
  const proxy = await startServer((response) => reply(response, 200, ok));
  environment({ https_proxy: proxy.url, no_proxy: "" });
  const sent = clientOf("https://things.invalid").send(createThing, { name: "n" });
  expect(await failure(sent, NoAnswer)).toMatchObject({ sent: false, mayHaveTakenEffect: false });
});

test("a proxy of the environment that is not a URL is named as the fault", async () => {
  environment({ https_proxy: "me:pass-word@:x", no_proxy: "" });
  const sent = clientOf("https://things.invalid").send(readThing, { id: "a" });
  const error = await failure(sent, InvalidUrl);
  expect(error.message).toContain("HTTPS_PROXY");
  expect(error.message).not.toContain("pass-word");
});

test.each(["http", "https"])(
  "a proxy for %s that is down is named, and not the API",
  async (scheme) => {
    const port = await closedPort();
    environment({ [`${scheme}_proxy`]: `http://me:pass-word@127.0.0.1:${port}`, no_proxy: "" });
    const hints = () => "Check the API.";
    const client = clientOf(`${scheme}://things.invalid`, { allowHttp: true, hints });
    const error = await failure(client.send(createThing, { name: "n" }), NoAnswer);
    expect(error.message).toContain(
      `from things.invalid: proxy 127.0.0.1:${port}: the connection was refused (ECONNREFUSED)`,
    );
    expect(error.message).toMatch(/Check the proxy in HTTPS_PROXY or HTTP_PROXY; NO_PROXY names/);
    expect(error.message).not.toMatch(/pass-word|Check the API/);
    expect(error).toMatchObject({ sent: false, isProxy: true, isWrongAddress: false });
  },
);

test("a proxy that refuses the tunnel is named with its status", async () => {
  const proxy = createTcpServer((socket) => socket.end("HTTP/1.1 407 No\r\n\r\n"));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  environment({ https_proxy: `http://127.0.0.1:${port}`, no_proxy: "" });
  const sent = clientOf("https://things.invalid").send(readThing, { id: "a" });
  expect((await failure(sent, NoAnswer)).message).toContain(
    `proxy 127.0.0.1:${port}: it refused the connection to the server with status 407`,
  );
});

test("a server that can't be reached past the proxy is not blamed on the proxy", async () => {
  const port = await closedPort();
  environment({ http_proxy: `http://127.0.0.1:${port}`, no_proxy: "things.invalid" });
  const client = clientOf("http://things.invalid", { allowHttp: true });
  const error = await failure(client.send(readThing, { id: "a" }), NoAnswer);
  expect(error.isProxy).toBeFalsy();
});
