import { show } from "../../resource/values";
import { defineWire } from "../../resource/wire";
import type { NewSecret } from "../endpoints";
import type { SecretEntry } from "../responses";
import type { Inputs, Outputs } from "./schema";

/** What the program gave, as far as it is known: an import finds no value. */
export type Known = Pick<Inputs, "key" | "url"> & Partial<Inputs>;

/** A change is stored by the same request as the creation. */
interface Bodies {
  create: NewSecret;
}

/** The properties of a secret: where the server shows each, and which requests send it. */
export const wire = defineWire<Known, Outputs, SecretEntry, Bodies>({
  inputs: {
    // The path of every request has the key.
    key: { read: (seen) => seen.key, sent: {} },
    value: {
      read: (_, { value }) => value,
      sent: { create: (value) => ({ value }) },
    },
    // Requests go to this server.
    url: { read: (_, { url }) => url, sent: {} },
  },
  outputs: {
    status: (seen) => seen.status,
    managed: (seen) => seen.managed,
  },
});

/** @param known what the program gave, which the server never shows */
export function toModel<Given extends Known>(seen: SecretEntry, known: Given) {
  return { id: known.key, state: { ...known, ...wire.state(seen, known) } };
}

/**
 * Whether the server stores the secret itself, rather than taking it from a mounted file or its
 * environment alone. A mounted file has the same status as the store; only `managed` tells them apart.
 */
export function isStored({ status, managed }: Partial<Outputs>): boolean {
  return managed ?? status !== "configured_env";
}

/** Whether a variable in the server's environment has a value for the secret, stored or not. */
export function isInEnvironment({ status }: Outputs): boolean {
  return status === "configured_env" || status === "configured_both";
}

/** What has the value of a secret that is not stored, as a noun of a sentence. */
export function originOf({
  status,
  envVar,
  source,
}: Pick<SecretEntry, "status" | "envVar" | "source">) {
  if (status !== "configured_env") {
    return `a file that is mounted into the server${source ? ` (source ${show(source)})` : ""}`;
  }
  return `the server's environment (${envVar ?? "one of its variables"})`;
}

/** When it was first stored, where the server shows that: the times of 0.2.2 are in 1970. */
export function storedAt({ createdAt }: SecretEntry): string | undefined {
  return Date.parse(createdAt ?? "") > Date.UTC(1971) ? createdAt : undefined;
}

/** The ID as an import takes it, since a key says nothing about its server. */
export function importId(key: string, { url }: Partial<Inputs>): string {
  return url === undefined ? key : `${url}/${key}`;
}
