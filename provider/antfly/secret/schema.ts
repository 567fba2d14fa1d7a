import { z } from "zod";
import type { Observed } from "../../resource/definition";
import type { Constraint } from "../../resource/validation";
import { serverUrl, serverUrlDescription, serverUrlRule } from "../server-url";

/** What the program gives. */
export const inputs = z.object({
  key: z
    .string()
    .regex(
      /^[A-Za-z0-9._-]+$/,
      "it must be made of letters, digits, dots, hyphens and underscores, at least one",
    )
    .refine((key) => key !== "." && key !== "..", "it must not be dots alone")
    .meta({
      description:
        "The secret's name, as the server's configuration refers to it, for instance `openai.api_key`.",
      given: "Letters, digits, dots, hyphens and underscores.",
    }),
  // Imported code has an empty value as a placeholder: v0.1 refuses it, and 0.2 would store it.
  value: z.string().min(1).meta({
    description:
      "The value. The server never returns it: a value that someone else stores is not detected, and stays until the program's value changes.",
    whenChanged: "A change overwrites the value in place.",
    secret: true,
    writeOnly: true,
  }),
  url: serverUrl().optional().meta({
    description: serverUrlDescription,
  }),
});

/** What the server adds. */
export const outputs = z.object({
  status: z.string().meta({
    description:
      "Where the secret was when last seen. `configured_file` (0.2) or `configured_keystore` (v0.1): stored, or, where `managed` is false, in a file that is mounted into the server; `configured_both`: stored, and takes precedence over an environment variable; `configured_env`: only the variable is left; or a new status.",
    changesWith: ["value"],
  }),
  managed: z
    .boolean()
    .optional()
    .meta({
      description:
        "Whether the secret was in the server's own store when last seen; `false`: only a mounted file or a variable has it. Servers up to version 0.2.5 don't say.",
      changesWith: ["value"],
    }),
});

export type Inputs = z.output<typeof inputs>;
export type Outputs = z.output<typeof outputs>;
export type State = Observed<Inputs> & Outputs;

/** Rules between inputs. */
export const constraints: readonly Constraint<Inputs>[] = [serverUrlRule];
