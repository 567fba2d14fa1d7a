import { z } from "zod";
import type { HttpClient, SendOptions } from "../http/client";
import { endpoint, timestamp } from "../http/endpoint";
import { unlessGone } from "../http/errors";
import { path } from "../http/path";

/** Machine types that a node can have; the page lists them all. */
export const tunes = [
  ...["t2.small", "t2.medium", "t2.large"],
  ...["r3.large", "r3.xlarge", "r3.2xlarge", "r3.4xlarge", "r3.8xlarge"],
  ...["r4.large", "r4.xlarge", "r4.2xlarge", "r4.4xlarge", "r4.8xlarge", "r4.16xlarge"],
  ...["r5.large", "r5.xlarge", "r5.2xlarge", "r5.4xlarge", "r5.12xlarge", "r5.24xlarge"],
  ...["c4.xlarge", "c4.2xlarge", "c4.4xlarge", "c4.8xlarge"],
  ...["c5.xlarge", "c5.2xlarge", "c5.4xlarge", "c5.9xlarge"],
] as const;

/** Regions that a formation can be in. */
export const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-south-1"],
] as const;

/** Disk sizes in GB. */
export const diskSizes = [100, 512, 1024, 1536, 2048, 2560] as const;

/** A number that answers give as a number or as a string: `worker_count` as the one, disks as the other. */
const looseInteger = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

const listed = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  created_at: timestamp(),
});

const details = listed.extend({
  // Open: steady, creating, converging, ready, archiving and archived are documented.
  state: z.string(),
  tune_attributes: z.object({
    is_mx: z.boolean().optional(),
    is_zfs: z.boolean().optional(),
    coordinator_tune: z.string(),
    coordinator_disk_size: looseInteger,
    coordinator_ha: z.boolean().default(false),
    worker_tune: z.string(),
    worker_count: looseInteger,
    worker_disk_size: looseInteger,
    worker_ha: z.boolean().default(false),
  }),
  // Not documented as absent, yet a formation has no database before it runs.
  database_url: z.string().nullish(),
});

/** A formation as the list shows it: no state, no tune. */
export type ListedFormation = z.output<typeof listed>;
/** A formation as its own page shows it. */
export type FormationDetails = z.output<typeof details>;

/** The body of a creation. The page's example has counts and disks as strings, so they go as strings. */
export interface NewFormation {
  name: string;
  region: string;
  tune_attributes: Record<string, string | boolean>;
}

/** A name in a region, which the server lets several formations have. */
export type Place = Pick<NewFormation, "name" | "region">;

// The collection has a trailing slash, the item has none: the other form is a 404.
const createFormation = endpoint({
  operation: "create formation",
  method: "POST",
  path: (_: NewFormation) => path`/formations/`,
  body: (formation) => formation,
  answer: z.object({ id: z.string() }),
});

const listFormations = endpoint({
  operation: "list formations",
  method: "GET",
  path: () => path`/formations/`,
  answer: z.object({ formations: z.array(listed) }),
});

const readFormation = endpoint({
  operation: "read formation",
  method: "GET",
  path: ({ id }: { id: string }) => path`/formations/${id}`,
  answer: details,
});

const destroyFormation = endpoint({
  operation: "destroy formation",
  method: "DELETE",
  path: ({ id }: { id: string }) => path`/formations/${id}`,
  // The page shows `true` only; anything else is no destruction that could be waited for.
  answer: z.object({ success: z.literal(true) }),
});

/** The Formation API of Citus Cloud. It creates, lists, reads and destroys; it updates nothing. */
export class CitusApi {
  private readonly client: HttpClient;
  private pendingList: Promise<ListedFormation[]> | undefined;
  private readonly turns = new Map<string, Promise<unknown>>();

  /** This process' own creations by ID: what another one lost is not among them. */
  readonly created = new Map<string, Place>();

  /** What this process is about to create: no list shows it yet. */
  readonly creating = new Set<Place>();

  /** Requests a minute that the account may send; waiting paces its looks by it. */
  readonly requestsPerMinute: number;

  constructor(client: HttpClient, requestsPerMinute: number) {
    this.client = client;
    this.requestsPerMinute = requestsPerMinute;
  }

  /** Creates a formation, and answers its ID. Costs money from here on. */
  async create(formation: NewFormation, options: SendOptions): Promise<string> {
    const { id } = await this.client.send(createFormation, formation, options);
    this.created.set(id, formation);
    return id;
  }

  /** Lets the creations of one place begin one after another: what appears there is then one's own. */
  oneByOne<T>({ name, region }: Place, creation: () => Promise<T>): Promise<T> {
    const place = JSON.stringify([name, region]);
    const created = (this.turns.get(place) ?? Promise.resolve()).then(creation);
    const turn = created
      .catch(() => {})
      .finally(() => this.turns.get(place) === turn && this.turns.delete(place));
    this.turns.set(place, turn);
    return created;
  }

  /** All formations of the account, archived ones perhaps among them. */
  async list(options: SendOptions): Promise<ListedFormation[]> {
    return (await this.client.send(listFormations, {}, options)).formations;
  }

  /**
   * One list for all that ask before it has been answered, since five requests a minute are few.
   *
   * @param gathering lets those join that start together, before the request goes out
   */
  sharedList(options: SendOptions, gathering: () => Promise<void>): Promise<ListedFormation[]> {
    this.pendingList ??= gathering()
      .then(() => this.list(options))
      .finally(() => {
        this.pendingList = undefined;
      });
    return this.pendingList;
  }

  /** A formation; undefined when it is gone: unknown, or archived, as a destroyed one ends. */
  async get(id: string, options: SendOptions): Promise<FormationDetails | undefined> {
    const formation = await unlessGone(this.client.send(readFormation, { id }, options));
    return formation?.state === "archived" ? undefined : formation;
  }

  /** Destroys a formation; one that is gone already is success. */
  async destroy(id: string, options: SendOptions): Promise<void> {
    await unlessGone(this.client.send(destroyFormation, { id }, options));
  }
}
