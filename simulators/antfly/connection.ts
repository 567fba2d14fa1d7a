import { error, internalError, Refusal, text } from "./answers.ts";

/** A connection of the server's configuration (0.2), through which it reaches a location. */
export interface SimConnection {
  capabilities: string[];
  protocol: "filesystem" | "s3" | "gcs";
  /** The buckets that may be used; a filesystem has none. */
  buckets: string[];
  /** False: the filesystem's root doesn't exist, or the bucket can't be reached. */
  reachable: boolean;
}

/** What a call needs of a connection: a backup to write, a list and a restore to read. */
export type Capability = "backup.write" | "restore.read";

const protocols: [prefix: string, protocol: SimConnection["protocol"]][] = [
  ["file://", "filesystem"],
  ["s3://", "s3"],
  ["gs://", "gcs"],
  ["gcs://", "gcs"],
];

/** Connections of a new simulator: `bk`, a filesystem, and `s3` for the bucket `backups`. */
export function initialConnections(): Map<string, SimConnection> {
  const capabilities = ["backup.write", "backup.read", "restore.read"];
  return new Map([
    ["bk", { capabilities, protocol: "filesystem", buckets: [], reachable: true }],
    ["s3", { capabilities, protocol: "s3", buckets: ["backups"], reachable: true }],
  ]);
}

/** A location of which the spelling doesn't matter any more: `file:////a/` is `file:///a`. */
export function normalised(location: string): string {
  const [, scheme = "", rest = ""] = /^([a-z0-9]+:\/\/)?(.*)$/s.exec(location) ?? [];
  const absolute = rest.startsWith("/") ? "/" : "";
  const canonical = scheme === "gcs://" ? "gs://" : scheme;
  return `${canonical}${absolute}${rest.split("/").filter(Boolean).join("/")}`;
}

/**
 * Whether 0.2 may use a location through a connection, in the order of its checks.
 * @param call a restore says in JSON what backup and list say in text.
 * @throws Refusal
 */
export function authorizeLocation(
  connections: Map<string, SimConnection>,
  use: { location: string; connection: string },
  capability: Capability,
  call: "backup" | "restore",
): SimConnection {
  const refuse = (message: string): Refusal =>
    new Refusal(call === "backup" ? text(400, message) : error(400, message));
  const [prefix, protocol] = protocols.find(([start]) => use.location.startsWith(start)) ?? [];
  if (prefix === undefined) throw refuse("unsupported backup location");
  const connection = connections.get(use.connection);
  if (connection === undefined) throw refuse("backup connection was not found");
  if (connection.protocol !== protocol) {
    throw refuse("backup connection protocol does not match the location");
  }
  if (!connection.capabilities.includes(capability)) {
    throw refuse("backup connection does not grant the required capability");
  }
  const rest = use.location.slice(prefix.length);
  const isFile = protocol === "filesystem";
  // A file's URL has no host, a bucket's has one.
  if (rest === "" || rest.startsWith("/") !== isFile) throw refuse("invalid backup location");
  if (!isFile) {
    const [bucket = ""] = rest.split("/");
    if (!connection.buckets.includes(bucket)) {
      throw refuse("backup location bucket is outside the connection allowlist");
    }
    return connection;
  }
  const below = rest.replace(/^\/+/, "");
  const isPlain = below === "" || below.split("/").every((part) => !["", ".", ".."].includes(part));
  if (!isPlain || !connection.reachable) {
    throw new Refusal(call === "backup" ? internalError() : error(400, "invalid restore location"));
  }
  return connection;
}

/** A connection as `GET /connections` lists it. */
export function connectionPayload(name: string, connection: SimConnection) {
  return {
    id: name,
    name,
    display_name: null,
    provider: null,
    kind: "external_io",
    status: "configured",
    error: null,
    capabilities: connection.capabilities,
    sources: [`config:connections/${name}`],
    inference: null,
    web_search: null,
    external_io: {
      protocol: connection.protocol,
      endpoint: null,
      buckets: connection.buckets,
      prefix: null,
      hosts: [],
    },
    cdc: null,
  };
}
