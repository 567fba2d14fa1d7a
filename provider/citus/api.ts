import type { HttpClient, SendOptions } from "../http/client";
import { unlessGone } from "../http/errors";
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
    const formation = await unlessGone(this.#client.send(readFormation, { id }, options));
    return formation?.state === "archived" ? undefined : formation;
  }

  /** Destroys a formation. Success when it is already gone. */
  async destroy(id: string, options: SendOptions): Promise<void> {
    await unlessGone(this.#client.send(destroyFormation, { id }, options));
  }
}
