import { read } from "../../../cli/explain/input/read.ts";
import { explain } from "../../../cli/explain/judgment/explain.ts";
import type { Explanation, ResourceChange } from "../../../cli/explain/model.ts";
import { resources } from "../../../provider/index.ts";
import type { Definition } from "../../../provider/resource/definition.ts";
import { type Marks, pack } from "../../../provider/resource/marks.ts";
import { secretProperties } from "../../../provider/resource/secrets.ts";
import { kindKey, secretKind, type Values } from "../../../provider/resource/values.ts";
import { packInputs, packState } from "../../../sdk/dynamic/marks.ts";

/** The hosts whose previews differ, and the forms in which the engine writes them. */
export const hosts = ["plugin", "dynamic"] as const;
export const forms = ["digest", "events"] as const;
export type Host = (typeof hosts)[number];
export type Form = (typeof forms)[number];

/** What becomes of one resource, in the terms of a program. */
export interface Change {
  /** Its name in the package. */
  type: string;
  op: string;
  /** Default: `it`. */
  name?: string;
  /** What the program asked for; absent: it did not exist. */
  applied?: Values;
  /** What the server has besides, or instead; `undefined` removes. */
  observed?: Values;
  /** What the program asks for now; absent: it is deleted. */
  desired?: Values;
  marks?: Marks;
  autonamed?: boolean;
  /** The engine's reasons, and what else is in its step or in both states. */
  replaceReasons?: readonly string[];
  old?: Values;
  new?: Values;
  /** What the plugin says differs. Default: the inputs that do. */
  differs?: readonly string[];
}

/** A step as the digest has it. */
export interface RawStep {
  op: string;
  urn: string;
  oldState?: Values;
  newState?: Values;
  detailedDiff?: unknown;
  replaceReasons?: readonly string[];
}

/** What a preview has besides steps. */
export interface Rest {
  diagnostics?: { severity: string; message: string; urn?: string }[];
  policies?: Values[];
  counts?: Record<string, number>;
  result?: string;
}

export function definitionNamed(name: string): Definition {
  const found = resources.find((one) => one.name === name);
  if (!found) throw new Error(`there is no resource ${name}`);
  return found;
}

/** A URN in the stack that all previews here are of. */
export function urnOf(type: string, name = "it", host: Host = "plugin"): string {
  const token =
    host === "plugin" ? `formations:index:${type}` : `pulumi-nodejs:dynamic/formations:${type}`;
  return `urn:pulumi:dev::shop::${type.includes(":") ? type : token}::${name}`;
}

/** The step of a change on a host, as an engine would show it. */
export function stepOf(change: Change, host: Host = "plugin"): RawStep {
  const { type, op, name, applied, desired, replaceReasons } = change;
  const urn = urnOf(type, name, host);
  const definition = definitionNamed(type);
  const named = { urn, type: urn.split("::")[2], custom: true };
  const [before, after] = [oldSides(definition, change, host), newInputs(definition, change, host)];
  return {
    ...{ op, urn },
    ...(applied && { oldState: { ...named, id: "an-id", ...before, ...change.old } }),
    ...(desired && { newState: { ...named, inputs: after, ...change.new } }),
    detailedDiff: host === "plugin" ? detailedDiff(change) : null,
    replaceReasons: replaceReasons ?? (op === "replace" ? ["id"] : []),
  };
}

function oldSides(definition: Definition, change: Change, host: Host) {
  const { applied = {}, observed = {}, marks = {}, autonamed } = change;
  const merged = Object.entries({ ...applied, ...observed }).filter(([, one]) => one !== undefined);
  const state = { properties: Object.fromEntries(merged), marks };
  const asked = { properties: applied, marks: { autonamed } };
  const provider = { __provider: "exports.handler = __f0;" };
  return host === "plugin"
    ? { inputs: blinded(definition, pack(asked)), outputs: blinded(definition, pack(state)) }
    : {
        inputs: blinded(definition, { ...pack(asked), ...provider }),
        outputs: blinded(definition, { ...packState(definition, state, asked), ...provider }),
      };
}

function newInputs(definition: Definition, change: Change, host: Host): Values {
  const { applied, desired = {}, autonamed, op } = change;
  const asked = { properties: desired, marks: { autonamed } };
  if (host === "plugin") return blinded(definition, pack(asked));
  // A replacement is checked as a new resource.
  const before = op === "replace" ? undefined : applied;
  const bag = packInputs(asked, before, secretProperties(definition.inputs));
  return blinded(definition, { ...bag, __provider: "exports.handler = __f0;" });
}

/** Secrets of the schema, as every preview shows them. */
function blinded(definition: Definition, bag: Values): Values {
  const shown = { ...bag };
  if (definition.name === "AntflySecret" && shown.value !== undefined) shown.value = "[secret]";
  const { options } = shown as { options?: Values };
  if (options?.env !== undefined) shown.options = { ...options, env: "[secret]" };
  return shown;
}

function detailedDiff({ applied = {}, desired = {}, op, differs }: Change): Values {
  const keys =
    differs ??
    [...new Set([...Object.keys(applied), ...Object.keys(desired)])].filter(
      (key) => JSON.stringify(applied[key]) !== JSON.stringify(desired[key]),
    );
  const kind = op === "replace" ? "update-replace" : "update";
  return Object.fromEntries(keys.map((key) => [key, { kind, inputDiff: false }]));
}

const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

/** A preview's text in one of its forms, with the stack's own step. */
export function textOf(steps: readonly RawStep[], form: Form = "digest", rest: Rest = {}): string {
  const all: RawStep[] = [
    {
      op: "same",
      urn: stackUrn,
      newState: { urn: stackUrn, type: "pulumi:pulumi:Stack", custom: false },
    },
    ...steps,
  ];
  const { diagnostics = [], policies = [], counts, result = "succeeded" } = rest;
  if (form === "digest") {
    return JSON.stringify(
      { config: {}, steps: all, diagnostics, duration: 1, changeSummary: counts },
      null,
      4,
    );
  }
  const events: Values[] = [
    { preludeEvent: { config: {} } },
    ...all.map((step) => ({ resourcePreEvent: { metadata: metadataOf(step), planning: true } })),
    ...diagnostics.map((one) => ({
      diagnosticEvent: { ...one, prefix: `${one.severity}: `, color: "never" },
    })),
    ...policies.map((policyEvent) => ({ policyEvent })),
    { summaryEvent: { resourceChanges: counts ?? {}, isPreview: true, result } },
    { cancelEvent: {} },
  ];
  return events
    .map(
      (event, sequence) => `${JSON.stringify({ sequence, timestamp: 1_700_000_000, ...event })}\n`,
    )
    .join("");
}

/** The events have secrets as objects, and other names. */
function metadataOf({
  op,
  urn,
  oldState,
  newState,
  detailedDiff,
  replaceReasons,
}: RawStep): Values {
  const diff = detailedDiff as
    | Record<string, { kind: string; inputDiff: boolean }>
    | null
    | undefined;
  const kinds = Object.entries(diff ?? {}).map(([path, { kind, inputDiff }]) => [
    path,
    { diffKind: kind, inputDiff },
  ]);
  const plain = {
    ...{ op, urn, type: urn.split("::")[2], old: oldState ?? null, new: newState ?? null },
    ...{ keys: replaceReasons ?? [], logical: true },
    detailedDiff: diff ? Object.fromEntries(kinds) : null,
  };
  return withObjects(plain) as Values;
}

function withObjects(value: unknown): unknown {
  if (value === "[secret]") return { [kindKey]: secretKind, ciphertext: value, plaintext: value };
  if (Array.isArray(value)) return value.map(withObjects);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withObjects(one)]));
}

/** What a preview's text is explained as. */
export function explainedText(text: string): Explanation {
  return explain(read(text, "preview.json"));
}

/** What the changes of a preview are explained as. */
export function explained(
  changes: readonly (Change | RawStep)[],
  { host = "plugin", form = "digest", ...rest }: Rest & { host?: Host; form?: Form } = {},
): Explanation {
  const steps = changes.map((one) => ("urn" in one ? one : stepOf(one, host)));
  return explainedText(textOf(steps, form, rest));
}

/** What one change is explained as. */
export function explainedOne(
  change: Change | RawStep,
  options: Rest & { host?: Host; form?: Form } = {},
): ResourceChange {
  const { changes } = explained([change], options);
  if (changes.length !== 1 || !changes[0]) throw new Error(`there are ${changes.length} changes`);
  return changes[0];
}

/** All that an explanation says, without the definitions. */
export function saidIn(explanation: Explanation | ResourceChange): string {
  return JSON.stringify(explanation, (key, one) => (key === "definition" ? undefined : one));
}
