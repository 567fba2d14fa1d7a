import { z } from "zod";
import type { Observed } from "../../resource/definition";
import { flag, integer, oneOf } from "../../resource/property";
import type { Constraint } from "../../resource/validation";

/** Machine types of a node; the API page lists them all. */
export const tunes = [
  "t2.small",
  "t2.medium",
  "t2.large",
  "r3.large",
  "r3.xlarge",
  "r3.2xlarge",
  "r3.4xlarge",
  "r3.8xlarge",
  "r4.large",
  "r4.xlarge",
  "r4.2xlarge",
  "r4.4xlarge",
  "r4.8xlarge",
  "r4.16xlarge",
  "r5.large",
  "r5.xlarge",
  "r5.2xlarge",
  "r5.4xlarge",
  "r5.12xlarge",
  "r5.24xlarge",
  "c4.xlarge",
  "c4.2xlarge",
  "c4.4xlarge",
  "c4.8xlarge",
  "c5.xlarge",
  "c5.2xlarge",
  "c5.4xlarge",
  "c5.9xlarge",
] as const;

/** Regions that a formation can be in. */
export const regions = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-south-1",
] as const;

/** Disk sizes in GB. */
export const diskSizes = [100, 512, 1024, 1536, 2048, 2560] as const;

const diskSize = (node: string) =>
  oneOf(diskSizes).meta({
    title: "DiskSize",
    description: `Disk of ${node} in GB.`,
    given: `One of ${diskSizes.join(", ")}; with a t2 tune, 100.`,
  });

/** What the program gives. */
export const inputs = z.object({
  name: z.string().min(1).optional().meta({
    description: "The formation's name.",
    given:
      "Citus Cloud allows several formations of one name; this resource does only if `allowDuplicateName` is set.",
    whenAbsent: "the resource's logical name and a short hash",
  }),
  region: z.enum(regions).meta({
    title: "Region",
    description: "AWS region, for instance `us-east-1`.",
  }),
  coordinatorTune: z.enum(tunes).meta({
    title: "Tune",
    description: "Machine type of the coordinator, for instance `r5.large`.",
    given: "A t2 tune must equal `workerTune`.",
  }),
  coordinatorDiskSize: diskSize("the coordinator"),
  coordinatorHa: flag().optional().meta({
    description: "Whether the coordinator has a standby (high availability).",
    whenAbsent: "false",
  }),
  workerTune: z.enum(tunes).meta({
    title: "Tune",
    description: "Machine type of each worker, for instance `r5.large`.",
    given: "A t2 tune must equal `coordinatorTune`.",
  }),
  workerCount: integer({ min: 0, max: 40 }).meta({
    description: "Number of workers.",
    given: "At most 40.",
  }),
  workerDiskSize: diskSize("each worker"),
  workerHa: flag().optional().meta({
    description: "Whether each worker has a standby (high availability).",
    whenAbsent: "false",
  }),
  allowDuplicateName: flag().optional().meta({
    description:
      "Whether the account may have another formation of this name and region. Only the creation reads it.",
    whenAbsent: "false, so that you don't pay twice for a creation whose response was lost",
  }),
});

/** What the server adds. */
export const outputs = z.object({
  state: z.string().meta({
    description:
      "State as last seen: `steady`, `creating`, `converging`, `ready`, `archiving`, or another one.",
  }),
  createdAt: z.string().meta({ description: "When it was created: RFC 3339, UTC." }),
  isMx: z
    .boolean()
    .optional()
    .meta({ description: "Whether workers accept queries too (Citus MX)." }),
  isZfs: z.boolean().optional().meta({ description: "Whether its disks use ZFS." }),
  databaseUrl: z.string().optional().meta({
    description: "Connection URL of the coordinator, including the password.",
    secret: true,
  }),
});

export type Inputs = z.output<typeof inputs>;
export type Outputs = z.output<typeof outputs>;
export type State = Observed<Inputs> & Outputs;

/** Rules between inputs: what the API page says of the t2 series. */
export const constraints: readonly Constraint<Inputs>[] = [
  {
    properties: ["coordinatorTune", "workerTune"],
    check: ({ coordinatorTune, workerTune }) =>
      (isT2(coordinatorTune) || isT2(workerTune)) && coordinatorTune !== workerTune
        ? `is "${coordinatorTune}" while workerTune is "${workerTune}"; with a t2 tune both must be the same`
        : undefined,
  },
  t2Disk("coordinatorDiskSize", "coordinatorTune"),
  t2Disk("workerDiskSize", "workerTune"),
];

function t2Disk(
  disk: "coordinatorDiskSize" | "workerDiskSize",
  tune: "coordinatorTune" | "workerTune",
): Constraint<Inputs> {
  return {
    properties: [disk, tune],
    check: (wanted) =>
      isT2(wanted[tune]) && wanted[disk] !== 100
        ? `is ${wanted[disk]} while ${tune} is "${wanted[tune]}"; with a t2 tune it must be 100`
        : undefined,
  };
}

function isT2(tune: string): boolean {
  return tune.startsWith("t2.");
}
