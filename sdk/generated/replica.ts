// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";
import { type Description, FormationsResource, type Suggested } from "../resource";

const description: Description = {
  type: "Replica",
  module: "replica",
  properties: [
    "clusterId",
    "name",
    "planId",
    "networkId",
    "providerId",
    "regionId",
    "storage",
    "isHa",
    "environment",
    "isProtected",
    "maintenanceWindowStart",
    "upgradeTiming",
    "detached",
    "state",
    "host",
    "parentId",
    "teamId",
    "cpu",
    "memory",
    "majorVersion",
    "postgresVersionId",
    "isSuspended",
    "createdAt",
    "upgradeScheduledFor",
  ],
  secretInputs: [],
  secretOutputs: [],
  autoname: { property: "name", from: ["clusterId", "networkId", "providerId", "regionId"] },
};

/** The arguments of {@link Replica}. */
export interface ReplicaArgs {
  /** ID of the cluster that it replicates, which may be a replica itself. An EID or a UUID. A change replaces the resource. Once the replica is detached, a change has no effect. */
  readonly clusterId: pulumi.Input<string>;
  /** Name, unique in the team. 5 to 50 letters, digits, spaces, `-`, `_`, `/` or `'`, starting with a letter. Default: the resource's logical name and a short hash. A change renames the replica. */
  readonly name?: pulumi.Input<string>;
  /** Plan, for instance `standard-8`, which sets CPU and memory. Default: the parent's plan. A change is an upgrade in place with a brief interruption. */
  readonly planId?: pulumi.Input<
    Suggested<
      | "hobby-0"
      | "hobby-2"
      | "hobby-4"
      | "standard-4"
      | "standard-8"
      | "standard-16"
      | "standard-32"
      | "standard-64"
      | "memory-16"
      | "memory-32"
    >
  >;
  /** ID of the replica's network. An EID or a UUID. It can't be combined with `providerId`. A network at `gcp` requires `regionId`; any other network excludes it. Default: the parent's network, or a new one if the region differs. A change replaces the resource. */
  readonly networkId?: pulumi.Input<string>;
  /** Cloud provider, for instance `aws`, `azure` or `gcp`. It requires `planId` and `regionId`. Default: the parent's provider. A change replaces the resource. */
  readonly providerId?: pulumi.Input<Suggested<"aws" | "azure" | "gcp">>;
  /** The provider's region, for instance `us-east-1`. Default: the parent's region. A change replaces the resource. */
  readonly regionId?: pulumi.Input<
    Suggested<
      | "us-east-1"
      | "us-east-2"
      | "us-west-1"
      | "us-west-2"
      | "ca-central-1"
      | "sa-east-1"
      | "eu-central-1"
      | "eu-west-1"
      | "eu-west-2"
      | "eu-west-3"
      | "ap-northeast-1"
      | "ap-northeast-2"
      | "ap-southeast-1"
      | "ap-southeast-2"
      | "ap-south-1"
      | "eastus"
      | "westeurope"
      | "us-central1"
      | "europe-west1"
    >
  >;
  /** Storage in GB. The least that it should have: a new replica inherits its parent's, and what autoresize has added is kept. Default: as inherited. A larger value is an upgrade in place with a brief interruption; storage can't shrink. */
  readonly storage?: pulumi.Input<number>;
  /** Whether it has a standby (high availability). Default: false. A change is carried out in place. */
  readonly isHa?: pulumi.Input<boolean>;
  /** Environment that it is marked as, for instance `production`. `""` means none. Values other than `production` are sent to the server unchecked. Default: none. A change is carried out in place. */
  readonly environment?: pulumi.Input<string>;
  /** Whether it is protected from being destroyed, and so from being replaced. To do either, set it to false in a separate `pulumi up` first. Default: false. A change is carried out in place. */
  readonly isProtected?: pulumi.Input<boolean>;
  /** Hour of the day (UTC) from which maintenance may start, 0 to 23; -1 means any time. Default: any time. A change is carried out in place. */
  readonly maintenanceWindowStart?: pulumi.Input<number>;
  /** When a change of `planId` or `storage` switches over: `now`, as soon as the replacement is built, which `pulumi up` waits for; or in the maintenance `window`, in which case `pulumi up` ends when the upgrade is scheduled, and `upgradeScheduledFor` says for when. Default: `now`. A change to `now` carries out what is scheduled; a change of what is scheduled cancels it first. */
  readonly upgradeTiming?: pulumi.Input<Suggested<"now" | "window">>;
  /** Whether the replica is detached: an independent primary, and still this resource. It can't be set back to false. Default: false. A change to true detaches the replica, permanently. */
  readonly detached?: pulumi.Input<boolean>;
}

/**
 * A replica of a Crunchy Bridge cluster: a read-only copy that follows its parent, in the same network or elsewhere. It may have replicas of its own.
 *
 * Plan, storage, high availability and settings change in place; a change of network, provider, region or parent is a replacement. With `detached` it becomes an independent primary, for instance to switch over to it, and remains this resource.
 */
export class Replica extends FormationsResource {
  /** ID of the cluster that it replicates, which may be a replica itself. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Name, unique in the team. */
  declare readonly name: pulumi.Output<string>;
  /** Plan, for instance `standard-8`, which sets CPU and memory. */
  declare readonly planId: pulumi.Output<string | undefined>;
  /** ID of the replica's network. */
  declare readonly networkId: pulumi.Output<string | undefined>;
  /** Cloud provider, for instance `aws`, `azure` or `gcp`. */
  declare readonly providerId: pulumi.Output<string | undefined>;
  /** The provider's region, for instance `us-east-1`. */
  declare readonly regionId: pulumi.Output<string | undefined>;
  /** Storage in GB. */
  declare readonly storage: pulumi.Output<number | undefined>;
  /** Whether it has a standby (high availability). */
  declare readonly isHa: pulumi.Output<boolean | undefined>;
  /** Environment that it is marked as, for instance `production`. */
  declare readonly environment: pulumi.Output<string | undefined>;
  /** Whether it is protected from being destroyed, and so from being replaced. */
  declare readonly isProtected: pulumi.Output<boolean | undefined>;
  /** Hour of the day (UTC) from which maintenance may start, 0 to 23; -1 means any time. */
  declare readonly maintenanceWindowStart: pulumi.Output<number | undefined>;
  /** When a change of `planId` or `storage` switches over: `now`, as soon as the replacement is built, which `pulumi up` waits for; or in the maintenance `window`, in which case `pulumi up` ends when the upgrade is scheduled, and `upgradeScheduledFor` says for when. */
  declare readonly upgradeTiming: pulumi.Output<string | undefined>;
  /** Whether the replica is detached: an independent primary, and still this resource. */
  declare readonly detached: pulumi.Output<boolean | undefined>;
  /** State as last seen: `ready`, `creating`, `finalizing`, `creation_failed`, `failed`, `suspended`, `destroying`, or another one. */
  declare readonly state: pulumi.Output<string>;
  /** Host name; absent until it is ready. */
  declare readonly host: pulumi.Output<string | undefined>;
  /** ID of the cluster that it replicates; absent for a primary. */
  declare readonly parentId: pulumi.Output<string | undefined>;
  /** ID of the team that it belongs to. */
  declare readonly teamId: pulumi.Output<string>;
  /** CPU units of its plan. */
  declare readonly cpu: pulumi.Output<number>;
  /** Memory of its plan in GB; fractional for hobby plans. */
  declare readonly memory: pulumi.Output<number>;
  /** Postgres major version, for instance 17. */
  declare readonly majorVersion: pulumi.Output<number>;
  /** ID of that Postgres version. */
  declare readonly postgresVersionId: pulumi.Output<string>;
  /** Whether it is suspended: its disk is kept, but no machine runs. */
  declare readonly isSuspended: pulumi.Output<boolean>;
  /** When it was created: RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** When its scheduled upgrade may switch over: RFC 3339, UTC; absent: none is scheduled. Until then `planId` and `storage` are what the program asked, and a refresh shows whether it is still pending. */
  declare readonly upgradeScheduledFor: pulumi.Output<string | undefined>;

  /**
   * Declares a `Replica`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program; if `name` is not set, the provider makes it from this one
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: ReplicaArgs, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }

  /**
   * Reads a `Replica` that exists already. `pulumi up` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id the replica's ID: an EID (26 letters a–z and digits 2–7) or a UUID
   * @param opts Pulumi's resource options, such as `dependsOn` and `parent`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): Replica {
    return FormationsResource.read(Replica, name, id, opts);
  }
}
