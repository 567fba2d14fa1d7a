import { z } from "zod";
import type { Diagnostic, PolicyResult, Preview, Step } from "../model";
import type { Found } from "./documents";
import { howToPreview, UnreadablePreview } from "./errors";
import * as fields from "./fields";
import { isObject } from "./other-kinds";

const metadata = z.looseObject({
  op: z.string(),
  urn: z.string(),
  old: fields.state,
  new: fields.state,
  detailedDiff: fields.detailedDiff,
  keys: fields.names,
  diffs: fields.names,
});

const policy = {
  ...{ resourceUrn: fields.optionalText, policyPackName: fields.optionalText },
  ...{ policyName: fields.optionalText, enforcementLevel: fields.optionalText },
  message: fields.optionalText,
};

const event = z.looseObject({
  resourcePreEvent: z.looseObject({ metadata }).optional(),
  diagnosticEvent: z
    .looseObject({
      ...{ severity: fields.optionalText, urn: fields.optionalText },
      message: fields.optionalText,
      ephemeral: fields.optionalFlag,
    })
    .optional()
    .catch(undefined),
  policyEvent: z.looseObject(policy).optional().catch(undefined),
  policyRemediationEvent: z.looseObject(policy).optional().catch(undefined),
  summaryEvent: z
    .looseObject({
      ...{ resourceChanges: fields.counts, isPreview: fields.optionalFlag },
      result: fields.optionalText,
    })
    .optional()
    .catch(undefined),
});

type Event = z.output<typeof event>;

/** Whether a value is one of the engine's events. */
export function isEvent(value: unknown): boolean {
  if (!isObject(value)) return false;
  const isStamped = typeof value.sequence === "number" || typeof value.timestamp === "number";
  return isStamped && Object.keys(value).some((key) => key.endsWith("Event"));
}

/**
 * Reads the events that `pulumi preview --json` writes, one per line, where streaming is on.
 *
 * @throws UnreadablePreview if they are of another operation, or end before the engine's summary
 */
export function readEvents(found: readonly Found[], source: string): Preview {
  const events = found.map(({ value, line }) => eventIn(value, line, source));
  const steps = events.flatMap(({ resourcePreEvent: one }) => (one ? [stepOf(one.metadata)] : []));
  const diagnostics = events.flatMap((one) => diagnosticIn(one) ?? []);
  const summary = events.findLast((one) => one.summaryEvent)?.summaryEvent;
  if (summary?.isPreview === false) {
    throw new UnreadablePreview(
      `${source} has the events of an operation that was carried out, not of a preview. ${howToPreview}`,
    );
  }
  const hasFailed = diagnostics.some(fields.isError);
  if (!summary && !hasFailed) {
    throw new UnreadablePreview(
      `${source} is cut off after line ${found.at(-1)?.line}: the events end without the engine's summary, so there may be more changes. Run the preview again, and check that \`pulumi\` was not killed.`,
    );
  }
  const policies = events.flatMap((one) => policyIn(one) ?? []);
  const urns = [...steps, ...diagnostics, ...policies].map(({ urn }) => urn);
  return {
    ...{ source, ...fields.whereOf(urns), steps, diagnostics, policies },
    hasFailed: hasFailed || ["failed", "canceled"].includes(summary?.result ?? ""),
    counts: summary?.resourceChanges,
  };
}

function eventIn(value: unknown, line: number, source: string): Event {
  const { success, data } = event.safeParse(value);
  if (success) return data;
  throw new UnreadablePreview(
    `${source}: the event in line ${line} is a step without an operation or a URN, which no version of Pulumi writes.`,
  );
}

function stepOf(one: z.output<typeof metadata>): Step {
  return {
    ...{ op: one.op, urn: one.urn, old: one.old, new: one.new },
    ...{ detailedDiff: one.detailedDiff, replaceReasons: one.keys, diffReasons: one.diffs },
  };
}

function diagnosticIn({ diagnosticEvent: one }: Event): Diagnostic | undefined {
  return one && fields.diagnosticOf(one);
}

function policyIn({ policyEvent, policyRemediationEvent }: Event): PolicyResult | undefined {
  const one = policyEvent ?? policyRemediationEvent;
  if (!one) return undefined;
  const message = policyEvent
    ? fields.withoutColours(one.message ?? "").trim()
    : "The policy changes what the program asks for.";
  return {
    ...(one.resourceUrn && { urn: one.resourceUrn }),
    pack: one.policyPackName ?? "",
    policy: one.policyName ?? "",
    enforcement: policyEvent ? (one.enforcementLevel ?? "advisory") : "remediate",
    message,
  };
}
