import type { Snapshot } from "../../resource/definition";
import { utc } from "../../resource/values";
import type { FormationDetails, NewFormation } from "../api";
import type { Inputs, State } from "./schema";

/** The body of a create request: counts and sizes as strings, as the page's example has them. */
export function toWire(wanted: Inputs): NewFormation {
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

export function toModel(
  seen: FormationDetails,
  { allowDuplicateName }: Partial<State>,
): Snapshot<State> {
  return { id: seen.id, state: { ...stateOf(seen), allowDuplicateName } };
}

export function hasTune({ tune_attributes }: FormationDetails, wanted: Inputs): boolean {
  const seen = new Map<string, unknown>(Object.entries(tune_attributes));
  const asked = Object.entries(toWire(wanted).tune_attributes);
  return asked.every(([attribute, value]) => String(seen.get(attribute)) === String(value));
}
