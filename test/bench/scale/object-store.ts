import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import type { Traffic } from "./results.ts";

const none: Traffic = { requests: 0, uploads: 0, copies: 0, uploaded: 0 };
const bucket = "state";

interface StoredObject {
  body: Buffer;
  modified: Date;
}

/**
 * A stand-in for an object store with the part of S3's protocol that Pulumi's backend uses. It counts what
 * a run uploads, which a folder of files does not show. It keeps everything in memory.
 */
export class ObjectStore implements AsyncDisposable {
  readonly #objects = new Map<string, StoredObject>();
  readonly #server = createServer((request, response) => void this.#respond(request, response));
  #traffic = { ...none };

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore();
    store.#server.listen(0, "127.0.0.1");
    await once(store.#server, "listening");
    return store;
  }

  /** The variables with which `pulumi` keeps its state here. */
  get env(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    const settings = new URLSearchParams({
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      s3ForcePathStyle: "true",
    });
    return {
      PULUMI_BACKEND_URL: `s3://${bucket}?${settings}`,
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** What was done since the last call. */
  takeTraffic(): Traffic {
    const traffic = this.#traffic;
    this.#traffic = { ...none };
    return traffic;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#traffic.requests += 1;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://store");
    const key = decodeURIComponent(pathname).slice(`/${bucket}/`.length);
    const body = await buffer(request);
    const stored = this.#objects.get(key);
    if (request.method === "PUT") {
      this.#put(key, request, body, response);
    } else if (request.method === "GET" && key === "") {
      response.end(this.#list(searchParams));
    } else if (request.method === "DELETE") {
      this.#objects.delete(key);
      response.writeHead(204).end();
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(501).end();
    } else if (stored) {
      response.writeHead(200, {
        "content-length": stored.body.length,
        "last-modified": stored.modified.toUTCString(),
        etag: etagOf(stored),
      });
      response.end(request.method === "GET" ? stored.body : undefined);
    } else {
      response.writeHead(404, { "content-type": "application/xml" });
      response.end(request.method === "GET" ? "<Error><Code>NoSuchKey</Code></Error>" : undefined);
    }
  }

  #put(key: string, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const source = request.headers["x-amz-copy-source"];
    if (typeof source === "string") {
      this.#traffic.copies += 1;
      const original = this.#objects.get(decodeURIComponent(source).replace(`${bucket}/`, ""));
      if (original) this.#objects.set(key, original);
      response.writeHead(original ? 200 : 404);
      response.end(original && `<CopyObjectResult>${elements(original)}</CopyObjectResult>`);
      return;
    }
    const isChunked = String(request.headers["content-encoding"]).includes("aws-chunked");
    const object = { body: isChunked ? withoutChunks(body) : body, modified: new Date() };
    this.#traffic.uploads += 1;
    this.#traffic.uploaded += object.body.length;
    this.#objects.set(key, object);
    response.writeHead(200, { etag: etagOf(object) }).end();
  }

  /** The objects under a prefix, and, with a delimiter, the folders in place of what they hold. */
  #list(search: URLSearchParams): string {
    const prefix = search.get("prefix") ?? "";
    const delimiter = search.get("delimiter") ?? "";
    const folders = new Set<string>();
    const contents: string[] = [];
    for (const [key, object] of [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!key.startsWith(prefix)) continue;
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      if (end >= 0) folders.add(key.slice(0, end + 1));
      else contents.push(`<Contents><Key>${key}</Key>${elements(object)}</Contents>`);
    }
    const prefixes = [...folders].map(
      (folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`,
    );
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join("")}${prefixes.join("")}</ListBucketResult>`;
  }
}

function elements(object: StoredObject): string {
  const { body, modified } = object;
  return `<LastModified>${modified.toISOString()}</LastModified><ETag>${etagOf(object)}</ETag><Size>${body.length}</Size>`;
}

function etagOf({ body }: StoredObject): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

/** The content of a body in S3's own chunks: `<hex length>;…\r\n<bytes>\r\n`, the last one empty. */
function withoutChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf("\r\n", at);
    const length = Number.parseInt(body.toString("latin1", at, end), 16);
    if (end < 0 || !length) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}
