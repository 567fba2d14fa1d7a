import { whileAppearing } from "../../resource/appearance";
import { type Context, defineResource, type Snapshot } from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import { utc } from "../../resource/values";
import type { Verdict } from "../../resource/wait";
import { type CitusApi, isArchived } from "../api";
import type { FormationDetails } from "../endpoints";
import { citus } from "../system";
import { createFormation } from "./create";
import { creationsOf, isAt } from "./creations";
import { listing } from "./list";
import { plan, startsEmpty } from "./plan";
import { constraints, inputs, outputs, type State } from "./schema";
import { awaitFormation } from "./waits";
import { toModel } from "./wire";

/** A formation: a distributed Postgres cluster of a coordinator and workers. */
export const formation = defineResource({
  name: "Formation",
  description:
    "A Citus Cloud formation: a distributed Postgres cluster of a coordinator and workers.\n\n" +
    "The API creates and destroys formations but updates nothing. Every change of tune, disk size, worker count, HA, name or region is therefore a **replacement, and the new formation starts empty**. A formation that was resized in the web console is kept: run `pulumi refresh`, then put the new values into the program.",
  id: "the formation's ID, as the list and the console show it: letters and digits, such as `0123456789abcdef0123456789a`",
  isId: (id) => /^[A-Za-z0-9_-]+$/.test(id),
  example: {
    region: "us-east-1",
    coordinatorTune: "r5.large",
    coordinatorDiskSize: 512,
    workerTune: "r5.large",
    workerCount: 4,
    workerDiskSize: 512,
    workerHa: true,
  },
  system: citus,
  inputs,
  outputs,
  plan,
  constraints,

  pending: ({ state }) => (isReady(state) ? undefined : `state "${state ?? "unknown"}"`),

  isLeaving: ({ state }) => state === "archiving",

  foresee: ({ coordinatorHa = false, workerHa = false, allowDuplicateName }) => ({
    state: { coordinatorHa, workerHa, allowDuplicateName },
  }),

  claims: ({ name, region, allowDuplicateName }) =>
    name === undefined || allowDuplicateName
      ? undefined
      : {
          name: `formation "${name}" in ${region}`,
          rule: "two of one name need allowDuplicateName",
        },

  whenDeleted: () => ({ kind: "data loss", text: "the formation is destroyed with its data" }),
  whenReplaced: () => startsEmpty,

  async create(wanted, context) {
    const { id, predecessors, demandNoTwin } = await createFormation(wanted, context);
    const known = { ...wanted, state: "creating", createdAt: utc(context.clock.now()) };
    context.exists({ id, predecessors, state: known });
    const made = await ready(id, known, context);
    await demandNoTwin?.();
    return made;
  },

  async read(id, known, { api, ...context }) {
    const seen = await api.look(id, context);
    return seen && (isArchived(seen) ? "destroyed" : toModel(seen, known));
  },

  async find(wanted, { api, ...context }) {
    const found: Snapshot<State>[] = [];
    const all = await creationsOf(api).sharedList(() => api.list(context));
    for (const { id } of all.filter(isAt(wanted))) {
      const seen = await api.get(id, context);
      if (seen) found.push(toModel(seen, wanted));
    }
    return found;
  },

  listing,

  // Nothing of a formation can be updated: an update only continues to wait for an unfinished creation.
  async update({ id, state }, context) {
    context.exists({ id, state });
    return await ready(id, state, context);
  },

  async delete(id, { name }, context) {
    const { api, clock } = context;
    await api.destroy(id, context);
    await awaitFormation(
      {
        id,
        what: `formation "${name}" (${id}) to be archived`,
        among: api.archivals,
        since: clock.now(),
        verdict: (seen) => (seen && !isArchived(seen) ? "waiting" : "done"),
        describe: (seen) => (seen ? (seen.state ?? "unknown") : "archived"),
      },
      context,
    );
  },
});

async function ready(
  id: string,
  known: Partial<State>,
  context: Context<CitusApi>,
): Promise<Snapshot<State>> {
  const { api, clock } = context;
  const since = Date.parse(known.createdAt ?? "");
  const seen = await awaitFormation(
    {
      id,
      what: `formation "${known.name}" (${id}) to become ready`,
      among: api.creations,
      since: Number.isNaN(since) ? clock.now() : since,
      onSeen: (formation) => {
        if (formation && !isArchived(formation)) context.exists(toModel(formation, known));
      },
      verdict: whileAppearing({ what: `formation ${id}`, since }, clock, readiness),
      describe: (formation) => (formation ? (formation.state ?? "unknown") : "not visible yet"),
    },
    context,
  );
  if (!seen)
    throw new ResourceFailed(
      `Formation ${id} is gone. Run \`pulumi refresh\`, then \`pulumi up\` again.`,
    );
  return toModel(seen, known);
}

/** The API documents no failure state: with any other state the wait continues until its deadline. */
function readiness(seen: FormationDetails): Verdict {
  if (isArchived(seen))
    return { failed: "it is gone: run `pulumi refresh`, then `pulumi up` again" };
  if (seen.state === "archiving")
    return {
      failed:
        "it is being archived, which destroys it. When it is gone, run `pulumi refresh`, then `pulumi up` again",
    };
  return isReady(seen.state) ? "done" : "waiting";
}

/** `steady` is the documented resting state; `ready` counts as one too. */
function isReady(state: string | undefined): boolean {
  return state === "steady" || state === "ready";
}
