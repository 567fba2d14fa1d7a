import { z } from "zod";
import { toEid } from "./eid.ts";

/** The longest that an upgrade may be put off, in milliseconds: under 72 hours. */
const longestDelay = 72 * 3600 * 1000;

/** The name of a cluster. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9 \-_/']{4,49}$/,
    "must be 5 to 50 letters, digits, spaces, hyphens, underscores, slashes or apostrophes and start with a letter",
  );

/** An ID given as EID or UUID; parsed to the EID. */
const eid = z.string().transform((text, context) => {
  const found = toEid(text);
  if (found === undefined) context.addIssue("must be an EID or a UUID");
  return found ?? "";
});

/** The body of `POST /clusters/{id}/replicas`: no storage, HA or version. */
export const replicaBody = z
  .strictObject({
    name,
    plan_id: z.string().optional(),
    network_id: eid.optional(),
    provider_id: z.string().optional(),
    region_id: z.string().optional(),
  })
  .superRefine((body, context) => {
    if (body.provider_id === undefined) return;
    if (body.network_id !== undefined) {
      context.addIssue("network_id and provider_id can't both be set");
    } else if (body.plan_id === undefined || body.region_id === undefined) {
      context.addIssue("provider_id demands plan_id and region_id");
    }
  });

/** The body of `PATCH /clusters/{id}`: not plan, storage, HA, network or region. */
export const patchBody = z.strictObject({
  name: name.optional(),
  environment: z.enum(["", "production"]).optional(),
  is_protected: z.boolean().optional(),
  maintenance_window_start: z.int().min(-1).max(23).optional(),
});

/** The body of `POST /clusters/{id}/upgrade`; `now` is the simulated time in milliseconds. */
export function upgradeBody(now: number) {
  return z.strictObject({
    plan_id: z.string().optional(),
    storage: z.int().min(10).max(65_536).optional(),
    postgres_version_id: eid.optional(),
    starting_from: z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .refine((at) => at - now < longestDelay, "must be less than 72 hours ahead")
      .optional(),
  });
}
