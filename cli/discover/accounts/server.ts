import { splitUrl } from "../../../provider/antfly/dialect";
import { addressKeyOf } from "../../../provider/resource/config";
import type { System } from "../../../provider/resource/definition";
import type { Values } from "../../../provider/resource/values";

/** The address of the server that a configuration names; empty: it names none. */
export function serverOf(system: System, values: Values): string {
  return rootOf(values[addressKeyOf(system)]);
}

/** An address in the one spelling that two of the same server share. */
export function rootOf(address: unknown): string {
  if (typeof address !== "string") return "";
  // Antfly's base paths are of its dialects; elsewhere they are the same for everybody.
  const { root } = splitUrl(address);
  const url = URL.parse(root);
  return url ? `${url.origin}${url.pathname.replace(/\/+$/, "")}` : root;
}
