import { z } from "zod";
import { defineFunction } from "../resource/definition";
import { NoSuchResource } from "../resource/errors";
import { utc } from "../resource/values";
import { listedFormations, query } from "./formation/list";
import { inputs, outputs } from "./formation/schema";
import { toModel } from "./formation/wire";
import { citus } from "./system";

const id = z.string().meta({ description: "The formation's ID." });
const observed = inputs.omit({ allowDuplicateName: true });
const { name } = inputs.shape;
const region = inputs.shape.region.optional();
const createdAt = outputs.shape.createdAt.optional();

/** Reads one formation. */
export const getFormation = defineFunction({
  name: "getFormation",
  description: "Reads a Citus Cloud formation by its ID. An archived formation no longer exists.",
  system: citus,
  args: z.object({ id }),
  example: { id: "5d2f0c6b9a1e47388b24c7e61fa" },
  requests: ["GET /formations/{id}"],
  result: z.object({ id, ...observed.shape, ...outputs.shape }),
  async invoke({ id }, { api, ...context }) {
    const seen = await api.get(id, context);
    if (!seen) throw new NoSuchResource(`Citus Cloud has no formation ${id}, or it is archived.`);
    return { id, ...toModel(seen, {}).state };
  },
});

/** Lists formations. */
export const getFormations = defineFunction({
  name: "getFormations",
  description:
    "Lists the account's Citus Cloud formations, optionally by name or region. The list has no states and may include archived formations.",
  system: citus,
  args: query,
  example: { region: "us-east-1" },
  requests: ["GET /formations/"],
  result: z.object({
    formations: z
      .array(z.object({ id, name, region, createdAt }))
      .meta({ description: "The formations, as the list shows them." }),
  }),
  async invoke(wanted, context) {
    const formations = (await listedFormations(wanted, context)).map(({ created_at, ...one }) => ({
      ...one,
      createdAt: created_at && utc(created_at),
    }));
    return { formations };
  },
});
