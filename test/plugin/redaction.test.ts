import { expect, test, vi } from "vitest";
import { CitusSimulator } from "../../simulators/citus.ts";
import { formation } from "../citus/subjects.ts";
import { running } from "../simulators/kit/testing.ts";
import { startRawServer } from "../support/raw-server.ts";
import { startPlugin } from "./plugin.ts";
import { heldOf, Resource } from "./resource.ts";
import { secret } from "./wire.ts";

const apiKey = 'key"with/+every-spelling-93d1';
const value = 'välue "of/a+secret"-50c7';
const password = "password-of-an-answer-71";

/** What must be nowhere, in every spelling that a server or a log may give it. */
const forbidden = [apiKey, value, password].flatMap((text) => [
  text,
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
  ...[0, 1, 2].map((before) =>
    Buffer.from(`${"x".repeat(before)}${text}`)
      .toString("base64")
      .slice(4, -4),
  ),
]);

/** Everything that the plugin writes under the loudest settings there are. */
const loud = {
  GRPC_TRACE: "all",
  GRPC_VERBOSITY: "DEBUG",
  NODE_DEBUG: "http,https,net,tls,undici,fetch",
  NODE_OPTIONS: "--trace-uncaught --trace-warnings",
  DEBUG: "*",
};

function found(text: string): string[] {
  return forbidden.filter((one) => text.includes(one));
}

/** The plugin with a server that answers each request with what came, in every spelling. */
async function echoing(status: number) {
  const { url, heads } = await startRawServer((socket) => {
    const came = `${heads.at(-1)}`;
    const words = [
      ...[apiKey, value].flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text)]),
      Buffer.from(`id:${apiKey}`).toString("base64"),
      Buffer.from(value).toString("base64"),
      `postgres://admin:${password}@db/x`,
      came,
    ];
    const body = JSON.stringify({ message: words.join(" "), error: value });
    const head = `HTTP/1.1 ${status} X\r\nx-request-id: ${encodeURIComponent(value)}\r\n`;
    socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  const plugin = await startPlugin(loud);
  await plugin.configure({
    antflyUrl: `${url}/db/v1`,
    antflyApiKey: secret(`id:${apiKey}`),
  });
  return plugin;
}

test.each([400, 401, 403, 404, 409, 422, 500])(
  "a %i that repeats the request shows no secret of it, in errors, messages or the plugin's output",
  { timeout: 20_000 },
  async (status) => {
    const plugin = await echoing(status);
    const resource = new Resource(plugin, "AntflySecret");
    const { inputs } = await resource.check({ key: "k", value });
    const held = {
      id: "k",
      inputs,
      state: { key: "k", value: secret(value), status: "configured_file" },
    };

    const failures = [
      await plugin.failure("create", resource.createRequest(inputs, { timeout: 1 })),
      await plugin.failure("read", resource.readRequest(held).setTimeout(1)),
    ];

    for (const { text } of failures) expect(found(text), text).toEqual([]);
    expect(found(JSON.stringify(plugin.logs))).toEqual([]);
    expect(found(plugin.written)).toEqual([]);
  },
);

test("the loudest settings write of the plugin's calls, and no value of one", async () => {
  const plugin = await echoing(422);
  const resource = new Resource(plugin, "AntflySecret");

  await resource.check({ key: "k", value, wrong: value });

  expect(plugin.written).toContain("ResourceProvider/Check");
  expect(found(plugin.written)).toEqual([]);
});

test.each([
  ["exception", "throw"],
  ["rejection", "void Promise.reject"],
])("a stray %s shows no secret, and ends neither the plugin nor its calls", async (_, raise) => {
  const spellings = [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString("base64")];
  const stray = `process.on("SIGUSR2", () => { ${raise}(new Error(process.env.STRAY)) })`;
  const plugin = await startPlugin({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stray)}`,
    STRAY: `stray: ${spellings.join(" ")} postgres://a:${password}@b`,
  });
  await plugin.configure({ antflyUrl: "http://127.0.0.1:9", antflyApiKey: secret(apiKey) });

  plugin.process.kill("SIGUSR2");
  await vi.waitUntil(() => plugin.written.includes("stray"), { timeout: 5_000 });

  expect(plugin.written).toContain("pulumi-formations: stray: [secret] [secret] [secret]");
  expect(found(plugin.written)).toEqual([]);
  const { failures } = await new Resource(plugin, "AntflySecret").check({ key: "k", value });
  expect(failures).toEqual([]);
});

test("the state of a creation that did not end travels beside its status, and is written nowhere", async () => {
  const citus = await running(new CitusSimulator({ requestsPerMinute: Number.POSITIVE_INFINITY }));
  citus.onAnswer = ({ method }) => {
    // From then on it has a URL, with a password in it.
    if (method === "POST")
      for (const id of citus.formations.keys()) citus.setState(id, "converging");
  };
  const plugin = await startPlugin(loud);
  const config = { citusUrl: citus.url, citusToken: secret(citus.token) };
  await plugin.configure({ ...config, citusRequestsPerMinute: "6000" });

  const { init } = await new Resource(plugin, "Formation").createFailing(formation.inputs, {
    timeout: 1,
  });

  const [made] = citus.formations.values();
  expect(heldOf(init).state.databaseUrl).toEqual(secret(made?.database_url));
  const { password: hidden } = new URL(made?.database_url ?? "");
  expect(plugin.written).toContain("ResourceProvider/Create");
  expect(plugin.written).not.toContain(hidden);
  expect(plugin.written).not.toContain(Buffer.from(hidden).toString("base64").slice(4, -4));
  expect(plugin.written).not.toContain(citus.token);
  expect(JSON.stringify(plugin.logs)).not.toContain(hidden);
});
