import { z } from "zod";
import { creation, diskSizes, type TuneAttributes, tunes } from "../citus/formation.ts";
import type { CitusSimulator } from "../citus.ts";
import { defineKind, type Kind, refuseSecond } from "./kind.ts";

const diskSize = z.union([z.int(), z.string()]).transform(String).pipe(z.enum(diskSizes));

/** Sizes, which only the service's console can change: the API has no call for it. */
const sizes = z.strictObject({
  coordinatorTune: z.enum(tunes).optional(),
  coordinatorDiskSize: diskSize.optional(),
  coordinatorHa: z.boolean().optional(),
  workerTune: z.enum(tunes).optional(),
  workerDiskSize: diskSize.optional(),
  workerCount: z.int().min(0).max(40).optional(),
  workerHa: z.boolean().optional(),
});

const changes = sizes.extend({ state: z.string().optional() });

const schema = changes.extend({
  id: z.string().min(1).optional(),
  name: creation.shape.name,
  region: creation.shape.region.default("us-east-1"),
});

/** The formations of Citus Cloud. */
export function citusKinds(simulator: CitusSimulator): Kind[] {
  const formation = defineKind({
    ...{ name: "formation", plural: "formations", schema, changes },
    // What is archived exists no longer, though the API may go on listing it.
    list: () =>
      living(simulator).map(({ id, name, region, state, tune_attributes }) => ({
        ...{ id, name },
        values: { region, state, ...shown(tune_attributes) },
      })),
    add({ id, name, region, state, ...rest }) {
      refuseSecond(id !== undefined && simulator.formations.has(id), `formation/${id}`);
      const known = { name, region, ...(id && { id }), ...(state && { state }) };
      simulator.addFormation({ ...known, tune_attributes: tuneOf(rest) });
    },
    set({ id = "" }, { state, ...rest }) {
      simulator.resize(id, tuneOf(rest));
      if (state !== undefined) simulator.setState(id, state);
    },
    remove: ({ id = "" }) => simulator.archive(id),
  });
  return [formation];
}

/** Sizes as the API spells them, without those that are not given. */
function tuneOf(asked: z.output<typeof sizes>): Partial<TuneAttributes> {
  const all = {
    coordinator_tune: asked.coordinatorTune,
    coordinator_disk_size: asked.coordinatorDiskSize,
    coordinator_ha: asked.coordinatorHa,
    worker_tune: asked.workerTune,
    worker_disk_size: asked.workerDiskSize,
    worker_count: asked.workerCount,
    worker_ha: asked.workerHa,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function shown(tune: TuneAttributes): z.output<typeof sizes> {
  return {
    coordinatorTune: tune.coordinator_tune,
    coordinatorDiskSize: tune.coordinator_disk_size,
    coordinatorHa: tune.coordinator_ha,
    workerTune: tune.worker_tune,
    workerDiskSize: tune.worker_disk_size,
    workerCount: tune.worker_count,
    workerHa: tune.worker_ha,
  };
}

function living({ formations }: CitusSimulator) {
  return [...formations.values()].filter(({ state }) => state !== "archived");
}
