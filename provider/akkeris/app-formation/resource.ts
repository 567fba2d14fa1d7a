import { isDeepStrictEqual } from "node:util";
import { HttpError } from "../../http/errors";
import {
  type Context,
  defineResource,
  type Snapshot,
  type UpdateRequest,
} from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import type { Change, WholeChange } from "../../resource/plan-rules";
import { containsUnknown, utc } from "../../resource/values";
import type { AkkerisApi } from "../api";
import { mayBeStored } from "../batch";
import type { Formation, FormationChange } from "../endpoints";
import { akkeris } from "../system";
import { ensure, isAsMade, isUntouched, leftUndone, settings } from "./create";
import { constraints, type Inputs, inputs, outputs, type State } from "./schema";
import { isSameSize } from "./size";

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[a-z0-9]{1,128}$/;

const redeploys =
  "{property} changes from {observed} to {desired}: Akkeris redeploys every formation of the app for it.";

/**
 * The change to send. Every change of a type other than web repeats its command, or says that it is a
 * one-off that has none; without, the server refuses it.
 */
function toChange(changes: Partial<Inputs>, { type, command, oneoff }: Inputs): FormationChange {
  const { size, quantity, port, healthcheck } = changes;
  const change: FormationChange = { type, size, quantity, port, healthcheck };
  if (type !== "web") {
    if (command) change.command = command;
    else if (oneoff) change.oneoff = true;
    return change;
  }
  if (changes.command) change.command = changes.command;
  else if ("command" in changes) change["remove-command"] = true;
  if ("healthcheck" in changes && !healthcheck) change.removeHealthcheck = true;
  return change;
}

/**
 * A formation in the words of inputs and outputs.
 *
 * @param known what the server never returns, and the program's spelling of the size
 */
export function toModel(seen: Formation, app: string, known: Partial<State>): Snapshot<State> {
  const { size = seen.size, oneoff, options } = known;
  return {
    id: `${app}/${seen.type}`,
    state: {
      app,
      type: seen.type,
      size: isSameSize(size, seen.size) ? size : seen.size,
      quantity: seen.quantity,
      port: seen.port ?? undefined,
      command: seen.command ?? undefined,
      healthcheck: seen.healthcheck ?? undefined,
      oneoff,
      options,
      formationId: seen.id,
      serverSize: seen.size,
      createdAt: utc(seen.created_at),
    },
  };
}

/** One type of process of an Akkeris app: its size, quantity and command. */
export const appFormation = defineResource({
  name: "AppFormation",
  description:
    "A formation of an Akkeris app: one type of process, with its size, quantity, command and, for `web`, port and healthcheck.\n\n" +
    "Creating and deleting a formation redeploys every formation of the app; so does a change of `size`, `port`, `healthcheck` or `command`, of which the preview warns. Changes of several formations of one app in one `pulumi up` are sent together.\n\n" +
    'Akkeris makes a `web` by itself when another type comes first. As long as nobody has touched it (quantity 0, no command), creating `web` takes it over. With an autoscaler, let the program ignore what it changes: `ignoreChanges: ["quantity"]`.\n\n' +
    "`oneoff` and `options` are never returned by the server: they can't be imported, and nobody sees them drift.",
  id: "the app and the type, `app/type`: `api-default/web`",
  isId: (id) => idPattern.test(id),
  example: { app: "shop-default", type: "web", size: "gp2", quantity: 2, healthcheck: "/health" },
  system: akkeris,
  inputs,
  outputs,
  plan: {
    defaults: { oneoff: false },
    properties: [
      {
        change: "`size` changed in the program between `gp2` and the server's own `gp2-prod`",
        properties: ["size"],
        when: namesServerSize,
        becomes: "keep",
        why: "the two are equal in a space tagged `compliance=prod`, which appends `-prod` by itself",
        warning:
          "size {desired} is taken for the same as {observed}, and kept. If the app's space is not tagged compliance=prod and the two differ there, change to another size first.",
      },
      {
        change: "`size` `gp2` while the server says `gp2-prod`",
        properties: ["size"],
        on: ["drifted"],
        when: namesServerSize,
        becomes: "keep",
        why: "the two are equal; `serverSize` shows the server's spelling",
      },
      {
        change: "`size`, `port`, `command` or `healthcheck` set or changed",
        properties: ["size", "port", "command", "healthcheck"],
        becomes: "update",
        why: "one batch PATCH of what changed; the app is redeployed",
        warning: redeploys,
      },
      {
        change: "`quantity`",
        properties: ["quantity"],
        becomes: "update",
        why: "one batch PATCH of what changed; instances start or stop, nothing is redeployed",
      },
      {
        change: "`command` of a `web`, or `healthcheck`, removed from the program",
        properties: ["command", "healthcheck"],
        on: ["removed"],
        when: ({ all }) => all.desired.type === "web",
        becomes: "update",
        why: "cleared, so that the image's own command runs, or no healthcheck; the app is redeployed",
        warning: redeploys,
      },
      {
        change: "`command` of a type other than `web` removed from the program",
        properties: ["command"],
        on: ["removed"],
        when: ({ all }) => staysInPlace(all),
        becomes: "refuse",
        why: "the API clears the command of a `web` only: give the formation a command",
      },
      {
        change: "`app`, `type`",
        properties: ["app", "type"],
        becomes: "replace",
        order: "new first",
        why: "another app's, or another type of process",
      },
      {
        change: "`oneoff`, `options`",
        properties: ["oneoff", "options"],
        becomes: "replace",
        order: "old first",
        why: "no update changes them, and app and type, which stay, can't be taken twice",
      },
    ],
  },
  constraints,

  foresee: ({ app, type, port, command, healthcheck }) => ({
    id: `${app}/${type}`,
    // A web without a port gets the server's own.
    state: { command, healthcheck, ...(!(mayBeWeb(type) && port === undefined) && { port }) },
  }),

  async create(wanted, context) {
    const { formation, isTakenOver } = await ensure(wanted, context);
    const changes = isTakenOver ? settings(wanted) : leftUndone(wanted);
    const made = toModel(formation, wanted.app, wanted);
    const unfinished = Object.keys(changes);
    if (unfinished.length === 0) return made;
    // One that is taken over is nobody's until it has been changed.
    if (!isTakenOver) context.exists({ ...made, unfinished });
    return await carryOut({ ...made, inputs: wanted, changes }, context);
  },

  async read(id, known, { api, ...context }) {
    const { app, type } = parseId(id);
    const seen = await api.get(app, type, context);
    return seen && toModel(seen, app, known);
  },

  async find(wanted, { api, ...context }) {
    const seen = await api.get(wanted.app, wanted.type, context);
    if (!seen || (seen.type === "web" && isUntouched(seen))) return [];
    const made = toModel(seen, wanted.app, wanted);
    return [{ ...made, unfinished: isAsMade(seen, wanted) ? Object.keys(leftUndone(wanted)) : [] }];
  },

  async update(request, context) {
    const { id, state, changes } = request;
    if (Object.keys(changes).length === 0) return { id, state };
    return await carryOut(request, context);
  },

  async delete(id, _, { api, ...context }) {
    const { app, type } = parseId(id);
    await api.delete(app, type, context);
  },
});

async function carryOut(
  { id, inputs: wanted, state, changes }: UpdateRequest<Inputs, State>,
  context: Context<AkkerisApi>,
): Promise<Snapshot<State>> {
  const { app, size } = wanted;
  // A command that is stored already redeploys nothing when it is sent again; a size does.
  const isOfCommand = "command" in changes;
  try {
    const change = toChange(changes, wanted);
    const again = isOfCommand ? { ...change, size } : change;
    const seen = await context.api.update(app, { change, again }, context);
    if (seen) return toModel(seen, app, { ...state, ...wanted });
  } catch (error) {
    const isDone = error instanceof HttpError && error.method === "GET";
    if (isDone || mayBeStored(error)) {
      const sent = Object.keys(isOfCommand ? { ...changes, size } : changes);
      context.exists({ id, state: { ...state, ...changes }, unfinished: isDone ? [] : sent });
    }
    throw error;
  }
  throw new ResourceFailed(
    `Formation ${id} was deleted by somebody else while it was changed. After \`pulumi refresh\` the next \`pulumi up\` creates it again.`,
  );
}

/** Whether the size asked for is the server's own, or becomes it by the suffix that the server appends. */
function namesServerSize({ desired, observed, all }: Change): boolean {
  const [asked, seen] = [String(desired), String(observed)];
  return isSameSize(asked, seen) || (asked === all.observed.serverSize && isSameSize(seen, asked));
}

/** In a preview the type may not be known yet. */
function mayBeWeb(type: string): boolean {
  return type === "web" || containsUnknown(type);
}

/** Whether nothing asks for a replacement, as far as the values are known. */
function staysInPlace({ observed, desired }: Pick<WholeChange, "observed" | "desired">): boolean {
  return ["app", "type", "oneoff", "options"].every(
    (key) => desired[key] === undefined || isDeepStrictEqual(desired[key], observed[key]),
  );
}

function parseId(id: string): { app: string; type: string } {
  const [app = "", type = ""] = id.split("/");
  return { app, type };
}
