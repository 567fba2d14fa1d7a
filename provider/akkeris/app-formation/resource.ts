import { isDeepStrictEqual } from "node:util";
import { FormationsError } from "../../errors";
import { whileAppearing } from "../../resource/appearance";
import {
  type Context,
  defineResource,
  type Snapshot,
  type UpdateRequest,
} from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import type { Change, Effect, WholeChange } from "../../resource/plan-rules";
import { containsUnknown, isUuid } from "../../resource/values";
import { waitUntil } from "../../resource/wait";
import type { AkkerisApi } from "../api";
import type { Formation } from "../endpoints";
import { ReadBackFailed } from "../errors";
import { akkeris } from "../system";
import { cost } from "./cost";
import { createFormation, isUntouchedWeb } from "./create";
import { listing } from "./list";
import { constraints, type Inputs, inputs, outputs, type State } from "./schema";
import { isSameSize, isStoredQuantity, toChange, toModel, wire } from "./wire";

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[a-z0-9]{1,128}$/;

const redeployment: Effect = {
  kind: "redeployment",
  text: "Akkeris then redeploys every formation of the app",
};

const recreation: Effect = {
  kind: "interruption",
  text: "the formation is deleted and created again: its processes stop in between, and Akkeris redeploys the app twice",
};

const redeploys = "`pulumi up` changes {property} from {observed} to {desired}; {effect}.";

/** One type of process of an Akkeris app: its size, quantity and command. */
export const appFormation = defineResource({
  name: "AppFormation",
  description:
    "A formation of an Akkeris app: one type of process, with its size, quantity and command, and for `web` its port and healthcheck.\n\n" +
    "Creating or deleting a formation redeploys every formation of the app. So does a change of `size`, `port`, `healthcheck` or `command`; the preview warns of it. Changes of several formations of one app in one `pulumi up` are sent together.\n\n" +
    'Akkeris creates a `web` on its own when the first formation of an app is of another type. As long as nobody has changed that `web` (quantity 0, no command), creating `web` takes it over. With an autoscaler, ignore the property that it changes: `ignoreChanges: ["quantity"]`.\n\n' +
    "The server never returns `oneoff` and `options`: they cannot be imported, and a refresh cannot see them drift.",
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
        why: "the two are equal in a space tagged `compliance=prod`, where the server appends `-prod`",
        warning:
          "size {desired} is treated as equal to {observed} and kept. If the app's space is not tagged compliance=prod and the two sizes differ there, change to another size first.",
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
        why: "sent in one batch PATCH; Akkeris redeploys the app",
        effect: redeployment,
        warning: redeploys,
      },
      {
        change: "`quantity` from 0",
        properties: ["quantity"],
        when: ({ observed, desired }) => observed === 0 && Number(desired) > 0,
        becomes: "update",
        why: "sent in one batch PATCH; instances start, and nothing is redeployed",
        warning:
          "{property} is 0 on the server: this starts {desired} instances. If somebody scaled the formation to zero, for instance for maintenance, ask first; `ignoreChanges` keeps it as it is.",
      },
      {
        change: "`quantity`",
        properties: ["quantity"],
        becomes: "update",
        why: "sent in one batch PATCH; instances start or stop, and nothing is redeployed",
      },
      {
        change: "`command` of a `web`, or `healthcheck`, removed from the program",
        properties: ["command", "healthcheck"],
        on: ["removed"],
        when: ({ all }) => all.desired.type === "web",
        becomes: "update",
        why: "cleared: the image's own command runs, or no healthcheck; Akkeris redeploys the app",
        effect: redeployment,
        warning: redeploys,
      },
      {
        change: "`command` of a type other than `web` removed from the program",
        properties: ["command"],
        on: ["removed"],
        when: ({ all }) => staysInPlace(all),
        becomes: "refuse",
        why: "the API can clear only the command of a `web`; give the formation a command",
      },
      {
        change: "`app` changed between an app's name and its UUID",
        properties: ["app"],
        when: ({ applied, desired }) => isUuid(String(applied)) !== isUuid(String(desired)),
        becomes: "refuse",
        why: "both may be the same app, which a plan can't tell, and a replacement would delete the formation: keep the spelling that the formation was created with, or give another app in that spelling",
      },
      {
        change: "`app`, `type`",
        properties: ["app", "type"],
        becomes: "replace",
        order: "new first",
        why: "it belongs to another app, or is another type of process",
        effect: {
          kind: "deletion",
          text: "the formation starts in its new place, and ends in the old one; Akkeris redeploys both apps",
        },
      },
      {
        change: "`oneoff`, `options`",
        properties: ["oneoff", "options"],
        becomes: "replace",
        order: "old first",
        why: "no update can change them, and an app has one formation per type",
        effect: recreation,
      },
    ],
  },
  constraints,
  cost,

  whenCreated: () => redeployment,
  whenDeleted: () => ({
    kind: "deletion",
    text: "its processes stop, and Akkeris redeploys every other formation of the app",
  }),
  whenReplaced: () => recreation,

  foresee({ app, type, port, command, healthcheck }) {
    // The server chooses the port of a web that asks for none.
    const isPortChosen = port === undefined && mayBeWeb(type);
    const state = { command, healthcheck };
    return { id: `${app}/${type}`, state: isPortChosen ? state : { ...state, port } };
  },

  claims: ({ app, type }) => ({
    name: `${app}/${type}`,
    rule: "an app has one formation of each type",
  }),

  // The ID has the app as the program spells it: by its name, or by its ID.
  serverId: "formationId",

  async create(wanted, context) {
    const { formation, isTakenOver } = await createFormation(wanted, context);
    const changes = isTakenOver
      ? wire.settings("patch", wanted)
      : wire.leftUndone(formation, wanted);
    const created = toModel(formation, wanted);
    const unfinished = Object.keys(changes);
    if (unfinished.length === 0) return created;
    // A formation that is taken over is not this resource until it has been changed.
    if (!isTakenOver) context.exists({ ...created, unfinished });
    const createdAt = isTakenOver ? undefined : context.clock.now();
    return await carryOut({ ...created, inputs: wanted, changes }, context, createdAt);
  },

  async read(id, known, { api, ...context }) {
    const { app, type } = parseId(id);
    const seen = await api.get(app, type, context);
    return seen && toModel(seen, { ...known, app });
  },

  async find(wanted, { api, ...context }) {
    const { app, type, quantity } = wanted;
    const seen = await api.get(app, type, context);
    if (!seen || isUntouchedWeb(seen)) return [];
    const isAsCreated = isStoredQuantity(quantity, seen.quantity);
    const undone = isAsCreated ? wire.leftUndone(seen, wanted) : {};
    return [{ ...toModel(seen, wanted), unfinished: Object.keys(undone) }];
  },

  listing,

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

/** @param createdAt when this run created it, in milliseconds since the epoch: reads may not show it yet */
async function carryOut(
  { id, inputs: wanted, state, changes }: Omit<UpdateRequest<Inputs, State>, "isPending">,
  context: Context<AkkerisApi>,
  createdAt?: number,
): Promise<Snapshot<State>> {
  const { app, size } = wanted;
  // Sending a stored command again redeploys nothing; sending a size again does.
  const isOfCommand = "command" in changes;
  try {
    const change = toChange(changes, wanted);
    const again = isOfCommand ? { ...change, size } : change;
    const changed = await context.api.update(app, { change, again }, context);
    const seen = changed ?? (createdAt && (await appeared(id, createdAt, context)));
    if (seen) return toModel(seen, { ...state, ...wanted });
  } catch (error) {
    const isDone = error instanceof ReadBackFailed;
    if (isDone || (error instanceof FormationsError && error.mayHaveTakenEffect)) {
      const sent = Object.keys(isOfCommand ? { ...changes, size } : changes);
      context.exists({ id, state: { ...state, ...changes }, unfinished: isDone ? [] : sent });
    }
    throw error;
  }
  throw new ResourceFailed(
    `Formation ${id} was deleted by someone else while it was being changed. Run \`pulumi refresh\`; the next \`pulumi up\` then creates it again.`,
  );
}

/** Waits until reads show a formation that was created a moment ago. */
function appeared(
  id: string,
  since: number,
  { api, ...context }: Context<AkkerisApi>,
): Promise<Formation | undefined> {
  const { app, type } = parseId(id);
  return waitUntil<Formation | undefined>({
    ...context,
    what: `formation ${id} to appear`,
    poll: () => api.get(app, type, context),
    verdict: whileAppearing({ what: `formation ${id}`, since }, context.clock, () => "done"),
    describe: () => "not visible yet",
  });
}

/** Whether the size asked for is the server's, with or without the suffix that the server appends. */
function namesServerSize({ desired, observed, all }: Change): boolean {
  const [asked, seen] = [String(desired), String(observed)];
  return isSameSize(asked, seen) || (asked === all.observed.serverSize && isSameSize(seen, asked));
}

/** In a preview the type may not be known yet. */
function mayBeWeb(type: string): boolean {
  return type === "web" || containsUnknown(type);
}

/** Whether no property asks for a replacement, as far as the values are known. */
function staysInPlace({ observed, desired }: Pick<WholeChange, "observed" | "desired">): boolean {
  return ["app", "type", "oneoff", "options"].every(
    (key) => desired[key] === undefined || isDeepStrictEqual(desired[key], observed[key]),
  );
}

function parseId(id: string): { app: string; type: string } {
  const [app = "", type = ""] = id.split("/");
  return { app, type };
}
