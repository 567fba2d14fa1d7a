import { inspect } from "node:util";
import { expect, test } from "vitest";
import { FormationsError } from "../../provider/errors.ts";
import * as errors from "../../provider/http/errors.ts";
import { clientOf, createThing, failure, readThing, token } from "./client-under-test.ts";
import { reply, startServer } from "./server.ts";

const page = "<html><head><title>Not Found</title></head></html>";

/** What a client says of an answer to `POST /things`. It asks for a wait that nobody makes. */
async function errorOf(status: number, body: string | object, headers = {}) {
  const { url } = await startServer((response) => {
    reply(response, status, body, { "retry-after": "86400", ...headers });
  });
  return failure(clientOf(url).send(createThing, { name: "n" }), errors.HttpError);
}

test.each([
  [400, errors.Refused, "REFUSED", false, false],
  [401, errors.Unauthorized, "UNAUTHORIZED", false, false],
  [403, errors.Forbidden, "FORBIDDEN", false, false],
  [404, errors.NotFound, "NOT_FOUND", false, false],
  [405, errors.Refused, "REFUSED", false, false],
  [409, errors.Conflict, "CONFLICT", false, false],
  [410, errors.Gone, "GONE", false, false],
  [422, errors.Refused, "REFUSED", false, false],
  [424, errors.Refused, "REFUSED", false, false],
  [429, errors.RateLimited, "RATE_LIMITED", true, false],
  [500, errors.ServerFailure, "SERVER_FAILURE", true, true],
  [501, errors.ServerFailure, "SERVER_FAILURE", false, true],
  [503, errors.ServerFailure, "SERVER_FAILURE", true, true],
])("%i is its own class", async (status, type, code, retryable, mayHaveTakenEffect) => {
  const error = await errorOf(status, { message: "no" });
  expect(error).toBeInstanceOf(type);
  expect(error).toBeInstanceOf(FormationsError);
  expect(error).toMatchObject({
    code,
    retryable,
    mayHaveTakenEffect,
    status,
    name: type.name,
    system: "Test Cloud",
    operation: "create thing",
    method: "POST",
    path: "/things",
    serverMessage: "no",
  });
});

const prefix = "Test Cloud: could not create thing: POST /things returned";

test.each([
  ["{message}", 422, { message: "name is taken" }, `${prefix} 422: name is taken.`],
  ["{error}", 409, { error: "busy; retry later." }, `${prefix} 409: busy; retry later.`],
  ["{error, message}", 400, { error: "BAD", message: "not so" }, `${prefix} 400: not so.`],
  ["{error: {message}}", 400, { error: { message: "deep" } }, `${prefix} 400: deep.`],
  [
    "JSON of its own",
    400,
    { errors: { name: ["short"] } },
    `${prefix} 400: {"errors":{"name":["short"]}}.`,
  ],
  ["a JSON string", 404, '"Couldn\'t find that app."', `${prefix} 404: Couldn't find that app.`],
  ["an unquoted string", 404, "Couldn't find that app.", `${prefix} 404: Couldn't find that app.`],
  ["several lines", 400, "one\ntwo\u001b[31m", `${prefix} 400: one two [31m.`],
  [
    "a web page",
    404,
    page,
    `${prefix.replace("/things", "ORIGIN/things")} 404 with an HTML page titled "Not Found".`,
  ],
  ["nothing", 401, "", `${prefix} 401 without a message.`],
  ["a server's failure", 500, "oops", `${prefix} 500: oops. It may have taken effect.`],
])("the message, when the server says %s", async (_, status, body, message) => {
  const headers = { "content-type": "application/json" };
  const error = await errorOf(status, body, headers);
  expect(error.message).toBe(message.replace("ORIGIN", error.origin ?? ""));
});

test("a code beside the server's message is kept", async () => {
  const error = await errorOf(400, { error: "INTERNAL_ERROR", message: "internal server error" });
  expect(error.serverCode).toBe("INTERNAL_ERROR");
});

test("the server's words are cut to 500 characters", async () => {
  const error = await errorOf(400, "x".repeat(5_000));
  expect(error.serverMessage).toBe(`${"x".repeat(499)}…`);
});

test("the request's ID is told, from whichever header the system uses", async () => {
  const { url } = await startServer((response) => reply(response, 404, "no", { "x-trace": "r-1" }));
  const client = clientOf(url, { requestIdHeaders: ["x-request-id", "X-Trace"] });
  const error = await failure(client.send(readThing, { id: "a" }), errors.NotFound);
  expect(error.requestId).toBe("r-1");
  expect(error.message).toMatch(/returned 404: no \(request ID r-1\)\.$/);
});

test("the system's hint ends the message, and sees the error that it is for", async () => {
  const { url } = await startServer((response) => reply(response, 404, page));
  const hints = ({ code, fromApi }: errors.FailureFacts) => {
    return code === "NOT_FOUND" && !fromApi ? "Check thingsUrl." : undefined;
  };
  const error = await failure(
    clientOf(url, { hints }).send(readThing, { id: "a" }),
    errors.NotFound,
  );
  expect(error.message).toMatch(/"Not Found"\. Check thingsUrl\.$/);
});

test.each([
  ["JSON", { error: "no such thing" }, true],
  ["a sentence", "no such thing", true],
  ["a web page", page, false],
  ["an empty body", "", false],
])("a 404 with %s is told apart from a wrong URL", async (_, body, fromApi) => {
  expect(await errorOf(404, body)).toMatchObject({ fromApi });
});

test("no credential is shown, wherever the server puts it", async () => {
  const basic = Buffer.from(`user:${token}`).toString("base64");
  const { url } = await startServer((response) => {
    const message = `bad token ${token} or ${basic}, try postgres://u:hunter2@db/x`;
    reply(response, 403, { message, error: token }, { "x-request-id": token });
  });
  const error = await failure(clientOf(url).send(readThing, { id: token }), errors.Forbidden);
  const shown = `${inspect(error, { depth: 9 })} ${JSON.stringify(error)} ${error.message}`;
  expect(shown).toContain("bad token [secret]");
  for (const secret of [token, basic.slice(8, -4), "hunter2"]) expect(shown).not.toContain(secret);
});

test.each([
  ["a page's title", `HTTP/1.1 404 X\r\n\r\n<html><title>Bearer ${token}</title>`],
  ["a redirect's target", `HTTP/1.1 302 X\r\nlocation: https://${token}.example.com\r\n\r\n`],
  ["something that is not HTTP", `Bearer ${token}\r\n`],
])("a credential in %s is not shown", async (_, answer) => {
  const { url } = await startServer((response) => response.socket?.end(answer));
  const error = await failure(clientOf(url).send(readThing, { id: "a" }), errors.HttpError);
  expect(inspect(error, { depth: 9 })).not.toContain(token);
});

test("a value that is secret for one call only is not shown either", async () => {
  const { url } = await startServer((response, { body }) => reply(response, 422, `bad: ${body}`));
  const sent = clientOf(url).send(createThing, { name: "hunter2" }, { secrets: ["hunter2"] });
  const error = await failure(sent, errors.Refused);
  expect(error.serverMessage).toBe('bad: {"name":"[secret]"}');
});

test("half a text of a failure is not shown, since it may end in half a secret", async () => {
  const { url } = await startServer((response) => {
    response.writeHead(400, { "content-length": "1000" });
    response.write("see postgres://u:hunter2");
    setImmediate(() => response.socket?.end());
  });
  const error = await failure(clientOf(url).send(readThing, { id: "a" }), errors.Refused);
  expect(error.message).toMatch(/returned 400 with an incomplete body\.$/);
});
