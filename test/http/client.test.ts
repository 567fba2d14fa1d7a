import { expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "../../provider/http/endpoint.ts";
import { InvalidUrl, NoAnswer } from "../../provider/http/errors.ts";
import { path } from "../../provider/http/path.ts";
import { closedPort } from "../support/closed-port.ts";
import {
  clientOf,
  createThing,
  failure,
  putThing,
  readText,
  readThing,
  token,
} from "./client-under-test.ts";
import { reply, startServer } from "./server.ts";

test("a JSON answer is parsed by the endpoint's schema", async () => {
  const { url } = await startServer((response) => reply(response, 200, { id: "a", more: 1 }));
  expect(await clientOf(url).send(readThing, { id: "a" })).toEqual({ id: "a" });
});

test("JSON counts as JSON whatever its content type says", async () => {
  const { url } = await startServer((response) => {
    reply(response, 200, { id: "a" }, { "content-type": "text/plain" });
  });
  expect(await clientOf(url).send(readThing, { id: "a" })).toEqual({ id: "a" });
});

test("a text answer is given as it is", async () => {
  const { url } = await startServer((response) => reply(response, 200, "up 1\n"));
  expect(await clientOf(url).send(readText, {})).toBe("up 1\n");
});

test("where only the status counts, any body is accepted and none is given", async () => {
  const { url } = await startServer((response) => reply(response, 200, "done"));
  expect(await clientOf(url).send(putThing, { id: "a" })).toBeUndefined();
});

test("paths hang from the base URL, with or without a slash at its end", async () => {
  const { url, arrivals } = await startServer((response) => reply(response, 200, { id: "a" }));
  await clientOf(`${url}/api/v1/`).send(readThing, { id: "a b/c" });
  await clientOf(`${url}/api/v1`).send(readThing, { id: "a" });
  expect(arrivals.map((arrival) => arrival.url)).toEqual([
    "/api/v1/things/a%20b%2Fc",
    "/api/v1/things/a",
  ]);
});

test("query parameters are encoded, and left out where undefined", async () => {
  const list = endpoint({
    operation: "list things",
    method: "GET",
    path: () => path`/things/`,
    query: (query: { location: string; cursor?: string }) => query,
    answer: z.array(z.unknown()),
  });
  const { url, arrivals } = await startServer((response) => reply(response, 200, []));
  await clientOf(url).send(list, { location: "s3://a/b&c", cursor: undefined });
  expect(arrivals[0]?.url).toBe("/things/?location=s3%3A%2F%2Fa%2Fb%26c");
});

test("a request carries the credential, the body as JSON, and asks for no compression", async () => {
  const { url, arrivals } = await startServer((response) => reply(response, 201, { id: "a" }));
  await clientOf(url).send(createThing, { name: "n" }, { headers: { "idempotency-key": "k" } });
  expect(arrivals).toMatchObject([
    {
      method: "POST",
      body: '{"name":"n"}',
      headers: {
        authorization: `Bearer ${token}`,
        "accept-encoding": "identity",
        "content-type": "application/json",
        "idempotency-key": "k",
        "user-agent": expect.stringMatching(/^pulumi-formations\/\d+\.\d+\.\d+$/),
      },
    },
  ]);
});

test("a request without a body says nothing of a content type", async () => {
  const { url, arrivals } = await startServer((response) => reply(response, 200, { id: "a" }));
  await clientOf(url).send(readThing, { id: "a" });
  expect(arrivals[0]?.headers).not.toHaveProperty("content-type");
  expect(arrivals[0]?.body).toBe("");
});

test("requests one after the other share a connection", async () => {
  const ports = new Set<number | undefined>();
  const { url } = await startServer((response) => {
    ports.add(response.socket?.remotePort);
    reply(response, 200, { id: "a" });
  });
  const client = clientOf(url);
  await client.send(readThing, { id: "a" });
  // undici frees a connection a turn after the answer.
  await new Promise(setImmediate);
  await client.send(readThing, { id: "b" });
  expect(ports.size).toBe(1);
});

test("a client opens no more connections than it may", async () => {
  const ports = new Set<number | undefined>();
  const { promise: bothAsked, resolve } = Promise.withResolvers<void>();
  const { url } = await startServer(async (response, _, count) => {
    ports.add(response.socket?.remotePort);
    if (count === 2) resolve();
    await bothAsked;
    reply(response, 200, { id: "a" });
  });
  const client = clientOf(url, { maxConnections: 2 });
  await Promise.all(["a", "b", "c", "d", "e"].map((id) => client.send(readThing, { id })));
  expect(ports.size).toBe(2);
});

test.each([
  ["nonsense", "is not a valid URL"],
  ["ftp://api.example.com", "begins with ftp: instead of https:"],
  ["https://me:pass-word@api.example.com", "of api.example.com contains credentials"],
  ["https://api.example.com/?key=1", "of api.example.com contains a query or a fragment"],
  ["http://api.example.com", "http://api.example.com is plain HTTP"],
  ["http://127.0.0.1.example.com", "is plain HTTP"],
])("the base URL %s is refused at the first request", async (baseUrl, problem) => {
  const error = await failure(clientOf(baseUrl).send(readThing, { id: "a" }), InvalidUrl);
  expect(error.message).toContain(problem);
  expect(error.message).not.toContain("pass-word");
  expect(error).toMatchObject({ tries: 0, retryable: false, mayHaveTakenEffect: false });
});

test.each(["localhost", "127.8.9.10", "[::1]"])("plain http to %s is tried", async (host) => {
  const client = clientOf(`http://${host}:${await closedPort()}`);
  await failure(client.send(readThing, { id: "a" }), NoAnswer);
});

test("plain http to another host is tried if that is allowed", async () => {
  const client = clientOf("http://things.invalid", { allowHttp: true });
  await failure(client.send(readThing, { id: "a" }), NoAnswer);
});

test("a closed client cancels what is under way", async () => {
  const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
  const { url } = await startServer(() => arrived());
  const client = clientOf(url);
  const sent = client.send(createThing, { name: "n" });
  await Promise.all([
    expect(sent).rejects.toMatchObject({ code: "CANCELLED", mayHaveTakenEffect: true }),
    asked.then(() => client.close()),
  ]);
});
