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
 * The result has its secrets in plain text; `getFormationOutput` keeps them secret.
 */
export function getFormation(args: GetFormationArgs): Promise<GetFormationResult> {
  return invoke("getFormation", args);
}

/**
 * Reads a Citus Cloud formation by its ID. An archived one does not exist any more.
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
  /** Postgres's major version, for instance 17. */
  readonly majorVersion: number;
  /** ID of that Postgres version. */
  readonly postgresVersionId: string;
  /** Whether it has a standby (high availability). */
  readonly isHa: boolean;
  /** Whether it is protected against destruction. */
  readonly isProtected: boolean;
  /** Whether it is suspended: its disk is there, no machine runs. */
  readonly isSuspended: boolean;
  /** The environment that it is marked as, for instance `production`. */
  readonly environment?: string;
  /** Hour of the day, UTC, from which maintenance may start; absent: at any time. */
  readonly maintenanceWindowStart?: number;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** Size of its disk in MB. Collected about once a day; absent before the first time. */
  readonly diskTotalMb?: number;
  /** Used of it, in MB. */
  readonly diskUsedMb?: number;
  /** Left of it, in MB. */
  readonly diskAvailableMb?: number;
  /** IDs of its replicas, without the replicas of replicas. */
  readonly replicaIds: string[];
}

/** Reads a Crunchy Bridge cluster by its ID: a primary, or a replica. */
export function getCluster(args: GetClusterArgs): Promise<GetClusterResult> {
  return invoke("getCluster", args);
}

/**
 * Reads a Crunchy Bridge cluster by its ID: a primary, or a replica.
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
  /** Whether it is an independent primary: no replica (any more). */
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
  /** Postgres's major version, for instance 17. */
  readonly majorVersion: number;
  /** ID of that Postgres version. */
  readonly postgresVersionId: string;
  /** Whether it has a standby (high availability). */
  readonly isHa: boolean;
  /** Whether it is protected against destruction. */
  readonly isProtected: boolean;
  /** Whether it is suspended: its disk is there, no machine runs. */
  readonly isSuspended: boolean;
  /** The environment that it is marked as, for instance `production`. */
  readonly environment?: string;
  /** Hour of the day, UTC, from which maintenance may start; absent: at any time. */
  readonly maintenanceWindowStart?: number;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** Size of its disk in MB. Collected about once a day; absent before the first time. */
  readonly diskTotalMb?: number;
  /** Used of it, in MB. */
  readonly diskUsedMb?: number;
  /** Left of it, in MB. */
  readonly diskAvailableMb?: number;
}

/** Reads a Crunchy Bridge replica by its ID, also once it is detached. */
export function getReplica(args: GetReplicaArgs): Promise<GetReplicaResult> {
  return invoke("getReplica", args);
}

/**
 * Reads a Crunchy Bridge replica by its ID, also once it is detached.
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
  /** Its replicas. */
  readonly replicas: {
    /** Its ID (EID). */
    readonly id: string;
    /** Whether it is an independent primary: no replica (any more). */
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
    /** Postgres's major version, for instance 17. */
    readonly majorVersion: number;
    /** ID of that Postgres version. */
    readonly postgresVersionId: string;
    /** Whether it has a standby (high availability). */
    readonly isHa: boolean;
    /** Whether it is protected against destruction. */
    readonly isProtected: boolean;
    /** Whether it is suspended: its disk is there, no machine runs. */
    readonly isSuspended: boolean;
    /** The environment that it is marked as, for instance `production`. */
    readonly environment?: string;
    /** Hour of the day, UTC, from which maintenance may start; absent: at any time. */
    readonly maintenanceWindowStart?: number;
    /** When it was created: RFC 3339, UTC. */
    readonly createdAt: string;
    /** Size of its disk in MB. Collected about once a day; absent before the first time. */
    readonly diskTotalMb?: number;
    /** Used of it, in MB. */
    readonly diskUsedMb?: number;
    /** Left of it, in MB. */
    readonly diskAvailableMb?: number;
  }[];
}

/** Reads the replicas of a Crunchy Bridge cluster: those that replicate from it directly. A replica's own are had with its ID. */
export function getReplicas(args: GetReplicasArgs): Promise<GetReplicasResult> {
  return invoke("getReplicas", args);
}

/**
 * Reads the replicas of a Crunchy Bridge cluster: those that replicate from it directly. A replica's own are had with its ID.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getReplicasOutput(args: GetReplicasOutputArgs): pulumi.Output<GetReplicasResult> {
  return invokeOutput("getReplicas", args, false);
}

/** The arguments of {@link getAppFormation}. */
export interface GetAppFormationArgs {
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  readonly app: string;
  /** The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first. */
  readonly type: string;
}

/** The arguments of {@link getAppFormationOutput}. */
export interface GetAppFormationOutputArgs {
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  readonly app: pulumi.Input<string>;
  /** The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first. */
  readonly type: pulumi.Input<string>;
}

/** The result of {@link getAppFormation}. */
export interface GetAppFormationResult {
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  readonly app: string;
  /** The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first. */
  readonly type: string;
  /** The size of each instance, as `getAppSizes` lists them, for instance `gp2`; case-sensitive. In a space tagged `compliance=prod` the server appends `-prod` by itself. A change redeploys the app. */
  readonly size: string;
  /** How many instances run, 0 to 32. A change scales, without redeploying. */
  readonly quantity: number;
  /** The port that a `web` listens on, 1024 to 65535; other types have none. Default: 9000, chosen by the server. A change writes config var `PORT` and redeploys the app; removed from the program, it stays. */
  readonly port?: number;
  /** The command to run, 1024 characters at most. Every type but `web` needs one, save a one-off. Default: the image's own. A change redeploys the app. */
  readonly command?: string;
  /** Relative URL at which a `web` says that it is healthy, for instance `/health`. Default: none. A change redeploys the app. */
  readonly healthcheck?: string;
  /** The formation's ID in Akkeris, a UUID. */
  readonly formationId: string;
  /** The size as the server spells it: `gp2-prod` for `gp2` in a space tagged `compliance=prod`. */
  readonly serverSize: string;
  /** When it was created: RFC 3339, UTC. */
  readonly createdAt: string;
}

/** Reads one formation of an Akkeris app. `oneoff` and `options` are never returned by the server. */
export function getAppFormation(args: GetAppFormationArgs): Promise<GetAppFormationResult> {
  return invoke("getAppFormation", args);
}

/**
 * Reads one formation of an Akkeris app. `oneoff` and `options` are never returned by the server.
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
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  readonly app: string;
}

/** The arguments of {@link getAppFormationsOutput}. */
export interface GetAppFormationsOutputArgs {
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  readonly app: pulumi.Input<string>;
}

/** The result of {@link getAppFormations}. */
export interface GetAppFormationsResult {
  /** The app's formations, one for each type. */
  readonly formations: {
    /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
    readonly app: string;
    /** The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first. */
    readonly type: string;
    /** The size of each instance, as `getAppSizes` lists them, for instance `gp2`; case-sensitive. In a space tagged `compliance=prod` the server appends `-prod` by itself. A change redeploys the app. */
    readonly size: string;
    /** How many instances run, 0 to 32. A change scales, without redeploying. */
    readonly quantity: number;
    /** The port that a `web` listens on, 1024 to 65535; other types have none. Default: 9000, chosen by the server. A change writes config var `PORT` and redeploys the app; removed from the program, it stays. */
    readonly port?: number;
    /** The command to run, 1024 characters at most. Every type but `web` needs one, save a one-off. Default: the image's own. A change redeploys the app. */
    readonly command?: string;
    /** Relative URL at which a `web` says that it is healthy, for instance `/health`. Default: none. A change redeploys the app. */
    readonly healthcheck?: string;
    /** The formation's ID in Akkeris, a UUID. */
    readonly formationId: string;
    /** The size as the server spells it: `gp2-prod` for `gp2` in a space tagged `compliance=prod`. */
    readonly serverSize: string;
    /** When it was created: RFC 3339, UTC. */
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
    /** The size's name, as `size` takes it: `gp2`. */
    readonly name: string;
    /** Memory that an instance may use, as Kubernetes spells it: `512Mi`. */
    readonly memory?: string;
    /** US dollars a month. */
    readonly price?: number;
    /** Whether new formations should avoid it. */
    readonly deprecated?: boolean;
    /** The server's own words. */
    readonly description?: string;
  }[];
}

/** Lists the sizes that formations of Akkeris apps can have, of all regions. */
export function getAppSizes(): Promise<GetAppSizesResult> {
  return invoke("getAppSizes", {});
}

/**
 * Lists the sizes that formations of Akkeris apps can have, of all regions.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAppSizesOutput(): pulumi.Output<GetAppSizesResult> {
  return invokeOutput("getAppSizes", {}, false);
}

/** The arguments of {@link getAntflyStatus}. */
export interface GetAntflyStatusArgs {
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyStatusOutput}. */
export interface GetAntflyStatusOutputArgs {
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyStatus}. */
export interface GetAntflyStatusResult {
  /** `healthy`, `degraded`, `unhealthy`, `error`, `unknown`, or one that is new. */
  readonly health: string;
  /** What the server adds to it. */
  readonly message?: string;
  /** Whether the server demands a credential. */
  readonly authEnabled: boolean;
  /** Servers of version 0.2: `embedded`, `distributed`, `standalone`, `serverless`, or one that is new. */
  readonly deploymentMode?: string;
  /** Servers of version 0.1: whether the cluster is a single node. */
  readonly swarmMode?: boolean;
  /** Which version of the API the server speaks: `v0.1` or `0.2`. */
  readonly dialect: string;
}

/** Reads the health of an Antfly cluster: of all its stores and shards. */
export function getAntflyStatus(args: GetAntflyStatusArgs = {}): Promise<GetAntflyStatusResult> {
  return invoke("getAntflyStatus", args);
}

/**
 * Reads the health of an Antfly cluster: of all its stores and shards.
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
  /** The server's root, where it is not the configured `antflyUrl`; its port 4200 is asked, without a key. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyHealthOutput}. */
export interface GetAntflyHealthOutputArgs {
  /** The server's root, where it is not the configured `antflyUrl`; its port 4200 is asked, without a key. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyHealth}. */
export interface GetAntflyHealthResult {
  /** What the server says: `ok`. */
  readonly status: string;
}

/** Asks an Antfly server's health port whether its process is up. It fails where nothing answers; `getAntflyStatus` tells how the cluster is. */
export function getAntflyHealth(args: GetAntflyHealthArgs = {}): Promise<GetAntflyHealthResult> {
  return invoke("getAntflyHealth", args);
}

/**
 * Asks an Antfly server's health port whether its process is up. It fails where nothing answers; `getAntflyStatus` tells how the cluster is.
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
  /** The server's root, where it is not the configured `antflyUrl`; its port 4200 is asked, without a key. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyMetricsOutput}. */
export interface GetAntflyMetricsOutputArgs {
  /** The server's root, where it is not the configured `antflyUrl`; its port 4200 is asked, without a key. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyMetrics}. */
export interface GetAntflyMetricsResult {
  /** The metrics, in Prometheus' text format. */
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
  /** Where they lie: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash. */
  readonly location: string;
  /** Name of a connection in the server's configuration. Servers of version 0.2 demand one. */
  readonly connection?: string;
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: string;
}

/** The arguments of {@link getAntflyBackupsOutput}. */
export interface GetAntflyBackupsOutputArgs {
  /** Where they lie: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash. */
  readonly location: pulumi.Input<string>;
  /** Name of a connection in the server's configuration. Servers of version 0.2 demand one. */
  readonly connection?: pulumi.Input<string>;
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflyBackups}. */
export interface GetAntflyBackupsResult {
  /** The backups. */
  readonly backups: {
    /** The backup's ID, unique at its location. */
    readonly backupId: string;
    /** When it was taken: RFC 3339, UTC. */
    readonly timestamp: string;
    /** The tables that are in it. One whose backup failed is missing here. */
    readonly tables: string[];
    /** Where it lies. */
    readonly location: string;
    /** The version of the server that took it. */
    readonly antflyVersion?: string;
    /** `native` or `portable`, where the server tells it. */
    readonly format?: string;
  }[];
}

/** Lists all backups at a location, whichever schedule or person took them. Wants an administrator's key. */
export function getAntflyBackups(args: GetAntflyBackupsArgs): Promise<GetAntflyBackupsResult> {
  return invoke("getAntflyBackups", args);
}

/**
 * Lists all backups at a location, whichever schedule or person took them. Wants an administrator's key.
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
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: string;
}

/** The arguments of {@link getAntflySecretsOutput}. */
export interface GetAntflySecretsOutputArgs {
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. */
  readonly url?: pulumi.Input<string>;
}

/** The result of {@link getAntflySecrets}. */
export interface GetAntflySecretsResult {
  /** The secrets. */
  readonly secrets: {
    /** The secret's name. */
    readonly key: string;
    /** Where the server has it from: `configured_keystore` (v0.1) or `configured_file` (0.2), `configured_env`, `configured_both`, or one that is new. */
    readonly status: string;
    /** The environment variable that stands in for it. */
    readonly envVar?: string;
    /** When it was stored first: RFC 3339, UTC. Missing where it comes from the environment; servers of version 0.2.2 tell times in 1970. */
    readonly createdAt?: string;
    /** When it was stored last: RFC 3339, UTC. As `createdAt`. */
    readonly updatedAt?: string;
  }[];
}

/** Lists the secrets that an Antfly server knows, without their values, which no call returns. Wants an administrator's key. */
export function getAntflySecrets(args: GetAntflySecretsArgs = {}): Promise<GetAntflySecretsResult> {
  return invoke("getAntflySecrets", args);
}

/**
 * Lists the secrets that an Antfly server knows, without their values, which no call returns. Wants an administrator's key.
 *
 * Accepts outputs of other resources and returns an output.
 */
export function getAntflySecretsOutput(
  args: GetAntflySecretsOutputArgs = {},
): pulumi.Output<GetAntflySecretsResult> {
  return invokeOutput("getAntflySecrets", args, false);
}
