import { z } from "zod";
import { defineFunction } from "../resource/definition";
import { NoSuchResource } from "../resource/errors";
import { appFormation, toModel } from "./app-formation/resource";
import type { Formation } from "./endpoints";
import { akkeris } from "./system";

const { oneoff: _, options: __, ...readable } = appFormation.inputs.shape;
const result = z.object({ ...readable, ...appFormation.outputs.shape });
const { app, type } = appFormation.inputs.shape;

function describe(seen: Formation, app: string) {
  const { oneoff: _, options: __, ...state } = toModel(seen, app, {}).state;
  return state;
}

/** Reads one formation of an app. */
export const getAppFormation = defineFunction({
  name: "getAppFormation",
  description:
    "Reads one formation of an Akkeris app. `oneoff` and `options` are never returned by the server.",
  system: akkeris,
  args: z.object({ app, type }),
  example: { app: "shop-default", type: "web" },
  result,
  async invoke({ app, type }, { api, ...context }) {
    const seen = await api.get(app, type, context);
    if (!seen) {
      throw new NoSuchResource(`Akkeris has no formation "${type}" in app ${app}, or no such app.`);
    }
    return describe(seen, app);
  },
});

/** Lists the formations of an app. */
export const getAppFormations = defineFunction({
  name: "getAppFormations",
  description: "Lists the formations of an Akkeris app.",
  system: akkeris,
  args: z.object({ app }),
  example: { app: "shop-default" },
  result: z.object({
    formations: z.array(result).meta({ description: "The app's formations, one for each type." }),
  }),
  async invoke({ app }, { api, ...context }) {
    const formations = await api.list(app, context);
    return { formations: formations.map((seen) => describe(seen, app)) };
  },
});

const size = z.object({
  name: z.string().meta({ description: "The size's name, as `size` takes it: `gp2`." }),
  memory: z.string().optional().meta({
    description: "Memory that an instance may use, as Kubernetes spells it: `512Mi`.",
  }),
  price: z.number().optional().meta({ description: "US dollars a month." }),
  deprecated: z
    .boolean()
    .optional()
    .meta({ description: "Whether new formations should avoid it." }),
  description: z.string().optional().meta({ description: "The server's own words." }),
});

/** Lists the sizes that formations can have. */
export const getAppSizes = defineFunction({
  name: "getAppSizes",
  description: "Lists the sizes that formations of Akkeris apps can have, of all regions.",
  system: akkeris,
  args: z.object({}),
  result: z.object({
    sizes: z.array(size).meta({ description: "The sizes, in the server's order." }),
  }),
  async invoke(_args, { api, ...context }) {
    const sizes = (await api.sizes(context)).map(({ resources, ...size }) => ({
      name: size.name,
      memory: resources?.limits?.memory ?? resources?.requests?.memory,
      price: size.price ?? undefined,
      deprecated: size.deprecated ?? undefined,
      description: size.description ?? undefined,
    }));
    return { sizes };
  },
});
