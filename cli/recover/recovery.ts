import { placeOf } from "../../provider/resource/identity";
import type { Call } from "../../provider/resource/lifecycle";
import { logicalName } from "../../provider/resource/urn";
import {
  definitionOf,
  exportState,
  providerOf,
  type ResourceState,
  type StackState,
} from "../stack/deployment";
import { demandUnlocked } from "../stack/locks";
import type { Pulumi } from "../stack/pulumi";
import { Sessions } from "../stack/sessions";
import { adoptionsOf, WrongAdoption } from "./adoption";
import type { Offer } from "./adoption-file";
import { completed, isSettledAtOnce, type Recovered } from "./completion";
import { pendingCreations, preview } from "./creation";
import { withoutDoubt } from "./decision";
import { examine, examineOffer } from "./examination";
import { assign, hasSecretValue } from "./offers";
import { type Removal, removals } from "./removal";

/** What a recovery would do, and the resulting state. */
export interface Recovery {
  recovered: Recovered[];
  /** Resources of the state that were deleted on the server, or are being deleted. */
  removed: Removal[];
  /** Interrupted updates and deletions, by URN: the next run repeats them anyway. */
  repeated: { urn: string; type: string }[];
  /** What the user named and the state already has. */
  known: ResourceState[];
  /** What a file offers and the state already has. */
  held: readonly Offer[];
  /** What a file offers and nothing can take: whole sentences. */
  left: readonly string[];
  before: StackState;
  /** Equal to `before` if there is nothing to write. */
  after: StackState;
}

/** What the user asks for. */
export interface RecoveryOptions {
  /** What to adopt: pairs of a URN or a name in the program, and an ID. */
  adopt: readonly (readonly [name: string, id: string])[];
  /** What a file has of resources to adopt, so that nothing is sent for them. */
  offers: readonly Offer[];
  /** Whether to adopt whatever equals the program, even if it may belong to someone else. */
  adoptMatching: boolean;
  /** Whether to look for the creations of a preview too. */
  withPreview: boolean;
  /** Told why and how long a request waits. */
  onWait(text: string): void;
}

/**
 * Finds the results of a stack's interrupted creations and deletions. Changes nothing.
 *
 * @throws PulumiFailed if another run holds the stack's lock: what it is creating would look interrupted
 */
export async function planRecovery(pulumi: Pulumi, options: RecoveryOptions): Promise<Recovery> {
  const stop = new AbortController();
  try {
    return await found(pulumi, options, callOf(options, stop.signal));
  } finally {
    // If one look fails, the others would go on retrying, and keep the process alive.
    stop.abort();
  }
}

async function found(pulumi: Pulumi, options: RecoveryOptions, call: Call): Promise<Recovery> {
  const before = await exportState(pulumi);
  await demandUnlocked(pulumi, before);
  const sessions = new Sessions(pulumi);
  const withSecrets = options.offers.some(hasSecretValue);
  const next = options.withPreview ? await preview(pulumi, before, withSecrets) : undefined;
  if (next) sessions.expect(next.accounts);
  const creations = [...pendingCreations(before), ...(next?.creations ?? [])];
  const { ids, known } = adoptionsOf(options.adopt, creations, before);
  const { offers, held, left } = assign(options.offers, creations, before);
  const plain = next?.plain ?? new Map();
  const examined = await Promise.all(
    creations.map(async (creation) => {
      const { urn } = creation.resource;
      const [asked, offer] = [ids.get(urn), offers.get(urn)];
      if (offer && asked === undefined) {
        return {
          creation,
          decision: await examineOffer(creation, offer, { before, sessions, plain }),
        };
      }
      const decision = await examine(creation, asked, { before, sessions, call });
      return { creation, decision: options.adoptMatching ? withoutDoubt(decision) : decision };
    }),
  );
  const recovered = withoutSharing(distinct(examined), ids);
  const read = new Set(held.map(({ definition, id }) => `${definition.name} ${id}`));
  const unread = withoutRead(before, read);
  const removed = await removals(unread, next?.replaced, sessions, call);
  const repeated = (before.deployment.pending_operations ?? [])
    .filter(({ type, resource }) => type !== "creating" && definitionOf(resource.type))
    .filter(({ resource }) => !removed.some((one) => one.resource.urn === resource.urn))
    .map(({ type, resource }) => ({ type, urn: resource.urn }));
  const after = completed(before, recovered, removed);
  return { recovered, removed, repeated, known, held, left, before, after };
}

/**
 * A state without the resources that a file has been read of: they exist, unless a run that was killed
 * meant to delete them.
 */
function withoutRead(state: StackState, read: ReadonlySet<string>): StackState {
  const { resources, pending_operations: pending = [] } = state.deployment;
  const deleting = new Set(
    pending.flatMap((one) => (one.type === "deleting" ? one.resource.urn : [])),
  );
  const isRead = ({ type, id, urn }: ResourceState) =>
    read.has(`${definitionOf(type)?.name} ${id}`) && !deleting.has(urn);
  const left = resources.filter((one) => !isRead(one));
  return { ...state, deployment: { ...state.deployment, resources: left } };
}

/** A resource whose creation was killed twice is listed twice: equal results count once. */
function distinct(recovered: readonly Recovered[]): Recovered[] {
  const isNews = (one: Recovered, index: number) =>
    !recovered.some((other, at) => {
      if (at === index || other.creation.resource.urn !== one.creation.resource.urn) return false;
      if (one.decision.action !== other.decision.action) return one.decision.action === "create";
      return at < index && idsOf(one).join() === idsOf(other).join();
    });
  return recovered.filter(isNews);
}

function idsOf({ decision }: Recovered): string[] {
  if (decision.action === "ask") return decision.candidates.map(({ id }) => id);
  return decision.action === "adopt" ? [decision.snapshot.id] : [];
}

/**
 * Two resources can't both be one resource on the server: the first adopts it.
 *
 * @throws WrongAdoption if the user named it for both
 */
function withoutSharing(
  recovered: readonly Recovered[],
  asked: ReadonlyMap<string, string>,
): Recovered[] {
  const isNamed = ({ creation }: Recovered) => asked.has(creation.resource.urn);
  const takers = new Map<string, string>();
  for (const one of recovered.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))) {
    const place = adoptedPlace(one);
    if (place !== undefined && !takers.has(place)) takers.set(place, one.creation.resource.urn);
  }
  return recovered.map((one) => {
    const { urn } = one.creation.resource;
    const taker = takers.get(adoptedPlace(one) ?? "") ?? urn;
    if (taker === urn) return one;
    const why = `${idsOf(one)} is adopted by ${logicalName(taker)}; two resources cannot share it.`;
    if (isNamed(one)) throw new WrongAdoption(`${logicalName(urn)}: ${why}`);
    return { creation: one.creation, decision: { action: "leave", why } };
  });
}

/** What a decision adopts: unique among all accounts. */
function adoptedPlace({ creation, decision }: Recovered): string | undefined {
  if (decision.action !== "adopt") return undefined;
  const { definition, resource } = creation;
  const { id, state } = decision.snapshot;
  return JSON.stringify([definition.name, providerOf(resource)[0], placeOf(definition, id, state)]);
}

function callOf({ onWait }: RecoveryOptions, signal: AbortSignal): Call {
  return { signal, progress: () => {}, onWait, warn: onWait };
}

/** Whether a recovery has to write the state. */
export function changesState({ recovered, removed, repeated, before }: Recovery): boolean {
  const pending = before.deployment.pending_operations ?? [];
  const isPending = (urn: string) => pending.some(({ resource }) => resource.urn === urn);
  return (
    repeated.length > 0 ||
    removed.length > 0 ||
    pending.some(({ type, resource }) => isSettledAtOnce(type, resource)) ||
    recovered.some(
      ({ creation, decision }) =>
        decision.action === "adopt" ||
        (decision.action === "create" && isPending(creation.resource.urn)),
    )
  );
}
