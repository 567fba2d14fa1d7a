import { z } from "zod";
import { endpoint, timestamp } from "../http/endpoint";
import { path } from "../http/path";

// `app.name` is `foo-default` from POST, `foo` from GET and absent from PATCH, so it is not read.
const formation = z.object({
  id: z.string(),
  type: z.string(),
  size: z.string(),
  quantity: z.int(),
  // Null for all but web, whatever was stored.
  port: z.int().nullish(),
  healthcheck: z.string().nullish(),
  command: z.string().nullish(),
  created_at: timestamp(),
});

/** A formation as GET and POST show it. `oneoff` and `options` are never shown. */
export type Formation = z.output<typeof formation>;

const memory = z.object({ memory: z.string().optional() });

const size = z.object({
  name: z.string(),
  resources: z.object({ requests: memory.optional(), limits: memory.optional() }).optional(),
  price: z.number().nullish(),
  deprecated: z.boolean().nullish(),
  description: z.string().nullish(),
});

/** A size that a formation can have; `price` is in US dollars a month. */
export type Size = z.output<typeof size>;

/** The body of a creation. A null or empty value is stored as it is, so what is absent is not sent. */
export interface NewFormation {
  type: string;
  size: string;
  quantity: number;
  port?: number;
  command?: string;
  healthcheck?: string;
  oneoff?: boolean;
  options?: { image?: string; env?: Record<string, string> };
}

/**
 * The change of one formation. What is absent stays: a null means "no change" and an empty text is
 * stored as such, so a command and a healthcheck are cleared by flags of their own, spelt as
 * unlike as here (`removeCommand` is ignored).
 */
export interface FormationChange {
  type: string;
  size?: string;
  quantity?: number;
  port?: number;
  command?: string;
  healthcheck?: string;
  /** Nothing is changed by it; without it a one-off that has no command is refused. */
  oneoff?: true;
  "remove-command"?: true;
  removeHealthcheck?: true;
}

interface App {
  app: string;
}
interface AppAndType extends App {
  type: string;
}

/**
 * Answers 201 (the page says 200). `quantity: 0` is stored as 1; of any other quantity one instance
 * runs, whatever the answer says; a web's `port` is stored without its config var PORT.
 */
export const createFormation = endpoint({
  operation: "create formation",
  method: "POST",
  path: ({ app }: App & { formation: NewFormation }) => path`/apps/${app}/formation`,
  body: ({ formation }) => formation,
  answer: formation,
});

/** 404 with a text: no such app or type. A trailing slash or a query would be an unmatched route. */
export const readFormation = endpoint({
  operation: "read formation",
  method: "GET",
  path: ({ app, type }: AppAndType) => path`/apps/${app}/formation/${type}`,
  answer: formation,
});

export const listFormations = endpoint({
  operation: "list formations",
  method: "GET",
  path: ({ app }: App) => path`/apps/${app}/formation`,
  answer: z.array(formation),
});

export const listSizes = endpoint({
  operation: "list sizes",
  method: "GET",
  path: (_: undefined) => path`/sizes`,
  answer: z.array(size),
});

/**
 * Validated whole, then applied concurrently: a missing type answers 409 while the others go on.
 * Redeploys the app for a size, port or healthcheck sent, or a command that differs from the stored
 * one. Of the answer nothing is read: it may be stale, or show a deleted row.
 */
export const updateFormations = endpoint({
  operation: "update formations",
  method: "PATCH",
  path: ({ app }: App & { changes: readonly FormationChange[] }) => path`/apps/${app}/formation`,
  body: ({ changes }) => changes,
  answer: z.array(z.unknown()),
});

/**
 * Deliberately unused: unlike the batch it redeploys every formation of the app, whatever it changes,
 * a mere quantity included. The batch does all that it does.
 */
export const updateFormation = endpoint({
  operation: "update formation",
  method: "PATCH",
  path: ({ app, type }: AppAndType & { change: Omit<FormationChange, "type"> }) =>
    path`/apps/${app}/formation/${type}`,
  body: ({ change }) => change,
  answer: formation,
});

/** 200 with an array of rows of the table, or `[]` where there was nothing to delete. */
export const deleteFormation = endpoint({
  operation: "delete formation",
  method: "DELETE",
  path: ({ app, type }: AppAndType) => path`/apps/${app}/formation/${type}`,
  answer: z.array(z.unknown()),
});
