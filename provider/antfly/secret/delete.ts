import type { Context } from "../../resource/definition";
import { NoSecretStore } from "../errors";
import type { AntflyServers } from "../system";
import { hiding } from "./create";
import type { State } from "./schema";
import { isInEnvironment, isStored, originOf } from "./wire";

/**
 * Deletes a secret from the server's store. Warns of a value that stays in a mounted file or the
 * environment, which the server uses from then on.
 *
 * @throws NoSecretStore when the server has no store any more, and still lists the secret as stored
 */
export async function deleteSecret(
  key: string,
  { url, value, status, managed }: State,
  context: Context<AntflyServers>,
): Promise<void> {
  const api = context.api.at(url);
  const options = hiding(context, value);
  let lost: NoSecretStore | undefined;
  try {
    await api.deleteSecret(key, options);
  } catch (error) {
    if (!(error instanceof NoSecretStore)) throw error;
    lost = error;
  }
  // Servers up to 0.2.5 say all there is in the status: they need not be asked.
  if (managed === undefined && !lost) {
    if (isInEnvironment({ status })) {
      context.warn(
        "The server's environment has a variable for this secret; the server now uses its value.",
      );
    }
    return;
  }
  const left = await api.secret(key, options);
  if (!left) return;
  if (lost && isStored(left)) throw lost;
  if (!isStored(left)) {
    context.warn(`The secret's value stays in ${originOf(left)}; the server now uses it.`);
  }
}
