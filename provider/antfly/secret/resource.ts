import { z } from "zod";
import type { SendOptions } from "../../http/client";
import { HttpError, notLookedFor } from "../../http/errors";
import { alreadyExists } from "../../resource/adoption";
import { type Context, defineResource } from "../../resource/definition";
import { isInEnvironment, isStored, storesNone } from "../api";
import type { SecretEntry } from "../endpoints";
import { serverUrl, serverUrlRule } from "../server-url";
import { type AntflyServers, antfly } from "../system";

const inputs = z.object({
  key: z
    .string()
    .regex(
      /^[A-Za-z0-9._-]+$/,
      "it must be made of letters, digits, dots, hyphens and underscores, one at least",
    )
    .refine((key) => key !== "." && key !== "..", "it must not be dots alone")
    .meta({
      description:
        "The secret's name, as the server's configuration refers to it: letters, digits, dots, hyphens and underscores, for instance `openai.api_key`. A change replaces the secret.",
    }),
  // v0.1 refuses an empty one, and 0.2 would store it: it is what an import's code has as a placeholder.
  value: z.string().min(1).meta({
    description:
      "The value. The server never returns it: one that somebody else stored is not seen, and stays until the program's changes. A change is stored in place.",
    secret: true,
    writeOnly: true,
  }),
  url: serverUrl().optional().meta({
    description:
      "The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. A change replaces the secret.",
  }),
});

const outputs = z.object({
  status: z.string().meta({
    description:
      "Where the server had it from when it was last seen: `configured_file` (0.2) or `configured_keystore` (v0.1) where it is stored, `configured_both` where an environment variable has a value too, which the stored one goes before, `configured_env` where only the variable is left, or one that is new.",
    changesWith: ["value"],
  }),
});

type Inputs = z.output<typeof inputs>;

/** A request whose connection broke may still be under way: how long to leave it, in milliseconds. */
const settling = 1_000;

/** How often a creation is sent in all, where its answer is lost and the key is not there. */
const mostTries = 3;

/** A secret of a server's own store. */
export const secret = defineResource({
  name: "AntflySecret",
  description:
    "A secret in an Antfly server's own store, for instance the API key of a model's provider.\n\n" +
    "No call returns a value. So a refresh sees that the secret is gone, and the next `pulumi up` creates it again; it sees that only an environment variable of the server provides it any more, and the next `pulumi up` stores it again, since a stored value goes before a variable's. What it **cannot see** is another value that somebody stored under the key: that stays until `value` changes in the program.\n\n" +
    "A key that the server lists already is refused, since storing it would overwrite a value that nobody can read back. An import lacks the value: the next `pulumi up` stores the program's. Deleting the secret leaves an environment variable that provides it too. The server must be a single node, and the API key an administrator's.",
  id: "the secret's key; for one on another server than the configured `antflyUrl`, an import takes that server's URL, a slash and the key: `https://antfly.example.com/openai.api_key`",
  example: { key: "openai.api_key" },
  isId: (id) => inputs.shape.key.safeParse(fromId(id).key).success,
  system: antfly,
  inputs,
  outputs,
  plan: {
    properties: [
      {
        change: "`value`",
        properties: ["value"],
        becomes: "update",
        why: "stored over the old one, with one request",
      },
      {
        change: "`key`, `url`",
        properties: ["key", "url"],
        becomes: "replace",
        order: "new first",
        why: "it is another secret, or another server's",
      },
    ],
    whole: [
      {
        change: "a secret that only an environment variable provides any more",
        when: ({ action, observed, desired }) =>
          action !== "replace" &&
          observed.status === "configured_env" &&
          desired.value !== undefined,
        becomes: "update",
        why: "stored again, which goes before the variable's value",
        warning:
          "The secret is not stored on the server any more: what it uses is the value of an environment variable.",
      },
    ],
  },
  constraints: [serverUrlRule],

  foresee: ({ key, url }) => ({ id: key, state: { url } }),

  place: importId,

  async create(wanted, context) {
    await demandFree(wanted, context);
    return toModel(wanted, await store(wanted, context));
  },

  async read(id, known, context) {
    const given = known.key === undefined ? fromId(id) : { ...known, key: known.key };
    const { key, value, url } = given;
    const seen = await context.api.at(url).secret(key, hiding(context, value));
    if (!seen) return undefined;
    const isLost = !isStored(seen) && value !== undefined;
    return { ...toModel(given, seen), unfinished: isLost ? ["value"] : undefined };
  },

  /** What is stored may be another value: the next run stores the program's. */
  async find(wanted, context) {
    const { key, value, url } = wanted;
    const seen = await context.api.at(url).secret(key, hiding(context, value));
    if (!seen || !isStored(seen)) return [];
    return [{ ...toModel(wanted, seen), unfinished: ["value"], createdAt: storedAt(seen) }];
  },

  async update({ id, state, changes: { value } }, context) {
    if (value === undefined) return { id, state };
    const api = context.api.at(state.url);
    const seen = await api.putSecret(id, value, hiding(context, state.value));
    return toModel({ ...state, value }, seen);
  },

  async delete(id, { url, value, status }, context) {
    await context.api.at(url).deleteSecret(id, hiding(context, value));
    if (isInEnvironment({ status })) {
      context.warn(
        "The server's environment has a variable for it, whose value is used from now on.",
      );
    }
  },
});

/** What a request is sent with so that no error shows a value, even if the server repeats it. */
function hiding(context: Context<AntflyServers>, value: string | undefined): SendOptions {
  const { signal, deadline, onWait } = context;
  return { signal, deadline, onWait, secrets: value === undefined ? [] : [value] };
}

/** What the program gave, as far as it is known: an import finds no value. */
type Known = Pick<Inputs, "key" | "url"> & Partial<Inputs>;

/** The server's answer adds to it only where it has the secret from. */
function toModel<Given extends Known>(given: Given, { status }: SecretEntry) {
  return { id: given.key, state: { ...given, status } };
}

/** When it was stored first, where the server tells it: 0.2.2 tells times in 1970. */
function storedAt({ createdAt }: SecretEntry): string | undefined {
  return Date.parse(createdAt ?? "") > Date.UTC(1971) ? createdAt : undefined;
}

/** The ID as an import takes it: a key says nothing about the server. */
function importId(key: string, { url }: Partial<Inputs>): string {
  return url === undefined ? key : `${url}/${key}`;
}

/** A key has no slash, so what stands before one is the server's URL. */
function fromId(id: string): Known {
  const [, url, key = id] = /^(.*)\/([^/]*)$/s.exec(id) ?? [];
  return { key, url: url === undefined ? undefined : serverUrl().parse(url) };
}

async function demandFree(
  { key, value, url }: Inputs,
  context: Context<AntflyServers>,
): Promise<void> {
  const rival = await context.api.at(url).secret(key, hiding(context, value));
  if (!rival) return;
  const origin = isStored(rival)
    ? "in the server's store"
    : `from the server's environment (${rival.envVar ?? "one of its variables"})`;
  throw alreadyExists({
    what: `secret "${key}" ${origin}`,
    id: importId(key, { url }),
    urn: context.urn,
    otherwise:
      "give this one another key, or remove that one first: its value would be overwritten, and no call returns it",
  });
}

/**
 * Stores a secret that is not there. Where the answer was lost it looks before it sends another:
 * since the key was free, one that is stored now is what this request stored.
 */
async function store(
  { key, value, url }: Inputs,
  context: Context<AntflyServers>,
): Promise<SecretEntry> {
  const api = context.api.at(url);
  for (let tries = 1; ; tries += 1) {
    try {
      return await api.createSecret(key, value, context);
    } catch (error) {
      const isLost = error instanceof HttpError && error.mayHaveTakenEffect && !storesNone(error);
      if (!isLost || context.signal.aborted) throw error;
      const seen = await context.clock
        .sleep(settling, context.signal)
        .then(() => api.secret(key, hiding(context, value)))
        .catch((reason) => {
          throw notLookedFor(error, reason, context.signal);
        });
      if (seen && isStored(seen)) return seen;
      if (tries === mostTries) throw error;
      context.warn(`${error.message} It is not there, so it is stored once more.`);
    }
  }
}
