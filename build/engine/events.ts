import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { logicalName } from "./state.ts";

/** Marks an object that stands for a secret on the wire. */
export const secretMark = "4dabf18193072939515e22adb298388d";

const propertiesSchema = z.record(z.string(), z.unknown()).transform(withSecretsShort);

const stateSchema = z.object({
  id: z.string().default(""),
  inputs: propertiesSchema.nullish().transform((value) => value ?? {}),
  outputs: propertiesSchema.nullish().transform((value) => value ?? {}),
});

const metadataSchema = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: stateSchema.nullish(),
  new: stateSchema.nullish(),
  keys: z.array(z.string()).nullish(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ diffKind: z.string() })).nullish(),
  logical: z.boolean().default(false),
});

const stepEventSchema = z.object({
  metadata: metadataSchema,
  planning: z.boolean().default(false),
});

/** The kinds of the engine's events that say something to a scenario; others are left as they are. */
const eventSchema = z.looseObject({
  resourcePreEvent: stepEventSchema.optional(),
  resOutputsEvent: stepEventSchema.optional(),
  resOpFailedEvent: stepEventSchema.optional(),
  diagnosticEvent: z
    .object({
      severity: z.string(),
      message: z.string(),
      urn: z.string().optional(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()) }).optional(),
});

type EngineEvent = z.infer<typeof eventSchema>;
type Metadata = z.infer<typeof metadataSchema>;

/** What the engine did, or in a preview would do, with one resource. */
export interface Step {
  urn: string;
  /** The type token, e.g. `pulumi-nodejs:dynamic/formations:Formation`. */
  type: string;
  /** The logical name, the URN's last part. */
  name: string;
  /**
   * `create`, `update`, `delete`, `same`, `read`; a replacement is three steps, in the order in
   * which they happened: `create-replacement`, `replace`, `delete-replaced`. In a refresh it is
   * what the refresh found: `same`, `update` or `delete`.
   */
  op: string;
  /** Whether this step stands for the change; of a replacement's three only `replace` does. */
  logical: boolean;
  /** Whether this step reads the resource from its provider, in a refresh. */
  isRefresh: boolean;
  /** Whether the provider refused or the step failed. */
  failed: boolean;
  /** The resource's ID after the step, or before it where it is deleted; "" where there is none. */
  id: string;
  /** Properties that differ: as the provider says, else inputs old and new compared. */
  diffKeys: string[];
  /** Properties that the provider says force a replacement. */
  replaceKeys: string[];
  /** The provider's own diff by property path: `update`, `add-replace` and so on. */
  detailedDiff: Record<string, string>;
  oldInputs: Record<string, unknown>;
  newInputs: Record<string, unknown>;
  /** Secrets are shown as `[secret]`. */
  oldOutputs: Record<string, unknown>;
  newOutputs: Record<string, unknown>;
}

/** What the engine told its user. */
export interface Diagnostic {
  /** `error`, `warning`, `info` or `info#err` (what a program or provider printed). */
  severity: string;
  /** The resource that it is about; absent for the stack's own. */
  urn?: string;
  message: string;
  /** Whether it is the line beside a resource, which the next one replaces. */
  ephemeral?: boolean;
}

/** An operation's events, read for assertions. */
export interface OperationEvents {
  /** The program's own resources, in the order in which their steps began. */
  steps: Step[];
  /** With the stack and the providers. */
  allSteps: Step[];
  /** How many of {@link steps} came to each op; a replacement counts once, as `replace`. */
  changes: Record<string, number>;
  /** The stack's outputs; secrets are shown as `[secret]`. */
  outputs: Record<string, unknown>;
  /** Without the engine's debug messages. */
  diagnostics: Diagnostic[];
}

const stackType = "pulumi:pulumi:Stack";

/**
 * Reads the file that `--event-log` wrote.
 *
 * @param isPreview - whether the steps of a preview are wanted, or those of an update.
 */
export function readEvents(file: string, isPreview: boolean): OperationEvents {
  const events = existsSync(file) ? parseLines(readFileSync(file, "utf8")) : [];
  const allSteps = toSteps(events, isPreview);
  const steps = allSteps.filter(
    ({ type }) => type !== stackType && !type.startsWith("pulumi:providers:"),
  );
  return {
    steps,
    allSteps,
    changes: countChanges(steps),
    outputs: allSteps.find(({ type }) => type === stackType)?.newOutputs ?? {},
    diagnostics: toDiagnostics(events),
  };
}

/** The engine blanks secrets out itself, but leaves an object with a mark around each. */
function withSecretsShort(properties: Record<string, unknown>): Record<string, unknown> {
  const short = JSON.stringify(properties, (_key, value: unknown) =>
    typeof value === "object" && value !== null && secretMark in value ? "[secret]" : value,
  );
  return z.record(z.string(), z.unknown()).parse(JSON.parse(short));
}

function parseLines(text: string): EngineEvent[] {
  const lines = text.split("\n");
  // An engine that was killed leaves the last line incomplete.
  lines.pop();
  return lines.map((line) => eventSchema.parse(JSON.parse(line)));
}

function toSteps(events: readonly EngineEvent[], isPreview: boolean): Step[] {
  const steps: Step[] = [];
  const open = new Set<Step>();
  for (const event of events) {
    const begun = event.resourcePreEvent;
    if (begun && begun.planning === isPreview) {
      const step = toStep(begun.metadata);
      steps.push(step);
      open.add(step);
    }
    const ended = event.resOutputsEvent ?? event.resOpFailedEvent;
    if (!ended || ended.planning !== isPreview) continue;
    const isIts = (candidate: Step) => isSameStep(candidate, ended.metadata);
    // A resource of one type may end twice: the stack does, when its program has told its outputs.
    const step = [...open].findLast(isIts) ?? steps.findLast(isIts);
    if (!step) continue;
    finishStep(step, ended.metadata, event.resOpFailedEvent !== undefined);
    open.delete(step);
  }
  return steps;
}

/** A refresh begins as `refresh` and ends as what it found. */
function isSameStep(step: Step, ended: Metadata): boolean {
  return step.urn === ended.urn && (step.op === ended.op || step.isRefresh);
}

function toStep(metadata: Metadata): Step {
  const detailedDiff = Object.entries(metadata.detailedDiff ?? {});
  return {
    urn: metadata.urn,
    type: metadata.type,
    name: logicalName(metadata.urn),
    op: metadata.op,
    logical: metadata.logical || metadata.op === "refresh",
    isRefresh: metadata.op === "refresh",
    failed: false,
    id: metadata.new?.id || metadata.old?.id || "",
    diffKeys: diffKeys(metadata),
    replaceKeys: metadata.keys ?? [],
    detailedDiff: Object.fromEntries(detailedDiff.map(([path, { diffKind }]) => [path, diffKind])),
    oldInputs: metadata.old?.inputs ?? {},
    newInputs: metadata.new?.inputs ?? {},
    oldOutputs: metadata.old?.outputs ?? {},
    newOutputs: metadata.new?.outputs ?? {},
  };
}

function finishStep(step: Step, ended: Metadata, failed: boolean): void {
  step.op = ended.op;
  step.failed = failed;
  step.id = ended.new?.id || step.id;
  step.newInputs = ended.new?.inputs ?? step.newInputs;
  step.newOutputs = ended.new?.outputs ?? step.newOutputs;
  if (step.isRefresh) step.diffKeys = diffKeys(ended);
}

function diffKeys(metadata: Metadata): string[] {
  const detailed = Object.keys(metadata.detailedDiff ?? {});
  if (detailed.length > 0) return detailed;
  if (metadata.diffs && metadata.diffs.length > 0) return metadata.diffs;
  if (!metadata.old || !metadata.new || metadata.op === "same") return [];
  const { inputs: olds } = metadata.old;
  const { inputs: news } = metadata.new;
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]))
    .sort();
}

/** In `up --refresh` each resource has two steps: what the refresh found is not the change. */
function countChanges(steps: readonly Step[]): Record<string, number> {
  const updates = steps.filter(({ isRefresh }) => !isRefresh);
  const counts: Record<string, number> = {};
  for (const { op, logical } of updates.length > 0 ? updates : steps) {
    if (logical) counts[op] = (counts[op] ?? 0) + 1;
  }
  return counts;
}

function toDiagnostics(events: readonly EngineEvent[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const { diagnosticEvent } of events) {
    if (!diagnosticEvent || diagnosticEvent.severity === "debug") continue;
    const { severity, urn, ephemeral } = diagnosticEvent;
    const message = diagnosticEvent.message.replaceAll(/<\{%.*?%\}>/g, "").trim();
    diagnostics.push({ severity, message, ...(urn && { urn }), ...(ephemeral && { ephemeral }) });
  }
  return diagnostics;
}
