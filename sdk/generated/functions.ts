// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";
import { invoke, invokeOutput } from "../invoke";

/** The arguments of {@link getFormation}. */
export interface GetFormationArgs {
  /** The formation's ID. */
  readonly id: string;
}

/** The arguments of {@link getFormationOutput}. */
export interface GetFormationOutputArgs {
  /** The formation's ID. */
  readonly id: pulumi.Input<string>;
}

/** What {@link getFormation} gives. */
export interface GetFormationResult {
  /** The formation's ID. */
  readonly id: string;
  /** The formation's name. Citus Cloud does not demand that names are unique, but this resource does, unless `allowDuplicateName` is set. Default: the resource's logical name and a short hash. */
  readonly name?: string;
  /** AWS region, for instance `us-east-1`. A change replaces the formation. */
  readonly region: string;
  /** Machine type of the coordinator, for instance `r5.large`. A t2 must be the same as `workerTune`. A change replaces the formation. */
  readonly coordinatorTune: string;
  /** Disk of the coordinator in GB: 100, 512, 1024, 1536, 2048, 2560; 100 where the tunes are t2. A change replaces the formation. */
  readonly coordinatorDiskSize: number;
  /** Whether the coordinator has a standby (high availability). Default: false. A change replaces the formation. */
  readonly coordinatorHa?: boolean;
  /** Machine type of each worker, for instance `r5.large`. A t2 must be the same as `coordinatorTune`. A change replaces the formation. */
  readonly workerTune: string;
  /** Number of workers, 40 at most. A change replaces the formation. */
  readonly workerCount: number;
  /** Disk of each worker in GB: 100, 512, 1024, 1536, 2048, 2560; 100 where the tunes are t2. A change replaces the formation. */
  readonly workerDiskSize: number;
  /** Whether each worker has a standby (high availability). Default: false. A change replaces the formation. */
  readonly workerHa?: boolean;
  /** State as last seen: `steady`, `creating`, `converging`, `ready`, `archiving`, or one that is new. */
  readonly state: string;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** Whether workers take queries too (Citus MX). */
  readonly isMx?: boolean;
  /** Whether its disks are ZFS. */
  readonly isZfs?: boolean;
  /** Connection URL of the coordinator, password included. */
  readonly databaseUrl?: string;
}

/**
 * Reads a Citus Cloud formation by its ID. An archived one does not exist any more.
 *
 * Secrets in the result are plain here; `getFormationOutput` keeps them secret.
 */
export function getFormation(args: GetFormationArgs): Promise<GetFormationResult> {
  return invoke("getFormation", args);
}

/**
 * Reads a Citus Cloud formation by its ID. An archived one does not exist any more.
 *
 * Takes outputs of other resources, and gives an output, which is a secret.
 */
export function getFormationOutput(
  args: GetFormationOutputArgs,
): pulumi.Output<GetFormationResult> {
  return invokeOutput("getFormation", args, true);
}

/** The arguments of {@link getFormations}. */
export interface GetFormationsArgs {
  /** Only formations of this name. */
  readonly name?: string;
  /** Only formations in this region. */
  readonly region?: string;
}

/** The arguments of {@link getFormationsOutput}. */
export interface GetFormationsOutputArgs {
  /** Only formations of this name. */
  readonly name?: pulumi.Input<string>;
  /** Only formations in this region. */
  readonly region?: pulumi.Input<string>;
}

/** What {@link getFormations} gives. */
export interface GetFormationsResult {
  /** The formations, as the list shows them. */
  readonly formations: {
    /** The formation's ID. */
    readonly id: string;
    /** The formation's name. Citus Cloud does not demand that names are unique, but this resource does, unless `allowDuplicateName` is set. Default: the resource's logical name and a short hash. */
    readonly name?: string;
    /** AWS region, for instance `us-east-1`. A change replaces the formation. */
    readonly region: string;
    /** When it was created: RFC 3339, UTC. */
    readonly createdAt: string;
  }[];
}

/** Lists the account's Citus Cloud formations, those of a name or region if given. The list may hold archived ones; it tells no state. */
export function getFormations(args: GetFormationsArgs = {}): Promise<GetFormationsResult> {
  return invoke("getFormations", args);
}

/**
 * Lists the account's Citus Cloud formations, those of a name or region if given. The list may hold archived ones; it tells no state.
 *
 * Takes outputs of other resources, and gives an output.
 */
export function getFormationsOutput(
  args: GetFormationsOutputArgs = {},
): pulumi.Output<GetFormationsResult> {
  return invokeOutput("getFormations", args, false);
}
