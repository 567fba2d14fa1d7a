import { z } from "zod";
import type { Observed } from "../../resource/definition";
import { flag, integer } from "../../resource/property";
import type { Constraint } from "../../resource/validation";
import { sizes } from "./size";

/** What the program gives. */
export const inputs = z.object({
  app: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: "it must be an app's name, such as api-default, or its ID",
    })
    .meta({
      description:
        "The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first.",
    }),
  type: z
    .string()
    .max(128)
    .regex(/^[a-z0-9]+$/, { error: "it must be lower-case letters and digits only" })
    .meta({
      description:
        "The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first.",
    }),
  size: z.string().min(1).meta({
    known: sizes,
    description:
      "The size of each instance, as `getAppSizes` lists them, for instance `gp2`; case-sensitive. In a space tagged `compliance=prod` the server appends `-prod` by itself. A change redeploys the app.",
  }),
  quantity: integer({ min: 0, max: 32 }).meta({
    description: "How many instances run, 0 to 32. A change scales, without redeploying.",
  }),
  port: integer({ min: 1024, max: 65535 }).optional().meta({
    description:
      "The port that a `web` listens on, 1024 to 65535; other types have none. Default: 9000, chosen by the server. A change writes config var `PORT` and redeploys the app; removed from the program, it stays.",
  }),
  command: z.string().min(1).max(1024).optional().meta({
    description:
      "The command to run, 1024 characters at most. Every type but `web` needs one, save a one-off. Default: the image's own. A change redeploys the app.",
  }),
  healthcheck: z.string().min(1).optional().meta({
    description:
      "Relative URL at which a `web` says that it is healthy, for instance `/health`. Default: none. A change redeploys the app.",
  }),
  oneoff: flag().optional().meta({
    description:
      "Whether the formation is a one-off: run on demand, never a `web`. Default: false. A change replaces the formation, old first. The server never returns it, so an import lacks it.",
    writeOnly: true,
  }),
  options: z
    .strictObject({
      image: z
        .string()
        .regex(/^.+:[A-Za-z0-9._-]+$/, {
          error: "it must be an image with a tag, such as jobs:1.2",
        })
        .optional()
        .meta({ description: "The image to run instead of the app's, with a tag." }),
      env: z
        .record(z.string().min(1), z.string())
        .refine((env) => Object.keys(env).length > 0, { error: "it must have an entry at least" })
        .optional()
        .meta({
          description: "Environment variables, besides or instead of the app's.",
          secret: true,
        }),
    })
    .optional()
    .meta({
      description:
        "What a one-off runs with instead of what the app has. A change replaces the formation, old first. The server never returns it, so an import lacks it.",
      writeOnly: true,
    }),
});

/** What the server adds. */
export const outputs = z.object({
  formationId: z.string().meta({ description: "The formation's ID in Akkeris, a UUID." }),
  serverSize: z.string().meta({
    changesWith: ["size"],
    description:
      "The size as the server spells it: `gp2-prod` for `gp2` in a space tagged `compliance=prod`.",
  }),
  createdAt: z.string().meta({ description: "When it was created: RFC 3339, UTC." }),
});

export type Inputs = z.output<typeof inputs>;
export type State = Observed<Inputs> & z.output<typeof outputs>;

/** Rules between inputs, as the server's 422 has them. */
export const constraints: readonly Constraint<Inputs>[] = [
  webOnly("port"),
  webOnly("healthcheck"),
  {
    properties: ["command", "type", "oneoff"],
    check: ({ command, type, oneoff }) =>
      type !== "web" && !oneoff && command === undefined
        ? `is required for type "${type}": only web and one-offs can do with the image's own`
        : undefined,
  },
  {
    properties: ["oneoff", "type"],
    check: ({ oneoff, type }) =>
      oneoff && type === "web"
        ? 'is true while type is "web"; a one-off may have any type but web'
        : undefined,
  },
  {
    properties: ["options", "oneoff"],
    check: ({ options, oneoff }) =>
      options !== undefined && !oneoff
        ? `is set while oneoff is ${oneoff ?? "not set"}; only a one-off may have options`
        : undefined,
  },
];

function webOnly(property: "port" | "healthcheck"): Constraint<Inputs> {
  return {
    properties: [property, "type"],
    check: (wanted) =>
      wanted.type !== "web" && wanted[property] !== undefined
        ? `is ${JSON.stringify(wanted[property])} while type is "${wanted.type}"; only web may have it`
        : undefined,
  };
}
