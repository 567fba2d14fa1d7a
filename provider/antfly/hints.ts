import type { FailureFacts } from "../http/errors";
import { configNamespace, environmentVariable } from "../resource/config";
import { missing, rejected } from "../resource/config-advice";
import type { ApiKey } from "./key";

/** What to do about a failure, by the server's words, which are the same in text and JSON. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /missing required query parameter: connection/i,
    "This server requires `connection`, the name of a connection in its configuration. `GET /db/v1/connections` lists them.",
  ],
  [
    /invalid (backup|restore) request/,
    "Version 0.2 responds so if `connection` is missing, and to an ID, a format or a table name that it does not accept.",
  ],
  [
    /connection was not found/,
    "The server's configuration (`--config`) defines the connections; `GET /db/v1/connections` lists them.",
  ],
  [
    /does not grant the required capability/,
    // So 0.2.2 and 0.2.5 behave: in spite of its name, `backup.read` does not allow listing.
    "The connection needs the capability `backup.write` to take backups, and `restore.read` to list and restore them.",
  ],
  [
    /protocol does not match the location/,
    "`file://` needs a connection with the protocol filesystem, `s3://` one with s3, `gs://` and `gcs://` one with gcs.",
  ],
  [
    /outside the connection (allowlist|scope)/,
    "The connection's `buckets` and `prefix` in the server's configuration limit its locations.",
  ],
  [
    /invalid secret key/,
    "Version 0.2 does not accept a key that starts or ends with a dot or contains two dots in a row.",
  ],
  [
    /secret management not available|secrets?\b.*\bstore|store\b.*\bsecrets?/i,
    "This server has no store of its own for secrets (up to version 0.2.5, only a single node has one). Set them in each node's environment or in mounted files.",
  ],
  [
    /failed to read directory/i,
    "A v0.1 server lists a `file://` location only if the directory exists: create it on the server.",
  ],
];

/** Said of a bare token that was rejected: an encoded key that was cut off looks like one. */
const bareKey =
  "The configured key is neither `id:secret` nor base64 of it, so it was sent as a bare token, which only serverless deployments accept. If the server returned an `encoded` value with the key, check that it is complete.";

/**
 * What to do about a failure of the API.
 *
 * @param key the key that was sent; undefined: none
 */
export function hints(facts: FailureFacts, key: ApiKey | undefined): string | undefined {
  const { code, reason, serverCode, serverMessage = "", operation } = facts;
  if (code === "UNAUTHORIZED") {
    if (!key) return missing("Antfly", "antflyApiKey", "the API key", true).message;
    return key.isBare ? `${rejected("antflyApiKey")} ${bareKey}` : rejected("antflyApiKey");
  }
  if (code === "FORBIDDEN") {
    return "Backups and secrets need a key whose user has the permission `*`/`*`/`admin`.";
  }
  if (code === "INVALID_URL") {
    return `Set \`${configNamespace}:antflyUrl\` (or ${environmentVariable("antflyUrl")}), or the resource's \`url\`, to the server's root; \`${configNamespace}:allowHttp\` (or ${environmentVariable("allowHttp")}=true) allows plain HTTP.`;
  }
  if (code === "NOT_FOUND" || reason === "html") {
    return `Check that \`${configNamespace}:antflyUrl\` or the resource's \`url\` is the root of an Antfly server. A path \`/api/v1\` or \`/db/v1\` sets the version of the API.`;
  }
  // 0.2 answers so to a credential that is not base64, before it looks at anything else.
  if (serverCode === "INTERNAL_ERROR") {
    const root = operation.includes("backup")
      ? "Version 0.2 responds so if the connection's root directory is missing on the server."
      : undefined;
    return [root, key?.isBare ? bareKey : undefined].filter(Boolean).join(" ") || undefined;
  }
  return advice.find(([words]) => words.test(serverMessage))?.[1];
}

/** The same for the health port. */
export function healthHints({ code }: FailureFacts): string | undefined {
  const isWrongPort = ["NO_ANSWER", "BAD_ANSWER", "NOT_FOUND", "INVALID_URL"].includes(code);
  return isWrongPort
    ? `Health and metrics have their own port (default: 4200). If the server uses another one, set \`${configNamespace}:antflyHealthUrl\`.`
    : undefined;
}
