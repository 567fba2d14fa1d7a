import { randomBytes } from "node:crypto";
import { z } from "zod";

/** From the API's page: "Supported Regions". */
export const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-south-1"],
];

/** From the API's page: the AWS machine types that a tune may be. */
export const tunes = [
  ...["t2.small", "t2.medium", "t2.large"],
  ...["r3.large", "r3.xlarge", "r3.2xlarge", "r3.4xlarge", "r3.8xlarge"],
  ...["r4.large", "r4.xlarge", "r4.2xlarge", "r4.4xlarge", "r4.8xlarge", "r4.16xlarge"],
  ...["r5.large", "r5.xlarge", "r5.2xlarge", "r5.4xlarge", "r5.12xlarge", "r5.24xlarge"],
  ...["c4.xlarge", "c4.2xlarge", "c4.4xlarge", "c4.8xlarge"],
  ...["c5.xlarge", "c5.2xlarge", "c5.4xlarge", "c5.9xlarge"],
];

/** From the API's page: disk sizes in GB. */
export const diskSizes = ["100", "512", "1024", "1536", "2048", "2560"];

/** A formation's tune as answers spell it: the count a number, disks strings in GB. */
export interface TuneAttributes {
  is_mx: boolean;
  is_zfs: boolean;
  worker_ha: boolean;
  worker_tune: string;
  worker_disk_size: string;
  worker_count: number;
  coordinator_ha: boolean;
  coordinator_tune: string;
  coordinator_disk_size: string;
}

/** A formation as the server has it. */
export interface SimFormation {
  /** 27 hexadecimal digits. */
  id: string;
  name: string;
  region: string;
  /** RFC 3339 in UTC, to the second. */
  created_at: string;
  /** steady, creating, converging, ready, archiving, archived; tests may set any other. */
  state: string;
  tune_attributes: TuneAttributes;
  /** A URL with a password; answered as null while creating and once archived. */
  database_url: string;
}

const tune = z.enum(tunes);
const diskSize = z.union([z.string(), z.number()]).transform(String).pipe(z.enum(diskSizes));
const workerCount = z
  .union([z.string().regex(/^\d+$/), z.number()])
  .transform(Number)
  .pipe(z.int().min(0).max(40));

/** The body of a creation; counts and disks come as strings or numbers. */
export const creation = z.object({
  name: z.string().min(1),
  region: z.enum(regions),
  tune_attributes: z
    .object({
      coordinator_tune: tune,
      worker_tune: tune,
      coordinator_disk_size: diskSize,
      worker_disk_size: diskSize,
      worker_count: workerCount,
      coordinator_ha: z.boolean().default(false),
      worker_ha: z.boolean().default(false),
    })
    .superRefine((asked, context) => {
      const series = [asked.coordinator_tune, asked.worker_tune];
      if (!series.some((name) => name.startsWith("t2."))) return;
      if (asked.coordinator_tune !== asked.worker_tune) {
        context.addIssue("with a t2 tune, coordinator_tune and worker_tune must be the same");
      }
      if (asked.coordinator_disk_size !== "100" || asked.worker_disk_size !== "100") {
        context.addIssue("with a t2 tune, disk sizes must be 100");
      }
    }),
});

/** The keys that the page knows in a creation; others are no client's business to send. */
export const creationKeys = {
  formation: Object.keys(creation.shape),
  tune: [
    ...["coordinator_tune", "worker_tune", "coordinator_disk_size", "worker_disk_size"],
    ...["worker_count", "coordinator_ha", "worker_ha"],
  ],
};

/** A new formation in state creating. */
export function newFormation(asked: z.infer<typeof creation>, createdAt: string): SimFormation {
  const id = randomBytes(14).toString("hex").slice(0, 27);
  const password = randomBytes(12).toString("hex");
  return {
    id,
    name: asked.name,
    region: asked.region,
    created_at: createdAt,
    state: "creating",
    tune_attributes: { is_mx: false, is_zfs: false, ...asked.tune_attributes },
    database_url: `postgres://citus:${password}@c.${id}.db.citusdata.com:5432/citus?sslmode=require`,
  };
}
