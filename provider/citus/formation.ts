import { HttpError } from "../http/errors";
import { type Context, defineResource, type Snapshot } from "../resource/definition";
import { alreadyExists, Cancelled, ResourceFailed } from "../resource/errors";
import { utc } from "../resource/values";
import { type Pace, type Verdict, waitUntil } from "../resource/wait";
import type { CitusApi, FormationDetails, ListedFormation, NewFormation } from "./api";
import { constraints, type Inputs, inputs, outputs, type State } from "./formation-schema";
import { citus } from "./system";

const tuneProperties = [
  ...(["region", "coordinatorTune", "coordinatorDiskSize", "coordinatorHa"] as const),
  ...(["workerTune", "workerCount", "workerDiskSize", "workerHa"] as const),
];

/** Counts and sizes go as strings, as the page's example has them. */
function toWire(wanted: Inputs): NewFormation {
  return {
    name: wanted.name ?? "",
    region: wanted.region,
    tune_attributes: {
      coordinator_tune: wanted.coordinatorTune,
      coordinator_disk_size: String(wanted.coordinatorDiskSize),
      coordinator_ha: wanted.coordinatorHa ?? false,
      worker_tune: wanted.workerTune,
      worker_count: String(wanted.workerCount),
      worker_disk_size: String(wanted.workerDiskSize),
      worker_ha: wanted.workerHa ?? false,
    },
  };
}

function toModel(seen: FormationDetails, { allowDuplicateName }: Partial<State>): Snapshot<State> {
  return { id: seen.id, state: { ...stateOf(seen), allowDuplicateName } };
}

/** A formation in the words of inputs and outputs. */
export function stateOf(seen: FormationDetails): State {
  const tune = seen.tune_attributes;
  return {
    name: seen.name,
    region: seen.region,
    coordinatorTune: tune.coordinator_tune,
    coordinatorDiskSize: tune.coordinator_disk_size,
    coordinatorHa: tune.coordinator_ha,
    workerTune: tune.worker_tune,
    workerCount: tune.worker_count,
    workerDiskSize: tune.worker_disk_size,
    workerHa: tune.worker_ha,
    state: seen.state,
    createdAt: utc(seen.created_at),
    isMx: tune.is_mx,
    isZfs: tune.is_zfs,
    databaseUrl: seen.database_url ?? undefined,
  };
}

/** A formation: a distributed Postgres cluster of a coordinator and workers. */
export const formation = defineResource({
  name: "Formation",
  description:
    "A Citus Cloud formation: a distributed Postgres cluster of a coordinator and workers.\n\n" +
    "The API creates and destroys formations but updates nothing. Every change of tune, disk, count, HA, name or region is therefore a **replacement, and the new formation starts empty**. A formation that was resized in the web console is kept: run `pulumi refresh`, then put the new values into the program.",
  id: "the formation's ID, as the list and the console show it",
  system: citus,
  inputs,
  outputs,
  plan: {
    autoname: "name",
    defaults: { coordinatorHa: false, workerHa: false, allowDuplicateName: false },
    properties: [
      {
        change: "tune, disk size, worker count, HA, name or region **changed in the program**",
        properties: ["name", ...tuneProperties],
        becomes: "replace",
        order: "new first",
        why: "the API updates nothing",
        warning:
          "{property}: the new formation starts EMPTY, and the old one is destroyed with its data. Resized in the console? Run `pulumi refresh` first.",
      },
      {
        change: "`allowDuplicateName`",
        properties: ["allowDuplicateName"],
        on: ["changed", "removed", "unknown"],
        becomes: "keep",
        why: "only a creation reads it",
      },
    ],
    whole: [
      {
        change: "a replacement that keeps an explicit `name`",
        when: ({ action, autonamed, observed, desired }) =>
          action === "replace" && !autonamed && observed.name === desired.name,
        becomes: "replace",
        order: "new first",
        why: "two formations may have one name, and the old one is known to the run that replaces it",
      },
    ],
  },
  constraints,

  pending: ({ state }) => (isReady(state) ? undefined : `state "${state}"`),

  foresee: ({ coordinatorHa = false, workerHa = false, allowDuplicateName }) => ({
    state: { coordinatorHa, workerHa, allowDuplicateName },
  }),

  async create(wanted, context) {
    const id = await ensure(wanted, context);
    context.exists({
      id,
      state: { ...wanted, state: "creating", createdAt: utc(context.clock.now()) },
    });
    return await ready(id, wanted, context);
  },

  async read(id, known, { api, ...context }) {
    const seen = await api.get(id, context);
    return seen && toModel(seen, known);
  },

  // Nothing of a formation can be updated; an update only goes on waiting for an unfinished creation.
  async update({ id, state }, context) {
    context.exists({ id, state });
    return await ready(id, state, context);
  },

  async delete(id, { name }, { api, ...context }) {
    await api.destroy(id, context);
    await waitUntil({
      ...context,
      what: `formation "${name}" (${id}) to be archived`,
      poll: () => api.get(id, context),
      verdict: (seen) => (seen ? "waiting" : "done"),
      describe: (seen) => seen?.state ?? "archived",
      pace: paceOf(api),
    });
  },
});

/** How long a list waits for other creations of the same run, in milliseconds. */
const gatheringTime = 100;

/** Looks before it creates, and before it repeats: one that nobody remembers costs money by the minute. */
async function ensure(wanted: Inputs, context: Context<CitusApi>): Promise<string> {
  const { api } = context;
  const gathering = () =>
    context.clock.sleep(gatheringTime, context.signal).catch((reason) => {
      if (!context.signal.aborted) throw reason;
      throw new Cancelled(`Cancelled before formation "${wanted.name}" was created.`);
    });
  const before = matching(await api.sharedList(context, gathering), wanted);
  if (!wanted.allowDuplicateName) {
    for (const { id, created_at } of before.filter((one) => !context.replaced.has(one.id))) {
      const rival = await api.get(id, context);
      if (!rival || rival.state === "archiving") continue;
      throw alreadyExists({
        what: `formation "${wanted.name}" in ${wanted.region}`,
        id,
        since: utc(created_at),
        otherwise: "give this one another name, or set allowDuplicateName if two are meant",
      });
    }
  }
  try {
    return await api.create(toWire(wanted), context);
  } catch (error) {
    const isLost = error instanceof HttpError && error.mayHaveTakenEffect;
    if (!isLost || context.signal.aborted) throw error;
    context.warn(`${error.message} Looking for it in the list before it is sent again.`);
    const known = new Set(before.map(({ id }) => id));
    const now = matching(await api.list(context), wanted);
    const lost = now.find(({ id }) => !known.has(id) && !api.created.has(id));
    if (!lost) return await api.create(toWire(wanted), context);
    api.created.add(lost.id);
    return lost.id;
  }
}

function matching(formations: ListedFormation[], { name, region }: Inputs): ListedFormation[] {
  return formations.filter((one) => one.name === name && one.region === region);
}

async function ready(
  id: string,
  known: Partial<State>,
  context: Context<CitusApi>,
): Promise<Snapshot<State>> {
  const { api } = context;
  const seen = await waitUntil({
    ...context,
    what: `formation "${known.name}" (${id}) to become ready`,
    poll: async () => {
      const formation = await api.get(id, context);
      if (formation) context.exists(toModel(formation, known));
      return formation;
    },
    verdict: readiness,
    describe: (formation) => formation?.state ?? "gone",
    pace: paceOf(api),
  });
  if (!seen) throw new ResourceFailed(`Formation ${id} is gone.`);
  return toModel(seen, known);
}

/** No failure state is documented: a new state keeps waiting until the deadline. */
function readiness(seen: FormationDetails | undefined): Verdict {
  if (!seen) return { failed: "it is gone: run `pulumi refresh`, then `pulumi up` again" };
  if (seen.state === "archiving") return { failed: "it is being archived, that is destroyed" };
  return isReady(seen.state) ? "done" : "waiting";
}

/** `steady` is the page's resting state; `ready` is taken as one too. */
function isReady(state: string): boolean {
  return state === "steady" || state === "ready";
}

/** Looks at most at the rate that the account may ask at. */
function paceOf(api: CitusApi): Pace {
  return { floor: 60_000 / api.requestsPerMinute, cap: 30_000 };
}
