import type { HttpClient, SendOptions } from "../http/client";
import { unlessGone } from "../http/errors";
import { ResourceFailed } from "../resource/errors";
import { SimilarWaits } from "../resource/similar-waits";
import {
  createFormation,
  destroyFormation,
  type FormationDetails,
  type ListedFormation,
  listFormations,
  type NewFormation,
  readFormation,
} from "./endpoints";

/** The Formation API of Citus Cloud. It creates, lists, reads and destroys; it updates nothing. */
export class CitusApi {
  readonly #client: HttpClient;

  /** How many requests the account may send per minute; waits pace themselves by it. */
  readonly requestsPerMinute: number;

  /** The waits of this process for new formations. */
  readonly creations = new SimilarWaits();

  /** The waits of this process for formations to be archived. */
  readonly archivals = new SimilarWaits();

  constructor(client: HttpClient, requestsPerMinute: number) {
    this.#client = client;
    this.requestsPerMinute = requestsPerMinute;
  }

  /** Creates a formation and returns its ID. It costs money from here on. */
  async create(formation: NewFormation, options: SendOptions): Promise<string> {
    return (await this.#client.send(createFormation, formation, options)).id;
  }

  /** All formations of the account; archived ones may be among them. */
  async list(options: SendOptions): Promise<ListedFormation[]> {
    return (await this.#client.send(listFormations, {}, options)).formations;
  }

  /** A formation; undefined when it is gone: unknown, or archived, which is how a destroyed one ends. */
  async get(id: string, options: SendOptions): Promise<FormationDetails | undefined> {
    const formation = await this.look(id, options);
    return formation && isArchived(formation) ? undefined : formation;
  }

  /** A formation, archived or not; undefined: unknown, or so new that the server does not show it yet. */
  look(id: string, options: SendOptions): Promise<FormationDetails | undefined> {
    return unlessGone(this.#client.send(readFormation, { id }, options));
  }

  /**
   * Destroys a formation. Success when it is already gone.
   *
   * @throws ResourceFailed when the server answers that it does not
   */
  async destroy(id: string, options: SendOptions): Promise<void> {
    const answer = await unlessGone(this.#client.send(destroyFormation, { id }, options));
    if (answer === undefined || !/"success"\s*:\s*false/.test(answer)) return;
    throw new ResourceFailed(
      `Citus Cloud did not destroy formation ${id}: it responded with "success": false. Look in its console for the reason, then run the command again.`,
    );
  }
}

/** Whether a formation has been destroyed. */
export function isArchived({ state }: FormationDetails): boolean {
  return state === "archived";
}
