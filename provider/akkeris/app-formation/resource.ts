import { FormationsError } from "../../errors";
import { whileAppearing } from "../../resource/appearance";
import {
  type Context,
  defineResource,
  type Snapshot,
  type UpdateRequest,
} from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import { containsUnknown } from "../../resource/values";
import { waitUntil } from "../../resource/wait";
import type { AkkerisApi } from "../api";
import type { Formation } from "../endpoints";
import { ReadBackFailed } from "../errors";
import { akkeris } from "../system";
import { cost } from "./cost";
import { createFormation, isUntouchedWeb } from "./create";
import { listing } from "./list";
import { plan, recreation, redeployment, redeploys } from "./plan";
import { constraints, type Inputs, inputs, outputs, type State } from "./schema";
import { isStoredQuantity, toChange, toModel, wire } from "./wire";

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[a-z0-9]{1,128}$/;

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
  plan,
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

  announce(id, changes, api) {
    const { app, type } = parseId(id);
    api.announce(app, type, redeploys(changes));
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
    const changed = await context.api.update(
      app,
      { change, again, redeploys: redeploys(changes) },
      context,
    );
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

/** In a preview the type may not be known yet. */
function mayBeWeb(type: string): boolean {
  return type === "web" || containsUnknown(type);
}

function parseId(id: string): { app: string; type: string } {
  const [app = "", type = ""] = id.split("/");
  return { app, type };
}
