import { writeFileSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { expired, key, ofAnotherHost } from "./certificates.ts";
import { firstLine, world, yaml } from "./in-process.ts";
import { setUp } from "./world.ts";

const citusToken = "citus-token-1";

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** The configuration of a stack whose server has a certificate. */
async function secured(cert: string) {
  const port = await portOf(createHttpsServer({ key, cert }));
  return { citusToken, citusUrl: `https://localhost:${port}/api/v1` };
}

const authority =
  "If an authority of your own signs certificates, set NODE_EXTRA_CA_CERTS to the file with the authority's certificate.";

test.each([
  {
    ...{ what: "a certificate that nobody known signed", cert: ofAnotherHost, isTrusted: false },
    ...{ code: "DEPTH_ZERO_SELF_SIGNED_CERT", cure: authority },
  },
  {
    ...{ what: "a certificate that has expired", cert: expired, isTrusted: true },
    code: "CERT_HAS_EXPIRED",
    cure: "Check this machine's clock: if it is right, the server needs a new certificate.",
  },
  {
    ...{ what: "a certificate of another host", cert: ofAnotherHost, isTrusted: true },
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    cure: "Its certificate is that of another host: check that formations:citusUrl has the right host.",
  },
])("$what", async ({ cert, code, cure, isTrusted }) => {
  const file = join(ownTemporaryFolder(), "authority.pem");
  writeFileSync(file, cert);
  const config = await secured(cert);
  const env: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: file } : {};

  const { first } = await (await setUp({ config, env })).doctor();

  expect(first).toBe(
    `Problem: Citus Cloud can't be reached at ${config.citusUrl}: the server's certificate was rejected (${code}). ${cure}`,
  );
});

test("https where the server speaks http", async () => {
  const citus = await running(new CitusSimulator());
  const citusUrl = citus.url.replace("http:", "https:");

  const { first } = await firstLine(await world({ config: { citusToken, citusUrl } }));

  expect(first).toMatch(
    /the TLS connection failed \(\w+\)\. The port may not be one for HTTPS: check that formations:citusUrl has the right scheme and port\.$/,
  );
});

test("a host that does not exist, past the environment's proxy", async () => {
  const config = { citusToken, citusUrl: "https://citus.invalid/api/v1" };
  const env = { https_proxy: "http://me:pass-word@proxy.invalid:3128", no_proxy: ".invalid" };

  const { first, out } = await firstLine(await world({ config }, yaml, env));

  expect(first).toMatch(
    /\((?:ENOTFOUND|EAI_AGAIN)\)\. Check this machine's network and DNS, and that formations:citusUrl has the right host\. The environment has the proxy proxy\.invalid:3128, for all hosts that NO_PROXY does not name\.$/,
  );
  expect(out).not.toContain("pass-word");
});

test.each([
  {
    status: 407,
    cure: "It wants a user and a password: both belong before the host in the proxy's URL, percent-encoded.",
  },
  { status: 403, cure: "It may not allow this host." },
])("a proxy that refuses with $status", async ({ status, cure }) => {
  const proxy = createServer((socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
  const host = `127.0.0.1:${await portOf(proxy)}`;
  const config = { citusToken, citusUrl: "https://citus.invalid/api/v1" };
  const env = { https_proxy: `http://me:pass-word@${host}`, no_proxy: "" };

  const { first, out } = await firstLine(await world({ config }, yaml, env));

  expect(first).toBe(
    `Problem: Citus Cloud can't be reached: proxy ${host}: it refused the connection to the server with status ${status}. ${cure} Check HTTPS_PROXY and HTTP_PROXY; NO_PROXY names hosts that need no proxy.`,
  );
  expect(out).not.toContain("pass-word");
});

test.each([
  {
    ...{ what: "a server that fails", status: 500 },
    expected:
      /returned 500: Oops\. The server itself fails: try again later, or ask those who run it\.$/,
  },
  {
    ...{ what: "an API that has no such path", status: 404 },
    expected: /returned 404: Oops\. Check that formations:citusUrl is the API's address\.$/,
  },
  {
    ...{ what: "a server that asks for a pause", status: 429 },
    expected:
      /returned 429: Oops\. No request is sent before 20\d\d-\S+ \d\d:\d\d(?::\d\d)? UTC: wait until then, or try earlier with `formations doctor --clear-budget`\.$/,
  },
])("$what", async ({ status, expected }) => {
  const citus = await running(new CitusSimulator());
  const headers: Record<string, string> = status === 429 ? { "retry-after": "300" } : {};
  citus.order({ kind: { type: "status", status, body: { message: "Oops." }, headers } });
  const config = { citusUrl: citus.url, citusToken: citus.token };

  const { first } = await firstLine(await world({ config }));

  expect(first).toMatch(expected);
  expect(citus.requests).toHaveLength(1);
});
