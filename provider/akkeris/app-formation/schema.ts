import { z } from "zod";
import type { Observed } from "../../resource/definition";
import { flag, integer } from "../../resource/property";
import type { Constraint } from "../../resource/validation";
import { appName } from "../endpoints";

/**
 * Sizes that an editor offers, and that a misspelt size is compared with. Each Akkeris has its own,
 * which `GET /sizes` lists: other sizes are accepted with a warning.
 */
const sizes = ["gp1", "gp2", "gp3", "gp4"] as const;

/** What the program gives. */
export const inputs = z.object({
  app: z
    .string()
    .regex(appName, {
      error: "it must be an app's name, such as api-default, or its ID",
    })
    .meta({
      description: "The app: its name and space, for instance `api-default`, or its ID.",
      given: "The app must exist.",
    }),
  type: z
    .string()
    .max(128)
    .regex(/^[a-z0-9]+$/, { error: "it must be made of lower-case letters and digits" })
    .meta({
      description: "The type of process. Only `web` receives requests.",
      given: "Up to 128 lower-case letters and digits.",
    }),
  size: z.string().min(1).meta({
    known: sizes,
    description: "The size of each instance, for instance `gp2`.",
    given:
      "Case-sensitive; `getAppSizes` lists all sizes. In a space tagged `compliance=prod` the server appends `-prod`.",
    whenChanged: "A change redeploys the app.",
  }),
  quantity: integer({ min: 0, max: 32 }).meta({
    description: "Number of instances.",
    given: "0 to 32.",
    whenChanged: "A change starts or stops instances without redeploying the app.",
  }),
  port: integer({ min: 1024, max: 65535 }).optional().meta({
    description: "The port that a `web` listens on; other types have none.",
    given: "1024 to 65535.",
    whenAbsent: "9000, chosen by the server",
    whenChanged:
      "A change writes config var `PORT` and redeploys the app. The port stays when it is removed from the program.",
  }),
  command: z.string().min(1).max(1024).optional().meta({
    description: "The command that each instance runs.",
    given: "Up to 1024 characters. Required for every type except `web` and one-offs.",
    whenAbsent: "the image's own command",
    whenChanged: "A change redeploys the app.",
  }),
  healthcheck: z.string().min(1).optional().meta({
    description:
      "Relative URL at which a `web` reports that it is healthy, for instance `/health`.",
    whenAbsent: "none",
    whenChanged: "A change redeploys the app.",
  }),
  oneoff: flag().optional().meta({
    description:
      "Whether the formation is a one-off, which runs on demand. The server never returns it, so an import lacks it.",
    given: "A `web` cannot be one.",
    whenAbsent: "false",
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
        .meta({ description: "The image, with a tag, that runs instead of the app's image." }),
      env: z
        .record(z.string().min(1), z.string())
        .refine((env) => Object.keys(env).length > 0, { error: "it must have at least one entry" })
        .optional()
        .meta({
          description: "Environment variables that are added to the app's or override them.",
          secret: true,
        }),
    })
    .optional()
    .meta({
      description:
        "The image and environment that a one-off runs with instead of the app's. The server never returns it, so an import lacks it.",
      whenAbsent: "the app's",
      writeOnly: true,
    }),
});

/** What the server adds. */
export const outputs = z.object({
  formationId: z.string().meta({ description: "The formation's ID in Akkeris, a UUID." }),
  serverSize: z.string().meta({
    changesWith: ["size"],
    description:
      "The size in the server's spelling: `gp2-prod` for `gp2` in a space tagged `compliance=prod`.",
  }),
  createdAt: z.string().meta({ description: "When the formation was created (RFC 3339, UTC)." }),
});

export type Inputs = z.output<typeof inputs>;
export type Outputs = z.output<typeof outputs>;
export type State = Observed<Inputs> & Outputs;

/** Rules between inputs that the server would enforce with a 422. */
export const constraints: readonly Constraint<Inputs>[] = [
  webOnly("port"),
  webOnly("healthcheck"),
  {
    properties: ["command", "type", "oneoff"],
    check: ({ command, type, oneoff }) =>
      type !== "web" && !oneoff && command === undefined
        ? `is required: set it for type "${type}", since only web and one-offs can run the image's own command`
        : undefined,
  },
  {
    properties: ["oneoff", "type"],
    check: ({ oneoff, type }) =>
      oneoff && type === "web"
        ? 'has to be removed: a "web" cannot be a one-off, every other type can'
        : undefined,
  },
  {
    properties: ["options", "oneoff"],
    check: ({ options, oneoff }) =>
      options !== undefined && !oneoff
        ? `has to be removed, or oneoff set to true: only a one-off can have options`
        : undefined,
  },
];

function webOnly(property: "port" | "healthcheck"): Constraint<Inputs> {
  return {
    properties: [property, "type"],
    check: (wanted) =>
      wanted.type !== "web" && wanted[property] !== undefined
        ? `has to be removed: type "${wanted.type}" cannot have it, only web can`
        : undefined,
  };
}
