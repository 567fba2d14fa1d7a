import { defineResource } from "../../resource/definition";
import { serverUrl } from "../server-url";
import { antfly } from "../system";
import { createSecret, hiding } from "./create";
import { deleteSecret } from "./delete";
import { listing } from "./list";
import { plan } from "./plan";
import { constraints, inputs, outputs } from "./schema";
import { importId, isStored, type Known, storedAt, toModel, wire } from "./wire";

/** A secret in a server's own store. */
export const secret = defineResource({
  name: "AntflySecret",
  description:
    "A secret in an Antfly server's own store, for instance the API key of a model provider.\n\n" +
    "No call returns a value. A refresh detects that the secret is gone, and the next `pulumi up` creates it again. It also detects that only an environment variable of the server, or a file that is mounted into it, is left; the next `pulumi up` then stores the value again, which takes precedence. A refresh **cannot detect** another value that someone stored under the key: that value stays until `value` changes in the program.\n\n" +
    "Creating a secret fails if the server already lists the key, because it would overwrite a value that no call returns, or take precedence over one that someone else provides. An import lacks the value; the next `pulumi up` stores the program's. Deleting the secret leaves an environment variable of that name, or a mounted file's value, in place. The server must have a store of its own (up to version 0.2.5: be a single node), and the API key be an administrator's.",
  id: "the secret's key. If the server is not the configured `antflyUrl`, an import takes its URL, a slash and the key: `https://antfly.example.com/openai.api_key`",
  example: { key: "openai.api_key" },
  isId: (id) => inputs.shape.key.safeParse(fromId(id).key).success,
  system: antfly,
  inputs,
  outputs,
  plan,
  constraints,

  whenDeleted: () => ({
    kind: "deletion",
    text: "the secret is deleted, and no call returns its value: what uses it fails, unless the server has an environment variable or a mounted file of that name",
  }),

  foresee: ({ key, url }) => ({ id: key, state: { url } }),

  place: importId,

  claims: ({ key, url }) => ({
    name: `secret "${key}"${url === undefined ? "" : ` of ${url}`}`,
    rule: "a server stores one value per key",
  }),

  async create(wanted, context) {
    return toModel(await createSecret(wanted, context), wanted);
  },

  async read(id, known, context) {
    const given = known.key === undefined ? fromId(id) : { ...known, key: known.key };
    const { key, value, url } = given;
    const seen = await context.api.at(url).secret(key, hiding(context, value));
    if (!seen) return undefined;
    const isLost = !isStored(seen) && value !== undefined;
    return { ...toModel(seen, given), unfinished: isLost ? ["value"] : undefined };
  },

  /** The stored value may be another one, so the next run stores the program's. */
  async find(wanted, context) {
    const { key, value, url } = wanted;
    const seen = await context.api.at(url).secret(key, hiding(context, value));
    if (!seen || !isStored(seen)) return [];
    return [{ ...toModel(seen, wanted), unfinished: ["value"], createdAt: storedAt(seen) }];
  },

  listing,

  async update({ id, state, changes: { value } }, context) {
    if (value === undefined) return { id, state };
    const wanted = { ...state, value };
    const api = context.api.at(state.url);
    const seen = await api.putSecret(id, wire.creation(wanted), hiding(context, state.value));
    return toModel(seen, wanted);
  },

  delete: deleteSecret,
});

/** Splits an ID at its last slash: a key has none, so a server's URL comes before it. */
function fromId(id: string): Known {
  const [, url, key = id] = /^(.*)\/([^/]*)$/s.exec(id) ?? [];
  return { key, url: url === undefined ? undefined : serverUrl().parse(url) };
}
