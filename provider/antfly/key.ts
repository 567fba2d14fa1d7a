import { configNamespace, environmentVariable } from "../resource/config";
import { ConfigurationError } from "../resource/errors";

/** A credential as requests send it. */
export interface ApiKey {
  /** What follows `Bearer` in the Authorization header: `base64(id:secret)`, padded, or a bare token. */
  sent: string;
  /** Its secret part, which no text may show. */
  secret: string;
  /** Whether it is a bare token, as an administrator of a serverless deployment has it. */
  isBare: boolean;
}

/** The fewest bytes of a bare token. */
const shortestToken = 32;

/**
 * Reads an API key: the `encoded` value that the server returned with it, `id:secret`, or the bare token
 * of an administrator. A malformed key is never sent, since 0.2 would answer 500, which looks like the
 * server's fault.
 *
 * @throws ConfigurationError that does not show the key
 */
export function readApiKey(given: string): ApiKey {
  const text = given.trim();
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
  const plain = text.includes(":") ? text : isBase64 ? Buffer.from(text, "base64").toString() : "";
  const [, secret] = /^[^:\s]+:(\S+)$/.exec(plain) ?? [];
  if (secret !== undefined) {
    return { sent: Buffer.from(plain).toString("base64"), secret, isBare: false };
  }
  // Visible ASCII, as a header may carry it. A colon would make it a key without its ID or its secret.
  if (/^[!-9;-~]+$/.test(text) && text.length >= shortestToken) {
    return { sent: text, secret: text, isBare: true };
  }
  throw new ConfigurationError(
    `Antfly: ${configNamespace}:antflyApiKey (or ${environmentVariable("antflyApiKey")}) is malformed. ` +
      "It must be the `encoded` value that the server returned with the key, `id:secret`, " +
      `or a serverless administrator's token of at least ${shortestToken} characters. Omit the \`Bearer\` prefix.`,
  );
}
