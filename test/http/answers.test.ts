import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { z } from "zod";
import { BadAnswer } from "../../provider/http/errors.ts";
import {
  clientOf,
  createThing,
  failure,
  putThing,
  readText,
  readThing,
} from "./client-under-test.ts";
import { reply, startServer } from "./server.ts";

const page = "<!DOCTYPE html>\n<html><head><title>\n Antfly </title></head><body>Hi</body></html>";

function end(body: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => reply(response, 200, body, headers);
}

test.each([
  ["a web page", end(page), "html", 'with an HTML page titled "Antfly"'],
  ["a page by content type", end("hello", { "content-type": "text/html" }), "html", "an HTML page"],
  ["no body", end(""), "empty", "returned 200 without a body"],
  ["blanks", end(" \n"), "empty", "returned 200 without a body"],
  ["cut-off JSON", end('{"id":"a'), "malformed", "with malformed or cut-off JSON"],
  ["a bare word", end("done"), "malformed", "with malformed or cut-off JSON"],
  ["another type", end('{"id":1}'), "schema", "(id: Invalid input: expected string"],
  ["another shape", end("[]"), "schema", "(Invalid input: expected object, received array)"],
])("%s where JSON was expected is a bad answer", async (_, answer, reason, message) => {
  const { url } = await startServer(answer);
  const error = await failure(clientOf(url).send(createThing, { name: "n" }), BadAnswer);
  expect(error).toMatchObject({ reason, status: 200, mayHaveTakenEffect: true, tries: 1 });
  expect(error.message).toContain(message);
});

test.each([
  ["text", readText],
  ["nothing in particular", putThing],
])("a web page where %s was expected is a bad answer", async (_, endpoint) => {
  const { url } = await startServer(end(page));
  const error = await failure(clientOf(url).send(endpoint, { id: "a" }), BadAnswer);
  expect(error.reason).toBe("html");
});

test.each([
  ["cut-off JSON", '{"id":"a'],
  ["an empty body", ""],
])("a read that got %s is sent again", async (_, body) => {
  const { url, arrivals } = await startServer((response, __, count) => {
    reply(response, 200, count < 2 ? body : { id: "a" });
  });
  await clientOf(url).send(readThing, { id: "a" });
  expect(arrivals).toHaveLength(2);
});

test("a web page is not asked for again", async () => {
  const { url, arrivals } = await startServer(end(page));
  await failure(clientOf(url).send(readThing, { id: "a" }), BadAnswer);
  expect(arrivals).toHaveLength(1);
});

test("a body of a success is never quoted", async () => {
  const { url } = await startServer(end('{"database_url":"postgres://citus:hunter2'));
  const error = await failure(clientOf(url).send(createThing, { name: "n" }), BadAnswer);
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain("hunter2");
});

test("of many complaints of a schema, three are told", async () => {
  const five = z.object({
    a: z.string(),
    b: z.string(),
    c: z.string(),
    d: z.string(),
    e: z.string(),
  });
  const { url } = await startServer(end("{}"));
  const error = await failure(
    clientOf(url).send({ ...createThing, answer: five }, { name: "n" }),
    BadAnswer,
  );
  expect(error.message.match(/expected string/g)).toHaveLength(3);
});

/** Sends without end, and counts. */
function pour(response: ServerResponse): { bytes: number } {
  const sent = { bytes: 0 };
  const chunk = "x".repeat(64 * 1024);
  const more = () => {
    while (!response.destroyed) {
      sent.bytes += chunk.length;
      if (!response.write(chunk)) return void response.once("drain", more);
    }
  };
  more();
  return sent;
}

test("a body without end is cut off at the limit", async () => {
  let sent = { bytes: 0 };
  const { url } = await startServer((response) => {
    sent = pour(response);
  });
  const error = await failure(clientOf(url).send(readText, {}), BadAnswer);
  expect(error.reason).toBe("too-large");
  expect(error.message).toContain("with more than 10485760 bytes");
  expect(sent.bytes).toBeLessThan(32 * 1024 * 1024);
});

test("a failure's body without end is cut off sooner, and does not hide the status", async () => {
  let sent = { bytes: 0 };
  const { url } = await startServer((response) => {
    response.writeHead(422);
    sent = pour(response);
  });
  await expect(clientOf(url).send(readThing, { id: "a" })).rejects.toMatchObject({
    code: "REFUSED",
    status: 422,
    serverMessage: undefined,
  });
  // Sockets on both sides buffer some megabytes.
  expect(sent.bytes).toBeLessThan(9 * 1024 * 1024);
});

test("a compressed bomb is refused without unpacking it", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const { url } = await startServer((response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    response.end(bomb);
  });
  const error = await failure(clientOf(url).send(readThing, { id: "a" }), BadAnswer);
  expect(error.reason).toBe("compressed");
});
