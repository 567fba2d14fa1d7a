import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { closedPort } from "../../support/closed-port.ts";
import { nodeOfVersion } from "../../support/older-node.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { creation, providerState, type StackContent } from "../command.ts";
import { type SetUp, setUp } from "./world.ts";

/** A stack with a formation, for which a token is needed. */
const formation = creation("orders", "Formation", { name: "orders", region: "us-east-1" });
const resources = [providerState(), { ...formation, id: "f-1", outputs: formation.inputs }];

/** A server, and the configuration of a stack that uses it. */
async function citus(config: Record<string, string> = {}) {
  const simulator = await running(new CitusSimulator());
  const { url: citusUrl, token: citusToken } = simulator;
  return { simulator, content: { resources, config: { citusUrl, citusToken, ...config } } };
}

/** The first line, the exit code, and that nothing shows a secret or got written. */
async function diagnose(given: SetUp, secrets: readonly string[] = [], ...args: string[]) {
  const world = await setUp(given);
  const { code, first, out, err } = await world.doctor(...args);
  for (const secret of [...secrets, ...secretsOf(given)]) expect(out + err).not.toContain(secret);
  return { code, first, out, err, world };
}

function secretsOf({ config = {}, env = {} }: SetUp): string[] {
  const all = Object.entries({ ...config, ...env });
  return all.flatMap(([key, value]) => (/token|key/i.test(key) ? [value] : []));
}

const install = "Install Pulumi 3.259 or newer: https://www.pulumi.com/docs/install/.";

test("everything fine", async () => {
  const { simulator, content } = await citus();

  const { code, first, out, err } = await diagnose(content);

  expect([code, err]).toEqual([0, ""]);
  expect(first).toBe("Everything is fine: 14 checks passed.");
  expect(simulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /api/v1/formations/",
  ]);
  expect(out).toContain(`GET ${simulator.url}/formations/: 200`);
});

test("wrong token", async () => {
  const { simulator, content } = await citus({ citusToken: "citus-token-of-last-year" });

  const { code, first } = await diagnose(content, [simulator.token]);

  expect(code).toBe(2);
  expect(first).toBe(
    'Problem: Citus Cloud rejects formations:citusToken: "Invalid token." (401). It is wrong, expired or revoked: create a new one, and set it with `pulumi config set --secret formations:citusToken`.',
  );
});

test("a wrong token that is a word of the report leaves the report readable", async () => {
  const { content } = await citus({ citusToken: "wrong" });
  const { doctor } = await setUp(content);

  const { first, out } = await doctor();

  expect(first).toContain("It is wrong, expired or revoked");
  expect(out).not.toContain("[secret]");
});

test("no token", async () => {
  const { code, first } = await diagnose({ resources });

  expect(code).toBe(2);
  expect(first).toBe(
    "Problem: Citus Cloud: the API token is missing. Set it with `pulumi config set --secret formations:citusToken` or in the environment variable FORMATIONS_CITUS_TOKEN.",
  );
});

test("expired token", async () => {
  const { content } = await citus();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Date.UTC(2025, 0, 31, 12) / 1_000;
  const expired = `${part({ alg: "HS256" })}.${part({ exp })}.c2lnbmF0dXJl`;
  const { citusToken: _, ...config } = content.config;

  const { code, first } = await diagnose({
    ...{ ...content, config },
    env: { FORMATIONS_CITUS_TOKEN: expired },
  });

  expect(code).toBe(2);
  expect(first).toBe(
    "Problem: FORMATIONS_CITUS_TOKEN expired at 2025-01-31 12:00 UTC, and Citus Cloud rejects it. Create a new one, and set FORMATIONS_CITUS_TOKEN to it.",
  );
});

test("http URL", async () => {
  const config = { citusToken: "citus-token-1", citusUrl: "http://citus.example.com/api/v1" };

  const { code, first, out } = await diagnose({ resources, config });

  expect(code).toBe(2);
  expect(first).toBe(
    'Problem: Citus Cloud: formations:citusUrl is "http://citus.example.com/api/v1": over plain HTTP, anyone on the network could read the credential. Use https://, or set formations:allowHttp to true inside a private network.',
  );
  expect(out).toContain("No request was sent.");
});

test("proxy down", async () => {
  const config = { citusToken: "citus-token-1", citusUrl: "https://citus.example.com/api/v1" };
  const proxy = `127.0.0.1:${await closedPort()}`;

  const { code, first } = await diagnose(
    {
      ...{ resources, config },
      env: { HTTPS_PROXY: `http://user:proxy-password@${proxy}` },
    },
    ["proxy-password"],
  );

  expect(code).toBe(2);
  expect(first).toBe(
    `Problem: Citus Cloud can't be reached: proxy ${proxy}: the connection was refused (ECONNREFUSED). Check HTTPS_PROXY and HTTP_PROXY; NO_PROXY names hosts that need no proxy.`,
  );
});

test.each([
  { offset: 600, first: "Problem: This machine's clock is 10 min behind", code: 2 },
  { offset: -7_200, first: "Problem: This machine's clock is 2 h ahead of", code: 2 },
  { offset: 240, first: "Warning: This machine's clock is 4 min behind", code: 0 },
])("clock off by $offset seconds", async ({ offset, first, code }) => {
  const { simulator, content } = await citus();
  simulator.clockOffsetSeconds = offset;

  const found = await diagnose(content);

  expect(found.code).toBe(code);
  expect(found.first).toBe(
    `${first} that of Citus Cloud. Set it, for instance with \`timedatectl set-ntp true\`: creation times say what a lost response left, and schedules fire by this clock.`,
  );
});

test("old Node.js, which runs the command", async () => {
  const { executable } = nodeOfVersion({ node: "20.1.0" });

  const { code, first, out, world } = await diagnose({ node: executable });

  expect(code).toBe(2);
  expect(first).toBe(
    `Problem: formations needs Node.js 22.19 or newer on PATH; this is 20.1.0 (${process.execPath}).`,
  );
  expect(out.trim()).toBe(first);
  const document = JSON.parse((await world.doctor("--json")).out);
  expect(document).toMatchObject({ status: "problem", summary: first });
});

test("old Node.js on the PATH, which runs the plugin", async () => {
  const nodeOnPath = join(ownTemporaryFolder(), "node");
  writeFileSync(nodeOnPath, "#!/bin/sh\necho v20.1.0\n");
  chmodSync(nodeOnPath, 0o755);

  const { code, first, world } = await diagnose({ resources, nodeOnPath });

  expect(code).toBe(2);
  expect(first).toBe(
    `Problem: The Node.js on the PATH is 20.1.0 (${join(world.tools, "node")}); programs and the plugin need 22.19 or newer. Install a newer one, or put it first on the PATH.`,
  );
});

test("two SDKs", async () => {
  const { content } = await citus();
  const version = (version: string) => JSON.stringify({ version });
  const modules = "node_modules/pulumi-formations";
  const nested = "node_modules/platform/node_modules/pulumi-formations";
  const files = {
    "Pulumi.yaml": "name: scenario\nruntime:\n  name: nodejs\n  options:\n    typescript: true\n",
    "package.json": JSON.stringify({ dependencies: { "pulumi-formations": "^0.2.0" } }),
    [`${modules}/package.json`]: version("0.2.0"),
    [`${nested}/package.json`]: version("0.1.0"),
  };

  const { code, first, world } = await diagnose({ ...content, files });

  expect(code).toBe(2);
  expect(first).toBe(
    `Problem: The project has 2 copies of pulumi-formations: 0.2.0 (${join(world.folder, modules)}), 0.1.0 (${join(world.folder, nested)}). Keep one: ask for the same version everywhere, and run \`npm dedupe\`.`,
  );
});

test("no engine", async () => {
  const { code, first } = await diagnose({ hasNoPulumi: true });

  expect(code).toBe(2);
  expect(first).toBe(`Problem: There is no \`pulumi\` on the PATH. ${install}`);
});

test("engine too old", async () => {
  const { code, first } = await diagnose({ version: "v3.100.0" });

  expect(code).toBe(2);
  expect(first).toBe(
    "Problem: pulumi-formations needs Pulumi 3.259 or newer; this is 3.100.0. Install a newer one: https://www.pulumi.com/docs/install/.",
  );
});

test("stack locked", async () => {
  const { content } = await citus();
  const lock: StackContent["lock"] = {
    ...{ pid: 4711, username: "alice", hostname: "elsewhere" },
    timestamp: "2026-01-02T03:04:05.678+00:00",
  };

  const { code, first } = await diagnose({ ...content, lock });

  expect(code).toBe(2);
  expect(first).toBe(
    "Problem: Stack test is locked: alice on elsewhere, since 2026-01-02 03:04:05 UTC, process 4711. Wait for that run to end. If it was killed, remove its lock with `pulumi cancel --stack test`.",
  );
});

test("passphrase missing", async () => {
  const { content } = await citus();
  const err =
    "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables";

  const { code, first, out } = await diagnose({
    ...content,
    failing: { "stack export --show-secrets": { err }, "config --json": { err } },
  });

  expect(code).toBe(2);
  expect(first).toBe(
    "Problem: Pulumi can't decrypt the secrets of stack test: the passphrase is missing. Set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that has it.",
  );
  // What rests on the configuration is not checked, and the rest is.
  expect(out).toContain("Nobody holds its lock.");
  expect(out).toContain("No request was sent.");
});

test("budget blocked: no request is sent until it is cleared", async () => {
  const { simulator, content } = await citus();
  simulator.order({
    kind: {
      type: "status",
      status: 429,
      body: { message: "Slow down." },
      headers: { "retry-after": "300" },
    },
  });
  const { doctor } = await setUp(content);

  const refused = await doctor();
  expect(refused.code).toBe(2);
  expect(refused.first).toContain("returned 429: Slow down.");
  expect(simulator.requests).toHaveLength(1);

  const blocked = await doctor();
  expect(blocked.code).toBe(2);
  expect(blocked.first).toMatch(
    /^Problem: Citus Cloud refused a request and asked for a pause: none is sent before 20\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC\. Wait until then, or try earlier with `formations doctor --clear-budget`\.$/,
  );
  expect(simulator.requests).toHaveLength(1);

  const cleared = await doctor("--clear-budget");
  expect(cleared.err.trim()).toBe(
    "Clearing the rate budget of Citus Cloud: all processes of this user forget the requests of the last minute and the pause that the server asked for. The server still counts, and may refuse the next request.",
  );
  expect(cleared.first).toBe("Everything is fine: 14 checks passed.");
  expect(simulator.requests).toHaveLength(2);
});

test("server down", async () => {
  const citusUrl = `http://127.0.0.1:${await closedPort()}/api/v1`;

  const { code, first } = await diagnose({
    resources,
    config: { citusUrl, citusToken: "citus-token-1" },
  });

  expect(code).toBe(2);
  expect(first).toBe(
    `Problem: Citus Cloud can't be reached at ${citusUrl}: the connection was refused (ECONNREFUSED). Check that the server is up and that this machine may reach it, and that formations:citusUrl has the right address.`,
  );
});
