// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";
import { type Description, FormationsResource, type Suggested } from "../resource";

const description: Description = {
  type: "Formation",
  module: "formation",
  properties: [
    "name",
    "region",
    "coordinatorTune",
    "coordinatorDiskSize",
    "coordinatorHa",
    "workerTune",
    "workerCount",
    "workerDiskSize",
    "workerHa",
    "allowDuplicateName",
    "state",
    "createdAt",
    "isMx",
    "isZfs",
    "databaseUrl",
  ],
  secretInputs: [],
  secretOutputs: ["databaseUrl"],
  autoname: {
    property: "name",
    from: [
      "region",
      "coordinatorTune",
      "coordinatorDiskSize",
      "coordinatorHa",
      "workerTune",
      "workerCount",
      "workerDiskSize",
      "workerHa",
    ],
  },
};

/** The arguments of {@link Formation}. */
export interface FormationArgs {
  /** The formation's name. Citus Cloud allows several formations of one name; this resource does only if `allowDuplicateName` is set. Default: the resource's logical name and a short hash. A change replaces the resource. */
  readonly name?: pulumi.Input<string>;
  /** AWS region, for instance `us-east-1`. A change replaces the resource. */
  readonly region: pulumi.Input<
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
    >
  >;
  /** Machine type of the coordinator, for instance `r5.large`. A t2 tune must equal `workerTune`. A change replaces the resource. */
  readonly coordinatorTune: pulumi.Input<
    Suggested<
      | "t2.small"
      | "t2.medium"
      | "t2.large"
      | "r3.large"
      | "r3.xlarge"
      | "r3.2xlarge"
      | "r3.4xlarge"
      | "r3.8xlarge"
      | "r4.large"
      | "r4.xlarge"
      | "r4.2xlarge"
      | "r4.4xlarge"
      | "r4.8xlarge"
      | "r4.16xlarge"
      | "r5.large"
      | "r5.xlarge"
      | "r5.2xlarge"
      | "r5.4xlarge"
      | "r5.12xlarge"
      | "r5.24xlarge"
      | "c4.xlarge"
      | "c4.2xlarge"
      | "c4.4xlarge"
      | "c4.8xlarge"
      | "c5.xlarge"
      | "c5.2xlarge"
      | "c5.4xlarge"
      | "c5.9xlarge"
    >
  >;
  /** Disk of the coordinator in GB. One of 100, 512, 1024, 1536, 2048, 2560; with a t2 tune, 100. A change replaces the resource. */
  readonly coordinatorDiskSize: pulumi.Input<number>;
  /** Whether the coordinator has a standby (high availability). Default: false. A change replaces the resource. */
  readonly coordinatorHa?: pulumi.Input<boolean>;
  /** Machine type of each worker, for instance `r5.large`. A t2 tune must equal `coordinatorTune`. A change replaces the resource. */
  readonly workerTune: pulumi.Input<
    Suggested<
      | "t2.small"
      | "t2.medium"
      | "t2.large"
      | "r3.large"
      | "r3.xlarge"
      | "r3.2xlarge"
      | "r3.4xlarge"
      | "r3.8xlarge"
      | "r4.large"
      | "r4.xlarge"
      | "r4.2xlarge"
      | "r4.4xlarge"
      | "r4.8xlarge"
      | "r4.16xlarge"
      | "r5.large"
      | "r5.xlarge"
      | "r5.2xlarge"
      | "r5.4xlarge"
      | "r5.12xlarge"
      | "r5.24xlarge"
      | "c4.xlarge"
      | "c4.2xlarge"
      | "c4.4xlarge"
      | "c4.8xlarge"
      | "c5.xlarge"
      | "c5.2xlarge"
      | "c5.4xlarge"
      | "c5.9xlarge"
    >
  >;
  /** Number of workers. At most 40. A change replaces the resource. */
  readonly workerCount: pulumi.Input<number>;
  /** Disk of each worker in GB. One of 100, 512, 1024, 1536, 2048, 2560; with a t2 tune, 100. A change replaces the resource. */
  readonly workerDiskSize: pulumi.Input<number>;
  /** Whether each worker has a standby (high availability). Default: false. A change replaces the resource. */
  readonly workerHa?: pulumi.Input<boolean>;
  /** Whether the account may have another formation of this name and region. Only the creation reads it. Default: false, so that you don't pay twice for a creation whose response was lost. */
  readonly allowDuplicateName?: pulumi.Input<boolean>;
}

/**
 * A Citus Cloud formation: a distributed Postgres cluster of a coordinator and workers.
 *
 * The API creates and destroys formations but updates nothing. Every change of tune, disk size, worker count, HA, name or region is therefore a **replacement, and the new formation starts empty**. A formation that was resized in the web console is kept: run `pulumi refresh`, then put the new values into the program.
 */
export class Formation extends FormationsResource {
  /** The formation's name. */
  declare readonly name: pulumi.Output<string>;
  /** AWS region, for instance `us-east-1`. */
  declare readonly region: pulumi.Output<string>;
  /** Machine type of the coordinator, for instance `r5.large`. */
  declare readonly coordinatorTune: pulumi.Output<string>;
  /** Disk of the coordinator in GB. */
  declare readonly coordinatorDiskSize: pulumi.Output<number>;
  /** Whether the coordinator has a standby (high availability). */
  declare readonly coordinatorHa: pulumi.Output<boolean | undefined>;
  /** Machine type of each worker, for instance `r5.large`. */
  declare readonly workerTune: pulumi.Output<string>;
  /** Number of workers. */
  declare readonly workerCount: pulumi.Output<number>;
  /** Disk of each worker in GB. */
  declare readonly workerDiskSize: pulumi.Output<number>;
  /** Whether each worker has a standby (high availability). */
  declare readonly workerHa: pulumi.Output<boolean | undefined>;
  /** Whether the account may have another formation of this name and region. Only the creation reads it. */
  declare readonly allowDuplicateName: pulumi.Output<boolean | undefined>;
  /** State as last seen: `steady`, `creating`, `converging`, `ready`, `archiving`, or another one. */
  declare readonly state: pulumi.Output<string>;
  /** When it was created: RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Whether workers accept queries too (Citus MX). */
  declare readonly isMx: pulumi.Output<boolean | undefined>;
  /** Whether its disks use ZFS. */
  declare readonly isZfs: pulumi.Output<boolean | undefined>;
  /** Connection URL of the coordinator, including the password. */
  declare readonly databaseUrl: pulumi.Output<string | undefined>;

  /**
   * Declares a `Formation`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program; if `name` is not set, the provider makes it from this one
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: FormationArgs, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }

  /**
   * Reads a `Formation` that exists already. `pulumi up` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id the formation's ID, as the list and the console show it: letters and digits, such as `0123456789abcdef0123456789a`
   * @param opts Pulumi's resource options, such as `dependsOn` and `parent`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): Formation {
    return FormationsResource.read(Formation, name, id, opts);
  }
}
