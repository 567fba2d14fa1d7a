import { z } from "zod";
import { demandBeginning } from "../../resource/continuation";
import type { Reading } from "../../resource/definition";
import { defineListing, type Page } from "../../resource/listing";
import { inOrder } from "../../resource/values";
import { serverUrl } from "../server-url";
import type { AntflyServers } from "../system";
import type { State } from "./schema";
import { importId, isStored, toModel } from "./wire";

/**
 * How secrets are listed: with one request, by key. Those that only the server's environment or a mounted
 * file has are not listed, since a deletion leaves them. No call returns a value, so an import lacks it.
 */
export const listing = defineListing({
  query: z.object({
    url: serverUrl().optional().meta({
      description: "The root of the server whose secrets are listed.",
      whenAbsent: "the configured `antflyUrl`",
    }),
  }),
  async *pages(
    wanted,
    { api, ...context }: Reading<AntflyServers>,
    from?: string,
  ): AsyncGenerator<Page<Omit<State, "value">>> {
    demandBeginning("secrets", from);
    api.demand(wanted.url);
    // A program need not name the server that is configured.
    const url = api.rootOf(wanted.url) === api.rootOf() ? undefined : wanted.url;
    const stored = (await api.at(url).secrets(context)).filter(isStored);
    const items = stored.map((seen) => {
      const { value: _, ...state } = toModel(seen, { key: seen.key, url }).state;
      return { id: importId(seen.key, { url }), name: seen.key, state, isWhole: true };
    });
    yield { items: items.sort((a, b) => inOrder(a.name, b.name)) };
  },
});
