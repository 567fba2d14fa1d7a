import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { nullableField, optionalField, readableList, timestamp } from "../http/fields";
import { path } from "../http/path";

/** What the API takes as an app in a path: its name and space, or its ID. */
export const appName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

// `app.name` is not read: it is `foo-default` from POST, `foo` from GET and absent from PATCH. What a
// response lacks of the rest counts as not said.
const fields = z.object({
  id: optionalField(z.string()),
  // Who reads one formation knows its type.
  type: optionalField(z.string()),
  size: optionalField(z.string()),
  quantity: optionalField(z.int()),
  // Null for all but web, whatever was stored.
  port: nullableField(z.int()),
  healthcheck: nullableField(z.string()),
  command: nullableField(z.string()),
  created_at: optionalField(timestamp()),
});

const isAFormation = ({ id, size, quantity }: z.output<typeof fields>) =>
  [id, size, quantity].some((value) => value !== undefined);

const formation = fields.refine(isAFormation, "Not a formation");

/** A formation as GET and POST show it, without `oneoff` and `options`. */
export type Formation = z.output<typeof formation> & { type: string };

/** Whether a response says the type: nobody could ask for a formation without one. */
export function hasType<Seen extends { type?: string }>(one: Seen): one is Seen & { type: string } {
  return one.type !== undefined;
}

const memory = optionalField(z.object({ memory: optionalField(z.string()) }));

const size = z.object({
  name: z.string(),
  resources: optionalField(z.object({ requests: memory, limits: memory })),
  price: optionalField(z.number()),
  deprecated: optionalField(z.boolean()),
  description: optionalField(z.string()),
});

/** A size that a formation can have; `price` is in US dollars per month. */
export type Size = z.output<typeof size>;

const text = optionalField(z.string());

// Only a name by which the API takes the app is needed, and its ID is one too.
const listedApp = z
  .object({
    key: text,
    name: text,
    simple_name: text,
    space: optionalField(z.object({ name: text })),
    id: text,
  })
  .transform(({ key, name, simple_name, space, id }) =>
    [key, name, simple_name && space?.name && `${simple_name}-${space.name}`, id].find(isAppName),
  )
  .pipe(z.string());

/** Whether a text is the name or the ID of an app, as resources name theirs. */
function isAppName(text: string | undefined): text is string {
  return text !== undefined && appName.test(text);
}

/** The body of a creation. The server stores null and empty values as they are, so neither is sent. */
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
 * The change of one formation. What is absent or null stays, and the server stores an empty text as
 * it is: flags of their own clear a command and a healthcheck. Their spellings differ as they do here
 * (the server ignores `removeCommand`).
 */
export interface FormationChange {
  type: string;
  size?: string;
  quantity?: number;
  port?: number;
  command?: string;
  healthcheck?: string;
  /** Changes nothing, but without it the server refuses a one-off that has no command. */
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
 * Answers 201 (the page says 200). The server stores `quantity: 0` as 1 and runs one instance whatever
 * the quantity; it stores the `port` of a web without config var PORT.
 */
export const createFormation = endpoint({
  operation: "create formation",
  method: "POST",
  path: ({ app }: App & { formation: NewFormation }) => path`/apps/${app}/formation`,
  body: ({ formation }) => formation,
  answer: formation,
});

/** A 404 with a text: no such app or type. A trailing slash or a query matches no route. */
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

/** All apps of the controller, without paging, by the names that paths have: `shop-default`. */
export const listApps = endpoint({
  operation: "list apps",
  method: "GET",
  path: (_: undefined) => path`/apps`,
  answer: readableList(listedApp),
});

export const listSizes = endpoint({
  operation: "list sizes",
  method: "GET",
  path: (_: undefined) => path`/sizes`,
  answer: z.array(size),
});

/**
 * The server validates the batch whole, then applies it concurrently: it answers 409 for a missing
 * type and changes the others. It redeploys the app for each size, port or healthcheck that is sent,
 * and for a command that differs from the stored one. Nothing is read from the answer, which may be
 * stale or show a deleted row.
 *
 * `PATCH /apps/{app}/formation/{type}` is not used: it redeploys every formation of the app, even for
 * a quantity.
 */
export const updateFormations = endpoint({
  operation: "update formations",
  method: "PATCH",
  path: ({ app }: App & { changes: readonly FormationChange[] }) => path`/apps/${app}/formation`,
  body: ({ changes }) => changes,
  answer: "none",
});

/** 200 with the deleted rows of the table, or `[]` where there was nothing to delete: of no interest. */
export const deleteFormation = endpoint({
  operation: "delete formation",
  method: "DELETE",
  path: ({ app, type }: AppAndType) => path`/apps/${app}/formation/${type}`,
  answer: "none",
});
