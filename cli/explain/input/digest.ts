import { z } from "zod";
import type { Preview, Step } from "../model";
import { howToPreview, UnreadablePreview } from "./errors";
import * as fields from "./fields";
import { isObject } from "./other-kinds";

const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: fields.state,
  newState: fields.state,
  detailedDiff: fields.detailedDiff,
  replaceReasons: fields.names,
  diffReasons: fields.names,
});

const digest = z.looseObject({
  steps: z.array(step).nullish(),
  diagnostics: z
    .array(
      z.looseObject({
        ...{ severity: fields.optionalText, urn: fields.optionalText },
        message: fields.optionalText,
      }),
    )
    .nullish()
    .catch(undefined),
  changeSummary: fields.counts,
});

/** Whether a value is what `pulumi preview --json` prints. A preview that failed early has no steps. */
export function isDigest(value: unknown): boolean {
  if (!isObject(value)) return false;
  const has = (key: string) => Object.hasOwn(value, key);
  if (has("steps") || has("changeSummary")) return true;
  return typeof value.duration === "number" && (has("config") || has("diagnostics"));
}

/**
 * Reads what `pulumi preview --json` prints.
 *
 * @throws UnreadablePreview where a step lacks what makes it one
 */
export function readDigest(value: unknown, source: string): Preview {
  const { success, data, error } = digest.safeParse(value);
  if (!success) {
    const path = error.issues[0]?.path.join(".") ?? "steps";
    throw new UnreadablePreview(
      `${source} is not a preview of Pulumi: \`${path}\` is not what a preview has there. ${howToPreview}`,
    );
  }
  const diagnostics = (data.diagnostics ?? []).flatMap((one) => fields.diagnosticOf(one) ?? []);
  const steps = (data.steps ?? []).map(
    (one): Step => ({
      ...{ op: one.op, urn: one.urn, old: one.oldState, new: one.newState },
      ...{ detailedDiff: one.detailedDiff, replaceReasons: one.replaceReasons },
      diffReasons: one.diffReasons,
    }),
  );
  return {
    source,
    ...fields.whereOf([...steps, ...diagnostics].map(({ urn }) => urn)),
    steps,
    diagnostics,
    policies: [],
    hasFailed: diagnostics.some(fields.isError),
    counts: data.changeSummary,
  };
}
