import { creationTimeOf } from "../../provider/resource/identity";
import type { Found } from "../../provider/resource/lifecycle";
import { logicalName } from "../../provider/resource/urn";
import type { ResourceState } from "../stack/deployment";
import type { Recovered } from "./completion";
import type { Recovery } from "./recovery";

/** The version of the format; a later one that a reader of this one would misunderstand gets another. */
const version = 1;

/** What became of a recovery. */
export interface Ending {
  /** Whether nothing is left for the user to decide. */
  isSettled: boolean;
  /** The file with the old state; undefined: the state was not changed. */
  copy?: string;
  /** The command that answers every question. Absent: there is none. */
  command?: string;
  /** What happens to interrupted operations that leave nothing to look for: whole sentences. */
  remarks: readonly string[];
}

/** A recovery for programs. It has no secret. */
export function inJson(recovery: Recovery, { isSettled, copy, command, remarks }: Ending): object {
  const { recovered, removed, known, held, repeated, left } = recovery;
  return {
    version,
    isSettled,
    isChanged: copy !== undefined,
    copy,
    resources: recovered.map(resourceOf),
    removed: removed.map(({ resource, why }) => ({ ...named(resource), id: resource.id, why })),
    known: [
      ...known.map((one) => ({ ...named(one), id: one.id })),
      ...held.map(({ name, id, definition }) => ({ name, resource: definition.name, id })),
    ],
    repeated: repeated.map(({ urn, type }) => ({ name: logicalName(urn), urn, operation: type })),
    ...{ left, remarks, command },
  };
}

function resourceOf({ creation, decision }: Recovered) {
  const { action, why } = decision;
  return {
    ...named(creation.resource),
    ...{ action, why },
    ...(decision.action === "adopt" && foundOf(decision.snapshot)),
    ...(decision.action === "ask" && { candidates: decision.candidates.map(foundOf) }),
  };
}

function named({ urn, type }: Pick<ResourceState, "urn" | "type">) {
  return { name: logicalName(urn), urn, type };
}

function foundOf(found: Found) {
  return { id: found.id, createdAt: creationTimeOf(found) };
}
