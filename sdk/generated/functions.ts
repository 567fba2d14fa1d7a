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

/** The result of {@link getFormation}. */
export interface GetFormationResult {
  /** The formation's ID. */
  readonly id: string;
  /** The formation's name. */
  readonly name?: string;
  /** AWS region, for instance `us-east-1`. */
  readonly region: string;
  /** Machine type of the coordinator, for instance `r5.large`. */
  readonly coordinatorTune: string;
  /** Disk of the coordinator in GB. */
  readonly coordinatorDiskSize: number;
  /** Whether the coordinator has a standby (high availability). */
  readonly coordinatorHa?: boolean;
  /** Machine type of each worker, for instance `r5.large`. */
  readonly workerTune: string;
  /** Number of workers. */
  readonly workerCount: number;
  /** Disk of each worker in GB. */
  readonly workerDiskSize: number;
  /** Whether each worker has a standby (high availability). */
  readonly workerHa?: boolean;
  /** State as last seen: `steady`, `creating`, `converging`, `ready`, `archiving`, or another one. */
  readonly state: string;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** Whether workers accept queries too (Citus MX). */
  readonly isMx?: boolean;
  /** Whether its disks use ZFS. */
  readonly isZfs?: boolean;
  /** Connection URL of the coordinator, including the password. */
  readonly databaseUrl?: string;
}

/**
 * Reads a Citus Cloud formation by its ID. An archived formation no longer exists.
 *
 * The result has its secrets in plain text; `getFormationOutput` keeps them secret.
 */
export function getFormation(args: GetFormationArgs): Promise<GetFormationResult> {
  return invoke("getFormation", args);
}

/**
 * Reads a Citus Cloud formation by its ID. An archived formation no longer exists.
 *
 * Accepts outputs of other resources and returns an output, which is a secret.
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

/** The result of {@link getFormations}. */
export interface GetFormationsResult {
  /** The formations, as the list shows them. */
  readonly formations: {
    /** The formation's ID. */
    readonly id: string;
    /** The formation's name. */
    readonly name?: string;
    /** AWS region, for instance `us-east-1`. */
    readonly region?: string;
    /** When it was created: RFC 3339, UTC. */
    readonly createdAt?: string;
  }[];
}

/** Lists the account's Citus Cloud formations, optionally by name or region. The list has no states and may include archived formations. */
export function getFormations(args: GetFormationsArgs = {}): Promise<GetFormationsResult> {
  return invoke("getFormations", args);
}

/**
 * Lists the account's Citus Cloud formations, optionally by name or region. The list has no states and may include archived formations.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getFormationsOutput(
  args: GetFormationsOutputArgs = {},
): pulumi.Output<GetFormationsResult> {
  return invokeOutput("getFormations", args, false);
}

/** The arguments of {@link getCluster}. */
export interface GetClusterArgs {
  /** ID (EID or UUID) of the cluster. */
  readonly id: string;
}

/** The arguments of {@link getClusterOutput}. */
export interface GetClusterOutputArgs {
  /** ID (EID or UUID) of the cluster. */
  readonly id: pulumi.Input<string>;
}

/** The result of {@link getCluster}. */
export interface GetClusterResult {
  /** Its ID (EID). */
  readonly id: string;
  /** The cluster's name. */
  readonly name: string;
  /** State as last seen: `ready`, `creating`, `finalizing`, `creation_failed`, `failed`, `suspended`, `destroying`, or another one. */
  readonly state: string;
  /** Host name; absent until it is ready. */
  readonly host?: string;
  /** ID of the cluster that it replicates; absent for a primary. */
  readonly parentId?: string;
  /** ID of the team that it belongs to. */
  readonly teamId: string;
  /** Its plan, for instance `standard-8`. */
  readonly planId: string;
  /** ID of the network that it is in. */
  readonly networkId?: string;
  /** Its cloud provider, for instance `aws`. */
  readonly providerId: string;
  /** Its region, for instance `us-east-1`. */
  readonly regionId: string;
  /** Storage in GB. */
  readonly storage: number;
  /** CPU units of its plan. */
  readonly cpu: number;
  /** Memory of its plan in GB; fractional for hobby plans. */
  readonly memory: number;
  /** Postgres major version, for instance 17. */
  readonly majorVersion: number;
  /** ID of that Postgres version. */
  readonly postgresVersionId: string;
  /** Whether it has a standby (high availability). */
  readonly isHa: boolean;
  /** Whether it is protected from being destroyed. */
  readonly isProtected: boolean;
  /** Whether it is suspended: its disk is kept, but no machine runs. */
  readonly isSuspended: boolean;
  /** The environment that it is marked as, for instance `production`. */
  readonly environment?: string;
  /** Hour of the day (UTC) from which maintenance may start; absent: any time. */
  readonly maintenanceWindowStart?: number;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** Size of its disk in MB. The server measures it about once a day; absent until the first time. */
  readonly diskTotalMb?: number;
  /** Used disk space in MB. */
  readonly diskUsedMb?: number;
  /** Free disk space in MB. */
  readonly diskAvailableMb?: number;
  /** IDs of its direct replicas. */
  readonly replicaIds: string[];
}

/** Reads a Crunchy Bridge cluster, primary or replica, by its ID. */
export function getCluster(args: GetClusterArgs): Promise<GetClusterResult> {
  return invoke("getCluster", args);
}

/**
 * Reads a Crunchy Bridge cluster, primary or replica, by its ID.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getClusterOutput(args: GetClusterOutputArgs): pulumi.Output<GetClusterResult> {
  return invokeOutput("getCluster", args, false);
}

/** The arguments of {@link getReplica}. */
export interface GetReplicaArgs {
  /** ID (EID or UUID) of the replica. */
  readonly id: string;
}

/** The arguments of {@link getReplicaOutput}. */
export interface GetReplicaOutputArgs {
  /** ID (EID or UUID) of the replica. */
  readonly id: pulumi.Input<string>;
}

/** The result of {@link getReplica}. */
export interface GetReplicaResult {
  /** Its ID (EID). */
  readonly id: string;
  /** Whether it is an independent primary and not, or no longer, a replica. */
  readonly detached: boolean;
  /** The cluster's name. */
  readonly name: string;
  /** State as last seen: `ready`, `creating`, `finalizing`, `creation_failed`, `failed`, `suspended`, `destroying`, or another one. */
  readonly state: string;
  /** Host name; absent until it is ready. */
  readonly host?: string;
  /** ID of the cluster that it replicates; absent for a primary. */
  readonly parentId?: string;
  /** ID of the team that it belongs to. */
  readonly teamId: string;
  /** Its plan, for instance `standard-8`. */
  readonly planId: string;
  /** ID of the network that it is in. */
  readonly networkId?: string;
  /** Its cloud provider, for instance `aws`. */
  readonly providerId: string;
  /** Its region, for instance `us-east-1`. */
  readonly regionId: string;
  /** Storage in GB. */
  readonly storage: number;
  /** CPU units of its plan. */
  readonly cpu: number;
  /** Memory of its plan in GB; fractional for hobby plans. */
  readonly memory: number;
  /** Postgres major version, for instance 17. */
  readonly majorVersion: number;
  /** ID of that Postgres version. */
  readonly postgresVersionId: string;
  /** Whether it has a standby (high availability). */
  readonly isHa: boolean;
  /** Whether it is protected from being destroyed. */
  readonly isProtected: boolean;
  /** Whether it is suspended: its disk is kept, but no machine runs. */
  readonly isSuspended: boolean;
  /** The environment that it is marked as, for instance `production`. */
  readonly environment?: string;
  /** Hour of the day (UTC) from which maintenance may start; absent: any time. */
  readonly maintenanceWindowStart?: number;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** Size of its disk in MB. The server measures it about once a day; absent until the first time. */
  readonly diskTotalMb?: number;
  /** Used disk space in MB. */
  readonly diskUsedMb?: number;
  /** Free disk space in MB. */
  readonly diskAvailableMb?: number;
}

/** Reads a Crunchy Bridge replica by its ID, even if it was detached. */
export function getReplica(args: GetReplicaArgs): Promise<GetReplicaResult> {
  return invoke("getReplica", args);
}

/**
 * Reads a Crunchy Bridge replica by its ID, even if it was detached.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getReplicaOutput(args: GetReplicaOutputArgs): pulumi.Output<GetReplicaResult> {
  return invokeOutput("getReplica", args, false);
}

/** The arguments of {@link getReplicas}. */
export interface GetReplicasArgs {
  /** ID (EID or UUID) of the cluster. */
  readonly clusterId: string;
}

/** The arguments of {@link getReplicasOutput}. */
export interface GetReplicasOutputArgs {
  /** ID (EID or UUID) of the cluster. */
  readonly clusterId: pulumi.Input<string>;
}

/** The result of {@link getReplicas}. */
export interface GetReplicasResult {
  /** The replicas. */
  readonly replicas: {
    /** Its ID (EID). */
    readonly id: string;
    /** Whether it is an independent primary and not, or no longer, a replica. */
    readonly detached: boolean;
    /** The cluster's name. */
    readonly name: string;
    /** State as last seen: `ready`, `creating`, `finalizing`, `creation_failed`, `failed`, `suspended`, `destroying`, or another one. */
    readonly state: string;
    /** Host name; absent until it is ready. */
    readonly host?: string;
    /** ID of the cluster that it replicates; absent for a primary. */
    readonly parentId?: string;
    /** ID of the team that it belongs to. */
    readonly teamId: string;
    /** Its plan, for instance `standard-8`. */
    readonly planId: string;
    /** ID of the network that it is in. */
    readonly networkId?: string;
    /** Its cloud provider, for instance `aws`. */
    readonly providerId: string;
    /** Its region, for instance `us-east-1`. */
    readonly regionId: string;
    /** Storage in GB. */
    readonly storage: number;
    /** CPU units of its plan. */
    readonly cpu: number;
    /** Memory of its plan in GB; fractional for hobby plans. */
    readonly memory: number;
    /** Postgres major version, for instance 17. */
    readonly majorVersion: number;
    /** ID of that Postgres version. */
    readonly postgresVersionId: string;
    /** Whether it has a standby (high availability). */
    readonly isHa: boolean;
    /** Whether it is protected from being destroyed. */
    readonly isProtected: boolean;
    /** Whether it is suspended: its disk is kept, but no machine runs. */
    readonly isSuspended: boolean;
    /** The environment that it is marked as, for instance `production`. */
    readonly environment?: string;
    /** Hour of the day (UTC) from which maintenance may start; absent: any time. */
    readonly maintenanceWindowStart?: number;
    /** When it was created: RFC 3339, UTC. */
    readonly createdAt: string;
    /** Size of its disk in MB. The server measures it about once a day; absent until the first time. */
    readonly diskTotalMb?: number;
    /** Used disk space in MB. */
    readonly diskUsedMb?: number;
    /** Free disk space in MB. */
    readonly diskAvailableMb?: number;
  }[];
}

/** Reads the direct replicas of a Crunchy Bridge cluster. For the replicas of a replica, pass the replica's ID. */
export function getReplicas(args: GetReplicasArgs): Promise<GetReplicasResult> {
  return invoke("getReplicas", args);
}

/**
 * Reads the direct replicas of a Crunchy Bridge cluster. For the replicas of a replica, pass the replica's ID.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getReplicasOutput(args: GetReplicasOutputArgs): pulumi.Output<GetReplicasResult> {
  return invokeOutput("getReplicas", args, false);
}

/** The arguments of {@link getAppFormation}. */
export interface GetAppFormationArgs {
  /** The app: its name and space, for instance `api-default`, or its ID. The app must exist. */
  readonly app: string;
  /** The type of process. Only `web` receives requests. Up to 128 lower-case letters and digits. */
  readonly type: string;
}

/** The arguments of {@link getAppFormationOutput}. */
export interface GetAppFormationOutputArgs {
  /** The app: its name and space, for instance `api-default`, or its ID. The app must exist. */
  readonly app: pulumi.Input<string>;
  /** The type of process. Only `web` receives requests. Up to 128 lower-case letters and digits. */
  readonly type: pulumi.Input<string>;
}

/** The result of {@link getAppFormation}. */
export interface GetAppFormationResult {
  /** The app: its name and space, for instance `api-default`, or its ID. */
  readonly app: string;
  /** The type of process. Only `web` receives requests. */
  readonly type: string;
  /** The size of each instance, for instance `gp2`. */
  readonly size: string;
  /** Number of instances. */
  readonly quantity: number;
  /** The port that a `web` listens on; other types have none. */
  readonly port?: number;
  /** The command that each instance runs. */
  readonly command?: string;
  /** Relative URL at which a `web` reports that it is healthy, for instance `/health`. */
  readonly healthcheck?: string;
  /** The formation's ID in Akkeris, a UUID. */
  readonly formationId: string;
  /** The size in the server's spelling: `gp2-prod` for `gp2` in a space tagged `compliance=prod`. */
  readonly serverSize: string;
  /** When the formation was created (RFC 3339, UTC). */
  readonly createdAt: string;
}

/** Reads one formation of an Akkeris app. The server never returns `oneoff` and `options`. */
export function getAppFormation(args: GetAppFormationArgs): Promise<GetAppFormationResult> {
  return invoke("getAppFormation", args);
}

/**
 * Reads one formation of an Akkeris app. The server never returns `oneoff` and `options`.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAppFormationOutput(
  args: GetAppFormationOutputArgs,
): pulumi.Output<GetAppFormationResult> {
  return invokeOutput("getAppFormation", args, false);
}

/** The arguments of {@link getAppFormations}. */
export interface GetAppFormationsArgs {
  /** The app: its name and space, for instance `api-default`, or its ID. The app must exist. */
  readonly app: string;
}

/** The arguments of {@link getAppFormationsOutput}. */
export interface GetAppFormationsOutputArgs {
  /** The app: its name and space, for instance `api-default`, or its ID. The app must exist. */
  readonly app: pulumi.Input<string>;
}

/** The result of {@link getAppFormations}. */
export interface GetAppFormationsResult {
  /** The app's formations, one per type. */
  readonly formations: {
    /** The app: its name and space, for instance `api-default`, or its ID. */
    readonly app: string;
    /** The type of process. Only `web` receives requests. */
    readonly type: string;
    /** The size of each instance, for instance `gp2`. */
    readonly size: string;
    /** Number of instances. */
    readonly quantity: number;
    /** The port that a `web` listens on; other types have none. */
    readonly port?: number;
    /** The command that each instance runs. */
    readonly command?: string;
    /** Relative URL at which a `web` reports that it is healthy, for instance `/health`. */
    readonly healthcheck?: string;
    /** The formation's ID in Akkeris, a UUID. */
    readonly formationId: string;
    /** The size in the server's spelling: `gp2-prod` for `gp2` in a space tagged `compliance=prod`. */
    readonly serverSize: string;
    /** When the formation was created (RFC 3339, UTC). */
    readonly createdAt: string;
  }[];
}

/** Lists the formations of an Akkeris app. */
export function getAppFormations(args: GetAppFormationsArgs): Promise<GetAppFormationsResult> {
  return invoke("getAppFormations", args);
}

/**
 * Lists the formations of an Akkeris app.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAppFormationsOutput(
  args: GetAppFormationsOutputArgs,
): pulumi.Output<GetAppFormationsResult> {
  return invokeOutput("getAppFormations", args, false);
}

/** The result of {@link getAppSizes}. */
export interface GetAppSizesResult {
  /** The sizes, in the server's order. */
  readonly sizes: {
    /** The size's name, as the input `size` takes it, for instance `gp2`. */
    readonly name: string;
    /** Memory limit of each instance, in Kubernetes notation, for instance `512Mi`. */
    readonly memory?: string;
    /** Price in US dollars per month. */
    readonly price?: number;
    /** Whether the size is deprecated: avoid it for new formations. */
    readonly deprecated?: boolean;
    /** The server's description of the size. */
    readonly description?: string;
  }[];
}

/** Lists the sizes that formations of Akkeris apps can have, in all regions. */
export function getAppSizes(): Promise<GetAppSizesResult> {
  return invoke("getAppSizes", {});
}

/**
 * Lists the sizes that formations of Akkeris apps can have, in all regions.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAppSizesOutput(): pulumi.Output<GetAppSizesResult> {
  return invokeOutput("getAppSizes", {}, false);
}

/** The arguments of {@link getAntflyStatus}. */
export interface GetAntflyStatusArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyStatusOutput}. */
export interface GetAntflyStatusOutputArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyStatus}. */
export interface GetAntflyStatusResult {
  /** `healthy`, `degraded`, `unhealthy`, `error`, `unknown`, or a new status. */
  readonly health: string;
  /** The server's explanation. */
  readonly message?: string;
  /** Whether the server requires a credential. */
  readonly authEnabled: boolean;
  /** Version 0.2 only: `embedded`, `distributed`, `standalone`, `serverless`, or a new mode. */
  readonly deploymentMode?: string;
  /** Version 0.1 only: whether the cluster is a single node. */
  readonly swarmMode?: boolean;
  /** Version of the API: `v0.1` or `0.2`. */
  readonly dialect: string;
}

/** Reads the health of an Antfly cluster, over all its stores and shards. */
export function getAntflyStatus(args: GetAntflyStatusArgs = {}): Promise<GetAntflyStatusResult> {
  return invoke("getAntflyStatus", args);
}

/**
 * Reads the health of an Antfly cluster, over all its stores and shards.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAntflyStatusOutput(
  args: GetAntflyStatusOutputArgs = {},
): pulumi.Output<GetAntflyStatusResult> {
  return invokeOutput("getAntflyStatus", args, false);
}

/** The arguments of {@link getAntflyHealth}. */
export interface GetAntflyHealthArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the request goes to its port 4200, without a key. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyHealthOutput}. */
export interface GetAntflyHealthOutputArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the request goes to its port 4200, without a key. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyHealth}. */
export interface GetAntflyHealthResult {
  /** The server's response: `ok`. */
  readonly status: string;
}

/** Checks on an Antfly server's health port whether its process is up. Fails if there is no response. `getAntflyStatus` reads the health of the cluster. */
export function getAntflyHealth(args: GetAntflyHealthArgs = {}): Promise<GetAntflyHealthResult> {
  return invoke("getAntflyHealth", args);
}

/**
 * Checks on an Antfly server's health port whether its process is up. Fails if there is no response. `getAntflyStatus` reads the health of the cluster.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAntflyHealthOutput(
  args: GetAntflyHealthOutputArgs = {},
): pulumi.Output<GetAntflyHealthResult> {
  return invokeOutput("getAntflyHealth", args, false);
}

/** The arguments of {@link getAntflyMetrics}. */
export interface GetAntflyMetricsArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the request goes to its port 4200, without a key. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyMetricsOutput}. */
export interface GetAntflyMetricsOutputArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the request goes to its port 4200, without a key. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyMetrics}. */
export interface GetAntflyMetricsResult {
  /** The metrics in Prometheus' text format. */
  readonly metrics: string;
}

/** Reads the metrics of an Antfly server from its health port. */
export function getAntflyMetrics(args: GetAntflyMetricsArgs = {}): Promise<GetAntflyMetricsResult> {
  return invoke("getAntflyMetrics", args);
}

/**
 * Reads the metrics of an Antfly server from its health port.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAntflyMetricsOutput(
  args: GetAntflyMetricsOutputArgs = {},
): pulumi.Output<GetAntflyMetricsResult> {
  return invokeOutput("getAntflyMetrics", args, false);
}

/** The arguments of {@link getAntflyBackups}. */
export interface GetAntflyBackupsArgs {
  /** Where the backups are: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash. */
  readonly location: string;
  /** Name of a connection in the server's configuration. Version 0.2 requires one. */
  readonly connection?: string;
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyBackupsOutput}. */
export interface GetAntflyBackupsOutputArgs {
  /** Where the backups are: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash. */
  readonly location: pulumi.Input<string>;
  /** Name of a connection in the server's configuration. Version 0.2 requires one. */
  readonly connection?: pulumi.Input<string>;
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyBackups}. */
export interface GetAntflyBackupsResult {
  /** The backups. */
  readonly backups: {
    /** The backup's ID, unique at its location. */
    readonly backupId: string;
    /** When the backup was taken (RFC 3339, UTC), if the server says so. */
    readonly timestamp?: string;
    /** The tables in the backup, without those whose backup failed. */
    readonly tables: string[];
    /** Where the backup is stored. */
    readonly location: string;
    /** The version of the server that took the backup. */
    readonly antflyVersion?: string;
    /** `native` or `portable`, if the server says so. */
    readonly format?: string;
  }[];
}

/** Lists all backups at a location, whichever schedule or person took them. Needs an administrator's key. */
export function getAntflyBackups(args: GetAntflyBackupsArgs): Promise<GetAntflyBackupsResult> {
  return invoke("getAntflyBackups", args);
}

/**
 * Lists all backups at a location, whichever schedule or person took them. Needs an administrator's key.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAntflyBackupsOutput(
  args: GetAntflyBackupsOutputArgs,
): pulumi.Output<GetAntflyBackupsResult> {
  return invokeOutput("getAntflyBackups", args, false);
}

/** The arguments of {@link getAntflySecrets}. */
export interface GetAntflySecretsArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: string;
}

/** The arguments of {@link getAntflySecretsOutput}. */
export interface GetAntflySecretsOutputArgs {
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflySecrets}. */
export interface GetAntflySecretsResult {
  /** The secrets. */
  readonly secrets: {
    /** The secret's name. */
    readonly key: string;
    /** Where the secret is. `configured_file` (0.2) or `configured_keystore` (v0.1): stored; `configured_both`: stored, and takes precedence over an environment variable; `configured_env`: only in an environment variable; or a new status. */
    readonly status: string;
    /** The environment variable that has a value for the secret. */
    readonly envVar?: string;
    /** Where the value comes from, in the server's words. Newer than version 0.2.5. */
    readonly source?: string;
    /** Whether the secret is in the server's own store. `false`: only a file that is mounted into the server, or its environment, has it. Newer than version 0.2.5. */
    readonly managed?: boolean;
    /** When the secret was first stored (RFC 3339, UTC). Absent for a secret from the environment; version 0.2.2 reports times in 1970. */
    readonly createdAt?: string;
    /** When the secret was last stored (RFC 3339, UTC), with the same exceptions as `createdAt`. */
    readonly updatedAt?: string;
  }[];
  /** Whether the server has a store of its own, so that secrets can be stored. Newer than version 0.2.5. */
  readonly writable?: boolean;
}

/** Lists the secrets that an Antfly server knows, without their values, which no call returns. Needs an administrator's key. */
export function getAntflySecrets(args: GetAntflySecretsArgs = {}): Promise<GetAntflySecretsResult> {
  return invoke("getAntflySecrets", args);
}

/**
 * Lists the secrets that an Antfly server knows, without their values, which no call returns. Needs an administrator's key.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAntflySecretsOutput(
  args: GetAntflySecretsOutputArgs = {},
): pulumi.Output<GetAntflySecretsResult> {
  return invokeOutput("getAntflySecrets", args, false);
}
