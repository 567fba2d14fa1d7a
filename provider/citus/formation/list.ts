import { z } from "zod";
import { demandBeginning } from "../../resource/continuation";
import type { Reading } from "../../resource/definition";
import { defineListing, type Page } from "../../resource/listing";
import { inOrder, utc } from "../../resource/values";
import type { CitusApi } from "../api";
import type { ListedFormation } from "../endpoints";
import type { State } from "./schema";

/** What can narrow the list. The API filters nothing: the whole list is one request. */
export const query = z.object({
  name: z.string().optional().meta({ description: "Only formations of this name." }),
  region: z.string().optional().meta({ description: "Only formations in this region." }),
});

/** The formations that the account's list has, in the server's order. Archived ones may be among them. */
export async function listedFormations(
  wanted: z.output<typeof query>,
  { api, ...context }: Reading<CitusApi>,
): Promise<ListedFormation[]> {
  const all = await api.list(context);
  return all
    .filter((one) => wanted.name === undefined || one.name === wanted.name)
    .filter((one) => wanted.region === undefined || one.region === wanted.region);
}

/**
 * How formations are listed: with one request, by name. The list says neither state nor tune, so each
 * has to be read, which also tells those that are archived.
 */
export const listing = defineListing({
  query,
  async *pages(
    wanted,
    context: Reading<CitusApi>,
    from?: string,
  ): AsyncGenerator<Page<Pick<State, "name" | "region" | "createdAt">>> {
    demandBeginning("formations", from);
    const items = (await listedFormations(wanted, context)).map(listed);
    yield { items: items.sort((a, b) => inOrder(a.name, b.name) || inOrder(a.id, b.id)) };
  },
  readsPerMinute: ({ requestsPerMinute }: CitusApi) => requestsPerMinute,
});

function listed({ id, name, region, created_at }: ListedFormation) {
  const state = { name, region, createdAt: created_at && utc(created_at) };
  return { id, name: name ?? id, state, isWhole: false };
}
