import type { CitusApi } from "../api";
import type { ListedFormation } from "../endpoints";

/** A name in a region. The server lets several formations have the same one. */
export interface Place {
  name: string;
  region: string;
}

/** Whether something has the name and the region of a formation; a list may not say the region. */
export function isAt({ name, region }: Partial<Place>): (one: Partial<Place>) => boolean {
  return (one) => one.name === name && (one.region ?? region) === region;
}

/**
 * What one session creates. The server's list shows none of it at first, and what another session
 * created is never in here.
 */
export class Creations {
  readonly #created = new Map<string, Place>();
  readonly #claimed = new Set<Place>();
  readonly #lastInTurn = new Map<string, Promise<unknown>>();
  #pendingList: Promise<ListedFormation[]> | undefined;

  /** Claims a place for as long as its creation runs. */
  async claim<T>(place: Place, creation: () => Promise<T>): Promise<T> {
    const claimed = { ...place };
    this.#claimed.add(claimed);
    try {
      return await creation();
    } finally {
      this.#claimed.delete(claimed);
    }
  }

  /** Whether a creation in this place is running. */
  isClaimed(place: Place): boolean {
    return [...this.#claimed].some(isAt(place));
  }

  /** Runs the creations of one place one after another: what appears there meanwhile is the runner's. */
  inTurn<T>({ name, region }: Place, creation: () => Promise<T>): Promise<T> {
    const place = JSON.stringify([name, region]);
    const created = (this.#lastInTurn.get(place) ?? Promise.resolve()).then(creation);
    const turn = created
      .catch(() => {})
      .finally(() => this.#lastInTurn.get(place) === turn && this.#lastInTurn.delete(place));
    this.#lastInTurn.set(place, turn);
    return created;
  }

  /** Remembers a formation that this session created. */
  add(id: string, place: Place): void {
    this.#created.set(id, place);
  }

  /** Whether this session created a formation. */
  has(id: string): boolean {
    return this.#created.has(id);
  }

  /** The IDs of this session's own formations in a place. */
  idsAt(place: Place): string[] {
    return [...this.#created].filter(([, one]) => isAt(place)(one)).map(([id]) => id);
  }

  /** Shares one list among all who ask before it has arrived: five requests per minute are few. */
  sharedList(ask: () => Promise<ListedFormation[]>): Promise<ListedFormation[]> {
    this.#pendingList ??= ask().finally(() => {
      this.#pendingList = undefined;
    });
    return this.#pendingList;
  }
}

const ledgers = new WeakMap<CitusApi, Creations>();

/** The ledger of the session that a client belongs to. */
export function creationsOf(api: CitusApi): Creations {
  const ledger = ledgers.get(api) ?? new Creations();
  ledgers.set(api, ledger);
  return ledger;
}
