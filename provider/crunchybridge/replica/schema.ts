import { z } from "zod";
import type { Observed } from "../../resource/definition";
import { flag, integer } from "../../resource/property";
import type { Constraint } from "../../resource/validation";
import { clusterShape } from "../cluster";
import { canonical, toEid } from "../eid";

/*
 * What `GET /providers` lists changes without notice, and a check sends no request. These lists let an
 * editor suggest values and a check notice a typing error; other values pass with a warning.
 */

/** Plans: a family and its memory in GB. */
const plans = [
  "hobby-0",
  "hobby-2",
  "hobby-4",
  "standard-4",
  "standard-8",
  "standard-16",
  "standard-32",
  "standard-64",
  "memory-16",
  "memory-32",
] as const;

/** Cloud providers. */
const providers = ["aws", "azure", "gcp"] as const;

/** Regions of all providers. */
const regions = [
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
  "eastus",
  "westeurope",
  "us-central1",
  "europe-west1",
] as const;

/** The ID of a cluster or network. A UUID becomes the EID of the same bits. */
export const id = () =>
  z.preprocess(
    canonical,
    z.string().refine((text) => toEid(text) !== undefined, {
      error: "it must be an EID (26 letters a–z and digits 2–7) or a UUID",
    }),
  );

/** What a program gives of a replica. */
export const inputs = z.object({
  clusterId: id().meta({
    refersTo: "Replica",
    description: "ID of the cluster that it replicates, which may be a replica itself.",
    given: "An EID or a UUID.",
    whenChanged: "Once the replica is detached, a change has no effect.",
  }),
  name: z
    .string()
    .min(5)
    .max(50)
    .regex(/^[A-Za-z]/, "it must start with a letter")
    .regex(/^[A-Za-z0-9 _/'-]*$/, "allowed are letters, digits, spaces and - _ / '")
    .optional()
    .meta({
      description: "Name, unique in the team.",
      given: "5 to 50 letters, digits, spaces, `-`, `_`, `/` or `'`, starting with a letter.",
      whenAbsent: "the resource's logical name and a short hash",
      whenChanged: "A change renames the replica.",
    }),
  planId: z.string().min(1).optional().meta({
    known: plans,
    description: "Plan, for instance `standard-8`, which sets CPU and memory.",
    whenAbsent: "the parent's plan",
    whenChanged: "A change is an upgrade in place with a brief interruption.",
  }),
  networkId: id().optional().meta({
    description: "ID of the replica's network.",
    given:
      "An EID or a UUID. It can't be combined with `providerId`. A network at `gcp` requires `regionId`; any other network excludes it.",
    whenAbsent: "the parent's network, or a new one if the region differs",
  }),
  providerId: z.string().min(1).optional().meta({
    known: providers,
    description: "Cloud provider, for instance `aws`, `azure` or `gcp`.",
    given: "It requires `planId` and `regionId`.",
    whenAbsent: "the parent's provider",
  }),
  regionId: z.string().min(1).optional().meta({
    known: regions,
    description: "The provider's region, for instance `us-east-1`.",
    whenAbsent: "the parent's region",
  }),
  storage: integer({ min: 1 }).optional().meta({
    description: "Storage in GB.",
    given:
      "The least that it should have: a new replica inherits its parent's, and what autoresize has added is kept.",
    whenAbsent: "as inherited",
    whenChanged:
      "A larger value is an upgrade in place with a brief interruption; storage can't shrink.",
  }),
  isHa: flag().optional().meta({
    description: "Whether it has a standby (high availability).",
    whenAbsent: "false",
  }),
  environment: z.string().optional().meta({
    description: "Environment that it is marked as, for instance `production`.",
    given: '`""` means none. Values other than `production` are sent to the server unchecked.',
    whenAbsent: "none",
  }),
  isProtected: flag().optional().meta({
    description: "Whether it is protected from being destroyed, and so from being replaced.",
    given: "To do either, set it to false in a separate `pulumi up` first.",
    whenAbsent: "false",
  }),
  maintenanceWindowStart: integer({ min: -1, max: 23 }).optional().meta({
    description:
      "Hour of the day (UTC) from which maintenance may start, 0 to 23; -1 means any time.",
    whenAbsent: "any time",
  }),
  upgradeTiming: z.enum(["now", "window"]).optional().meta({
    description:
      "When a change of `planId` or `storage` switches over: `now`, as soon as the replacement is built, which `pulumi up` waits for; or in the maintenance `window`, in which case `pulumi up` ends when the upgrade is scheduled, and `upgradeScheduledFor` says for when.",
    whenAbsent: "`now`",
    whenChanged:
      "A change to `now` carries out what is scheduled; a change of what is scheduled cancels it first.",
  }),
  detached: flag().optional().meta({
    description:
      "Whether the replica is detached: an independent primary, and still this resource.",
    given: "It can't be set back to false.",
    whenAbsent: "false",
    whenChanged: "A change to true detaches the replica, permanently.",
  }),
});

const shape = clusterShape;
const withPlan = { changesWith: ["planId"] };
const withOperations = { changesWith: ["planId", "storage", "isHa", "detached"] };

/** What a replica has besides its inputs. */
export const outputs = z.object({
  state: shape.state.meta(withOperations),
  host: shape.host,
  parentId: shape.parentId.meta({ changesWith: ["detached"] }),
  teamId: shape.teamId,
  cpu: shape.cpu.meta(withPlan),
  memory: shape.memory.meta(withPlan),
  majorVersion: shape.majorVersion,
  postgresVersionId: shape.postgresVersionId,
  isSuspended: shape.isSuspended.meta(withOperations),
  createdAt: shape.createdAt,
  upgradeScheduledFor: z
    .string()
    .optional()
    .meta({
      description:
        "When its scheduled upgrade may switch over: RFC 3339, UTC; absent: none is scheduled. Until then `planId` and `storage` are what the program asked, and a refresh shows whether it is still pending.",
      changesWith: ["planId", "storage", "upgradeTiming"],
    }),
});

export type Inputs = z.output<typeof inputs>;
export type Outputs = z.output<typeof outputs>;
export type State = Observed<Inputs> & Outputs;

/** Rules between inputs, as the API has them. */
export const constraints: Constraint<Inputs>[] = [
  {
    properties: ["networkId", "providerId"],
    check: ({ networkId, providerId }) =>
      networkId !== undefined && providerId !== undefined
        ? `is "${networkId}" while providerId is "${providerId}"; only one of them is allowed, since a network belongs to a provider`
        : undefined,
  },
  {
    properties: ["providerId", "planId", "regionId"],
    check: ({ providerId, planId, regionId }) => {
      if (providerId === undefined || (planId !== undefined && regionId !== undefined)) return;
      const absent = Object.entries({ planId, regionId }).flatMap(([key, value]) =>
        value ? [] : [key],
      );
      return `is "${providerId}" without ${absent.join(" and ")}; with a provider, both planId and regionId must be set`;
    },
  },
];
