import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { installFromNpm } from "../../support/npm-archive.ts";
import type { Manifest } from "./cluster.ts";

/** A DNS label, by which Kubernetes' objects are called. */
const label = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** What every object is called here: Kubernetes' schema lets any string be a name. */
const metadata = z.strictObject({
  name: label(52),
  labels: z.record(z.string(), label(63)).optional(),
});

const antflyBackup = z.strictObject({
  apiVersion: z.literal("antfly.io/v1"),
  kind: z.literal("AntflyBackup"),
  // The operator's CronJob has `-backup` behind that.
  metadata: metadata.extend({ name: label(45) }),
  spec: z.strictObject({
    clusterRef: z.strictObject({ name: z.string(), namespace: z.string().optional() }),
    schedule: z.string().regex(/^\S+( \S+){4}$/),
    destination: z.strictObject({
      location: z.string().regex(/^(s3:\/\/|file:\/\/).+/),
      credentialsSecret: z.strictObject({ name: z.string() }).optional(),
      connection: z.string().optional(),
    }),
    tables: z.array(z.string()).optional(),
    suspend: z.boolean().optional(),
    backupTimeout: z
      .string()
      .regex(/^(\d+(h|m|s))+$/)
      .optional(),
    successfulJobsHistoryLimit: z.int32().min(0).optional(),
    failedJobsHistoryLimit: z.int32().min(0).optional(),
  }),
});

/** A kind of Kubernetes' objects, in a package of Kubernetes' published schemas. */
type Model = new (given: object) => { validate(): void };

const models = z.record(
  z.string(),
  z.custom<Model>((value) => typeof value === "function"),
);

/**
 * Holds a manifest against what is published of its kind: Kubernetes' OpenAPI schema, and for
 * AntflyBackup the custom resource's definition in the operator's repository and its page,
 * https://antfly.pages.dev/docs/operator/reference/antflybackup-api. Kubernetes' schema takes fields
 * that it does not know; those the program's types refuse.
 *
 * @throws Error naming what is wrong
 */
export async function demandPublishedFields(given: Manifest): Promise<void> {
  metadata.parse(given.metadata);
  if (given.kind === "AntflyBackup") {
    antflyBackup.parse(given);
    return;
  }
  const modules = await installFromNpm("kubernetes-models@5.1.0", "2026-11-01");
  const file = join(modules, "kubernetes-models", given.apiVersion, `${given.kind}.js`);
  const { [given.kind]: Model } = models.parse(await import(pathToFileURL(file).href));
  if (Model === undefined) throw new Error(`Kubernetes has no ${given.kind}`);
  new Model(given).validate();
}
