import { z } from "zod";
import { manifest } from "./cluster.ts";

const container = z.looseObject({
  args: z.array(z.string()),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  volumeMounts: z.array(
    z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
});

const volume = z.looseObject({
  name: z.string(),
  configMap: z.strictObject({ name: z.string() }).optional(),
  secret: z.strictObject({ secretName: z.string(), defaultMode: z.number() }).optional(),
});

/** What a Pod mounts. */
export type Volume = z.output<typeof volume>;

const pod = z.looseObject({
  restartPolicy: z.string(),
  securityContext: z.looseObject({ runAsUser: z.number(), runAsGroup: z.number() }),
  containers: z.tuple([container]),
  volumes: z.array(volume),
});

const jobTemplate = z.looseObject({
  spec: z.looseObject({
    activeDeadlineSeconds: z.number(),
    template: z.looseObject({ spec: pod }),
  }),
});

/** What tests read of a CronJob; what else it has, Kubernetes' own schema checks. */
export const cronJob = manifest.extend({
  kind: z.literal("CronJob"),
  spec: z.looseObject({
    schedule: z.string(),
    timeZone: z.string(),
    suspend: z.boolean(),
    jobTemplate,
  }),
});

export type CronJob = z.output<typeof cronJob>;
