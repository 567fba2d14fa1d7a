import { alreadyExists } from "../../resource/adoption";
import { createOnce } from "../../resource/create-once";
import type { Context } from "../../resource/definition";
import type { SecretEntry } from "../responses";
import type { AntflyServers } from "../system";
import type { Inputs } from "./schema";
import { importId, isStored, originOf, wire } from "./wire";

/** How long a request whose response was lost may still be under way, in milliseconds. */
const settling = 1_000;

/** The pause before each retry, in milliseconds. The look before it has waited already. */
const pauses = [0, 0];

/**
 * Stores a secret under a key that is free. Whatever is stored there later is what a request of this
 * creation stored.
 *
 * @throws AlreadyExists when the server lists the key already
 */
export async function createSecret(
  wanted: Inputs,
  context: Context<AntflyServers>,
): Promise<SecretEntry> {
  const { key, value, url } = wanted;
  const api = context.api.at(url);
  const options = hiding(context, value);
  const rival = await api.secret(key, options);
  if (rival) throw taken(rival, wanted, context.urn);
  return await createOnce(
    {
      what: `secret "${key}"`,
      send: () => api.createSecret(key, wire.creation(wanted), options),
      settling,
      look: () => api.secret(key, options),
      judge: (seen) => (seen && isStored(seen) ? { ours: seen } : "absent"),
      pauses,
    },
    context,
  );
}

/** Options for a request whose errors do not show the value, even where the server repeats it. */
export function hiding(context: Context<AntflyServers>, value: string | undefined) {
  return { ...context, secrets: value === undefined ? [] : [value] };
}

function taken(rival: SecretEntry, { key, url }: Inputs, urn: string | undefined) {
  const isOurs = isStored(rival);
  return alreadyExists({
    what: `secret "${key}" ${isOurs ? "in the server's store" : `from ${originOf(rival)}`}`,
    id: importId(key, { url }),
    urn,
    otherwise: isOurs
      ? "give this one another key, or delete that one first: creating this one would overwrite its value, which no call returns"
      : "give this one another key, or remove that value first: a stored secret takes precedence over it, so the server would use this one instead. To store one nevertheless, adopt or import the key; the next `pulumi up` stores the program's value",
  });
}
