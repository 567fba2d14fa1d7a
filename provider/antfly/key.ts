import { configNamespace, environmentVariable } from "../resource/config";
import { ConfigurationError } from "../resource/errors";

/** A credential as requests send it. */
export interface ApiKey {
  /** `base64(id:secret)`, padded, as the Authorization header carries it. */
  encoded: string;
  /** Its secret part, which no text may show. */
  secret: string;
}

/**
 * Reads an API key: the `encoded` value that the server returned with it, or `id:secret`. A malformed
 * key is never sent, since 0.2 would answer 500, which looks like the server's fault.
 *
 * @throws ConfigurationError that does not show the key
 */
export function readApiKey(given: string): ApiKey {
  const text = given.trim();
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
  const plain = text.includes(":") ? text : isBase64 ? Buffer.from(text, "base64").toString() : "";
  const [, secret] = /^[^:\s]+:(\S+)$/.exec(plain) ?? [];
  if (secret === undefined) {
    throw new ConfigurationError(
      `Antfly: ${configNamespace}:antflyApiKey (or ${environmentVariable("antflyApiKey")}) is malformed. ` +
        "It must be the `encoded` value that the server returned with the key, or `id:secret`. Omit the `Bearer` prefix.",
    );
  }
  return { encoded: Buffer.from(plain).toString("base64"), secret };
}
