import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { z } from "zod";

/** Where a stand-in listens: set by a run that makes many stacks, for the workspaces of its processes. */
export const vaultVariable = "FORMATIONS_TEST_VAULT";

/** The secrets provider of stacks that use the stand-in. */
export const vaultProvider = "hashivault://scenario";

const request = z.union([
  z.object({ plaintext: z.string() }),
  z.object({ ciphertext: z.string() }),
]);
const prefix = "vault:v1:";

/**
 * Starts a stand-in for HashiCorp Vault's transit engine, which "encrypts" by a prefix. A stack with a
 * passphrase derives its key from it in each `pulumi` command, which takes a third of a small preview.
 */
export async function startVault(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (incoming, response) => {
    const asked = request.parse(await json(incoming));
    const data =
      "plaintext" in asked
        ? { ciphertext: prefix + asked.plaintext }
        : { plaintext: asked.ciphertext.slice(prefix.length) };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** The data key in a stack's settings, which the stand-in encrypted. */
export function dataKey(encryptedKey: string): Buffer {
  const encrypted = Buffer.from(encryptedKey, "base64").toString();
  return Buffer.from(encrypted.slice(prefix.length), "base64");
}
