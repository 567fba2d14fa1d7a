import { z } from "zod";
import { defineFunction } from "../resource/definition";
import { NoSuchResource } from "../resource/errors";
import { inputs, outputs } from "./app-formation/schema";
import { toModel } from "./app-formation/wire";
import { akkeris } from "./system";

const result = inputs.omit({ oneoff: true, options: true }).extend(outputs.shape);

export const getAppFormation = defineFunction({
  name: "getAppFormation",
  description:
    "Reads one formation of an Akkeris app. The server never returns `oneoff` and `options`.",
  system: akkeris,
  args: inputs.pick({ app: true, type: true }),
  example: { app: "shop-default", type: "web" },
  requests: ["GET /apps/{app}/formation/{type}"],
  result,
  async invoke({ app, type }, { api, ...context }) {
    const seen = await api.get(app, type, context);
    if (!seen) {
      throw new NoSuchResource(
        `Akkeris has no app ${app}, or the app has no formation of type "${type}".`,
      );
    }
    return toModel(seen, { app }).state;
  },
});

export const getAppFormations = defineFunction({
  name: "getAppFormations",
  description: "Lists the formations of an Akkeris app.",
  system: akkeris,
  args: inputs.pick({ app: true }),
  example: { app: "shop-default" },
  requests: ["GET /apps/{app}/formation"],
  result: z.object({
    formations: z.array(result).meta({ description: "The app's formations, one per type." }),
  }),
  async invoke({ app }, { api, ...context }) {
    const formations = await api.list(app, context);
    return { formations: formations.map((seen) => toModel(seen, { app }).state) };
  },
});

const size = z.object({
  name: z
    .string()
    .meta({ description: "The size's name, as the input `size` takes it, for instance `gp2`." }),
  memory: z.string().optional().meta({
    description: "Memory limit of each instance, in Kubernetes notation, for instance `512Mi`.",
  }),
  price: z.number().optional().meta({ description: "Price in US dollars per month." }),
  deprecated: z
    .boolean()
    .optional()
    .meta({ description: "Whether the size is deprecated: avoid it for new formations." }),
  description: z.string().optional().meta({ description: "The server's description of the size." }),
});

export const getAppSizes = defineFunction({
  name: "getAppSizes",
  description: "Lists the sizes that formations of Akkeris apps can have, in all regions.",
  system: akkeris,
  args: z.object({}),
  requests: ["GET /sizes"],
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
