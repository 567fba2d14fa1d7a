import type { Snapshot } from "../../resource/definition";
import { utc } from "../../resource/values";
import { defineWire } from "../../resource/wire";
import type { FormationDetails, NewFormation } from "../endpoints";
import type { Inputs, Outputs, State } from "./schema";

/** What a creation sends as the tune: what the server shows of it, but what it chooses itself. */
type Tune = Omit<NonNullable<FormationDetails["tune_attributes"]>, "is_mx" | "is_zfs">;

/** The only request that sends inputs. The tune has an object of its own in the body. */
interface Bodies {
  create: Omit<NewFormation, "tune_attributes"> & Record<keyof Tune, string | boolean>;
}

/** The properties of a formation: where the server shows each, and how the creation sends it. */
const wire = defineWire<Inputs, Outputs, FormationDetails, Bodies>({
  inputs: {
    name: {
      read: (seen) => seen.name,
      sent: { create: (name = "") => ({ name }) },
    },
    region: {
      read: (seen) => seen.region,
      sent: { create: (region) => ({ region }) },
    },
    coordinatorTune: {
      read: (seen) => seen.tune_attributes?.coordinator_tune,
      sent: { create: (tune) => ({ coordinator_tune: tune }) },
    },
    coordinatorDiskSize: {
      read: (seen) => seen.tune_attributes?.coordinator_disk_size,
      sent: { create: (size) => ({ coordinator_disk_size: String(size) }) },
    },
    coordinatorHa: {
      read: (seen) => seen.tune_attributes?.coordinator_ha,
      sent: { create: (isHa = false) => ({ coordinator_ha: isHa }) },
      same: (asked = false, shown) => shown === asked,
    },
    workerTune: {
      read: (seen) => seen.tune_attributes?.worker_tune,
      sent: { create: (tune) => ({ worker_tune: tune }) },
    },
    workerCount: {
      read: (seen) => seen.tune_attributes?.worker_count,
      sent: { create: (count) => ({ worker_count: String(count) }) },
    },
    workerDiskSize: {
      read: (seen) => seen.tune_attributes?.worker_disk_size,
      sent: { create: (size) => ({ worker_disk_size: String(size) }) },
    },
    workerHa: {
      read: (seen) => seen.tune_attributes?.worker_ha,
      sent: { create: (isHa = false) => ({ worker_ha: isHa }) },
      same: (asked = false, shown) => shown === asked,
    },
    // Read by the creation itself; the server knows nothing of it.
    allowDuplicateName: {
      read: (_, known) => known.allowDuplicateName,
      sent: {},
    },
  },
  outputs: {
    state: (seen) => seen.state,
    createdAt: (seen) => seen.created_at && utc(seen.created_at),
    isMx: (seen) => seen.tune_attributes?.is_mx,
    isZfs: (seen) => seen.tune_attributes?.is_zfs,
    databaseUrl: (seen) => seen.database_url,
  },
});

/** The body of the request that creates a formation. */
export function toWire(wanted: Inputs): NewFormation {
  const { name, region, ...tune_attributes } = wire.creation(wanted);
  return { name, region, tune_attributes };
}

/** @param known the last known state, for what the server never shows */
export function toModel(seen: FormationDetails, known: Partial<State>): Snapshot<State> {
  return { id: seen.id, state: wire.state(seen, known) };
}

/** Whether a formation is just what was asked, its tune included. */
export const hasWhatWasAsked = wire.hasWhatWasAsked;
