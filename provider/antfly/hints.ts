import type { FailureFacts } from "../http/errors";
import { configNamespace, missing, rejected } from "../resource/config";

/** What a user can do about words of the server's, which are the same in text and JSON. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /missing required query parameter: connection/i,
    "This server demands `connection`: the name of one of the connections in its configuration, which `GET /db/v1/connections` lists.",
  ],
  [
    /invalid (backup|restore) request/,
    "0.2 says this where `connection` is missing, and of an ID, a format or table names that it does not take.",
  ],
  [
    /connection was not found/,
    "Connections stand in the server's configuration (`--config`); `GET /db/v1/connections` lists them.",
  ],
  [
    /does not grant the required capability/,
    // As 0.2.2 and 0.2.5 do it: `backup.read`, which sounds like it, lets nobody list.
    "The connection needs the capability `backup.write` to take backups, and `restore.read` to list and restore them.",
  ],
  [
    /protocol does not match the location/,
    "`file://` wants a connection of the protocol filesystem, `s3://` one of s3, `gs://` one of gcs.",
  ],
  [
    /outside the connection (allowlist|scope)/,
    "The connection's `buckets` and `prefix` in the server's configuration say where it may go.",
  ],
  [/invalid secret key/, "0.2 takes no key with a dot at an end, or with two dots together."],
  [
    /secret management not available/,
    "Only a single-node server stores secrets; elsewhere they belong into each node's environment.",
  ],
  [
    /failed to read directory/i,
    "A server of version 0.1 lists `file://` locations that exist only: make the directory on the server.",
  ],
];

/**
 * Says what to do about a failure of the API.
 *
 * @param hasKey whether a key was sent
 */
export function hint(facts: FailureFacts, hasKey: boolean): string | undefined {
  const { code, operation, reason, serverCode, serverMessage = "" } = facts;
  if (code === "UNAUTHORIZED") {
    return hasKey
      ? rejected("antflyApiKey")
      : missing("Antfly", "antflyApiKey", "the API key", true).message;
  }
  if (code === "FORBIDDEN") {
    return "Backups and secrets want a key whose user has the permission `*`/`*`/`admin`.";
  }
  if (code === "INVALID_URL") {
    return `\`${configNamespace}:antflyUrl\` or the resource's \`url\` is the server's root; \`${configNamespace}:allowHttp\` allows plain http.`;
  }
  if (code === "NOT_FOUND" || reason === "html") {
    return `Is this an Antfly server? \`${configNamespace}:antflyUrl\` or the resource's \`url\` is the server's root; a path \`/api/v1\` or \`/db/v1\` says which version of the API it has.`;
  }
  if (serverCode === "INTERNAL_ERROR" && operation.includes("backup")) {
    return "0.2 says no more than this where the connection's root directory is missing on the server.";
  }
  return advice.find(([words]) => words.test(serverMessage))?.[1];
}

/** The same for the health port. */
export function healthHint({ code }: FailureFacts): string | undefined {
  return ["NO_ANSWER", "BAD_ANSWER", "NOT_FOUND", "INVALID_URL"].includes(code)
    ? `Health and metrics are on a port of their own, 4200 unless the server was told another: set \`${configNamespace}:antflyHealthUrl\`.`
    : undefined;
}
