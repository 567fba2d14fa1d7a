import { z } from "zod";
import { HttpError, unlessGone } from "../../http/errors";
import { sideBySide } from "../../process/side-by-side";
import { continuation, demandBeginning } from "../../resource/continuation";
import type { Reading } from "../../resource/definition";
import { PartlyListed } from "../../resource/errors";
import { defineListing, type Listed, type Page } from "../../resource/listing";
import { inOrder } from "../../resource/values";
import type { AkkerisApi } from "../api";
import type { Formation } from "../endpoints";
import { inputs, type State } from "./schema";
import { toModel } from "./wire";

/** How many apps are asked for their formations at a time. */
const atOnce = 8;

const query = z.object({
  app: inputs.shape.app.optional().meta({
    description:
      "Only formations of this app: its name and space, for instance `api-default`, or its ID.",
    whenAbsent: "all apps, with one request per app",
  }),
  type: z.string().optional().meta({ description: "Only formations of this type, such as `web`." }),
});

const placeShape = z.object({
  /** The app whose page was the last. */
  after: z.string(),
  /** Apps that could not be listed. They are retried at the end. */
  failed: z.array(z.string()),
});

const places = continuation("app formations", placeShape);

/**
 * How app formations are listed: a page per app, in the order of the apps' names, several apps at a time.
 * An app that cannot be listed stops no other: it is retried at the end, and if it still can't be, the list
 * ends with an error. One-offs, and a `web` that Akkeris created on its own, are listed like others: the
 * server does not tell them apart, and never returns `oneoff` and `options`, so an import lacks these.
 */
export const listing = defineListing({
  query,
  async *pages(
    wanted,
    context: Reading<AkkerisApi>,
    from?: string,
    isBounded = false,
  ): AsyncGenerator<Page<State>> {
    if (wanted.app !== undefined) {
      demandBeginning("the formations of an app", from);
      yield { items: await itemsOf(wanted.app, wanted.type, context) };
      return;
    }
    const { after = "", failed = [] } = from === undefined ? {} : places.read(from);
    const apps = (await context.api.apps(context)).filter((app) => app > after);
    const lacking = [...failed];
    for await (const outcome of outcomes(apps, wanted.type, context, isBounded)) {
      if (isFailed(outcome)) lacking.push(outcome.app);
      else yield pageOf(outcome.items, { after: outcome.app, failed: lacking }, apps.at(-1));
    }
    yield* again(lacking, wanted.type, context, apps.at(-1) ?? after);
  },
});

/** The formations of an app as the list has them, or why it could not be listed. */
type Outcome = { app: string; items: Listed<State>[] } | Failed;

interface Failed {
  app: string;
  error: HttpError;
}

const isFailed = (outcome: Outcome): outcome is Failed => "error" in outcome;

/** A page, which says where the list continues unless nothing is left after the last app. */
function pageOf(
  items: Listed<State>[],
  place: z.output<typeof placeShape>,
  last: string | undefined,
): Page<State> {
  const isEnd = place.after === last && place.failed.length === 0;
  return { items, next: isEnd ? undefined : places.write(place) };
}

/**
 * What became of each app, in the apps' order.
 *
 * @throws PartlyListed once nothing works any more: the other apps would only take their time to fail
 */
async function* outcomes(
  apps: readonly string[],
  type: string | undefined,
  context: Reading<AkkerisApi>,
  isBounded: boolean,
): AsyncGenerator<Outcome> {
  for (let begin = 0; begin < apps.length; begin += atOnce) {
    const batch = apps.slice(begin, begin + atOnce);
    const failed: Failed[] = [];
    for (const some of isBounded ? batch.map((app) => [app]) : [batch]) {
      const ended = await sideBySide(some, atOnce, (app) => outcomeOf(app, type, context));
      failed.push(...ended.filter(isFailed));
      yield* ended;
    }
    const [first, second] = failed;
    if (first && second && failed.length === batch.length) {
      throw new PartlyListed("app", apps.slice(begin), first.error);
    }
  }
}

/** The pages of apps that failed at first. @throws PartlyListed naming those that still fail */
async function* again(
  apps: readonly string[],
  type: string | undefined,
  context: Reading<AkkerisApi>,
  after: string,
): AsyncGenerator<Page<State>> {
  const lacking: Failed[] = [];
  for (const [at, app] of apps.entries()) {
    const outcome = await outcomeOf(app, type, context);
    const failed = [...lacking.map((one) => one.app), ...apps.slice(at + 1)];
    if (isFailed(outcome)) lacking.push(outcome);
    else yield pageOf(outcome.items, { after, failed }, after);
  }
  const [first] = lacking;
  if (first) {
    const names = lacking.map(({ app }) => app);
    throw new PartlyListed("app", names, first.error);
  }
}

async function outcomeOf(
  app: string,
  type: string | undefined,
  context: Reading<AkkerisApi>,
): Promise<Outcome> {
  try {
    // An app may be deleted after it was listed.
    return { app, items: (await unlessGone(itemsOf(app, type, context))) ?? [] };
  } catch (error) {
    if (isOfOneApp(error)) return { app, error };
    throw error;
  }
}

/** Whether a failure may be the app's own, so that others can be listed. */
function isOfOneApp(error: unknown): error is HttpError {
  if (!(error instanceof HttpError) || error.outOfTime || error.status === undefined) return false;
  return error.code !== "UNAUTHORIZED" && error.code !== "RATE_LIMITED";
}

/** An app's formations, by type. */
async function itemsOf(
  app: string,
  type: string | undefined,
  { api, ...context }: Reading<AkkerisApi>,
): Promise<Listed<State>[]> {
  const all = await api.list(app, context);
  // The server may have two of one type. Which of them a read returns is not documented: the older one.
  const sorted = all.toSorted(
    (a, b) => inOrder(a.type, b.type) || inOrder(a.created_at ?? "", b.created_at ?? ""),
  );
  return sorted
    .filter((one, at) => one.type !== sorted[at - 1]?.type)
    .filter((one) => type === undefined || one.type === type)
    .map((one) => listed(app, one));
}

function listed(app: string, seen: Formation): Listed<State> {
  const { id, state } = toModel(seen, { app });
  const { size, quantity, formationId, createdAt } = state;
  const isWhole = [size, quantity, formationId, createdAt].every((value) => value !== undefined);
  return { id, name: id, state, isWhole };
}
