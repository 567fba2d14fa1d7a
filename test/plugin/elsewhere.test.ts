import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { startRawServer } from "../support/raw-server.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { secret } from "./wire.ts";

const token = "cbkey_elsewhere-41c9e7";
const id = "v3eygkynpfb7xjxpclzvkhnwxe";

/** Every request that an HTTPS server got, by its headers. */
type Arrivals = NodeJS.Dict<string | string[]>[];

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

beforeAll(() => {
  if (!hasOpenssl) console.warn("without openssl no certificate can be made, so TLS is not tested");
});

interface Certificate {
  key: Buffer;
  cert: Buffer;
}

/** Makes certificates in a folder: an authority's own, or one that it signs. */
function authority() {
  const folder = ownTemporaryFolder();
  const openssl = (...args: string[]) => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const keyed = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const read = (name: string): Certificate => ({
    key: readFileSync(join(folder, `${name}.key`)),
    cert: readFileSync(join(folder, `${name}.pem`)),
  });

  /** One for a host that signs itself. */
  function selfSigned(name: string, host: string): Certificate {
    const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "2"];
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${host}`];
    openssl("req", "-x509", ...keyed, ...files, ...subject);
    return read(name);
  }

  /** One for a host that the authority signs. */
  function signed(name: string, host: string, days = "2"): Certificate {
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${host}`];
    openssl("req", ...keyed, "-keyout", `${name}.key`, "-out", `${name}.csr`, ...subject);
    const by = ["-CA", "authority.pem", "-CAkey", "authority.key", "-copy_extensions", "copy"];
    openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-days", days, "-out", `${name}.pem`);
    return read(name);
  }

  selfSigned("authority", "DNS:authority.invalid");
  return { file: join(folder, "authority.pem"), selfSigned, signed };
}

/** @param location where it redirects to; default: it answers that the cluster is gone */
async function startHttps(certificate: Certificate, location?: string) {
  const arrivals: Arrivals = [];
  const server = createServer(certificate, (request, response) => {
    arrivals.push(request.headers);
    if (location !== undefined) response.writeHead(301, { location }).end();
    else response.writeHead(410).end('{"message":"deleted"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `https://127.0.0.1:${address.port}`, arrivals };
}

async function replicaAt(url: string, env: Record<string, string> = {}) {
  const plugin = await startPlugin(env);
  await plugin.configure({ crunchyBridgeUrl: url, crunchyBridgeApiKey: secret(token) });
  const resource = new Resource(plugin, "Replica");
  return { resource, read: () => plugin.failure("read", resource.readRequest(id).setTimeout(60)) };
}

test.runIf(hasOpenssl)("a certificate of a trusted authority is accepted", async () => {
  const { file, signed } = authority();
  const { url, arrivals } = await startHttps(signed("good", "IP:127.0.0.1"));
  const { resource } = await replicaAt(url, { NODE_EXTRA_CA_CERTS: file });

  expect(await resource.read(id)).toMatchObject({ id: "" });

  expect(arrivals).toMatchObject([{ authorization: `Bearer ${token}` }]);
});

test.runIf(hasOpenssl).each([
  ["signs itself", "selfSigned", "IP:127.0.0.1", "2", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["is another host's", "signed", "DNS:elsewhere.invalid", "2", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ["has expired", "signed", "IP:127.0.0.1", "-1", "CERT_HAS_EXPIRED"],
] as const)(
  "a certificate that %s ends it at once, and nothing is sent",
  async (_, kind, host, days, code) => {
    const { file, [kind]: make } = authority();
    const { url, arrivals } = await startHttps(make("bad", host, days));
    const { read } = await replicaAt(url, { NODE_EXTRA_CA_CERTS: file });

    const { text } = await read();

    expect(text).toContain(`the server's certificate was rejected (${code})`);
    expect(text).toContain("Check that formations:crunchyBridgeUrl");
    expect(arrivals).toEqual([]);
  },
);

test.each(["", "/clusters", "?session=1"])(
  "a redirect to another server%s takes no credential there, and no request",
  async (path) => {
    const other = await startRawServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n{}"));
    const { url } = await startRawServer((socket) =>
      socket.end(`HTTP/1.1 307 X\r\nlocation: ${other.url}${path}\r\ncontent-length: 0\r\n\r\n`),
    );
    const { read } = await replicaAt(url);

    expect((await read()).text).toContain(`a redirect to ${other.url}, which is not followed`);

    expect(other.heads).toEqual([]);
  },
);

test.runIf(hasOpenssl)("a redirect from https to http is not followed either", async () => {
  const { file, signed } = authority();
  const other = await startRawServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n{}"));
  const { url } = await startHttps(signed("good", "IP:127.0.0.1"), `${other.url}/clusters/${id}`);
  const { read } = await replicaAt(url, { NODE_EXTRA_CA_CERTS: file });

  expect((await read()).text).toContain(`a redirect to ${other.url}, which is not followed`);

  expect(other.heads).toEqual([]);
});
