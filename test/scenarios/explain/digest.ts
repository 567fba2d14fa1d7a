import { z } from "zod";
import { logicalName } from "../../../build/engine/state.ts";

const bagSchema = z.record(z.string(), z.unknown());

const stepSchema = z.looseObject({
  op: z.string(),
  urn: z.string(),
  newState: z.looseObject({ inputs: bagSchema.optional() }).optional(),
});

const digestSchema = z.looseObject({
  steps: z.array(stepSchema).default([]),
  changeSummary: z.record(z.string(), z.number()).default({}),
});

/** What the engine shows of one resource. */
export interface Treatment {
  op: string;
  /** Of a replacement: which goes first. */
  order?: "new first" | "old first";
}

/** What the engine would do with each of the program's resources that does not stay as it is. */
export function treatmentsOf(digest: string): Record<string, Treatment> {
  const treatments: Record<string, Treatment> = {};
  const { steps } = digestSchema.parse(JSON.parse(digest));
  const begun = new Set<string>();
  for (const { op, urn } of steps) {
    if (urn.includes("::pulumi:")) continue;
    const name = logicalName(urn);
    if (op === "create-replacement" && !begun.has(name)) begun.add(name);
    if (op === "replace") {
      treatments[name] = { op, order: begun.has(name) ? "new first" : "old first" };
    } else if (["create", "update", "delete"].includes(op)) treatments[name] = { op };
  }
  return treatments;
}

/** A digest of what happens to one resource of the program alone. */
export function only(digest: string, name: string): string {
  const { steps, changeSummary: _, ...rest } = digestSchema.parse(JSON.parse(digest));
  const kept = steps.filter(({ urn }) => urn.includes("::pulumi:") || logicalName(urn) === name);
  return JSON.stringify({ ...rest, steps: kept });
}

/** How many resources the engine says it would treat how. */
export function countsOf(digest: string): Record<string, number> {
  return digestSchema.parse(JSON.parse(digest)).changeSummary;
}

/** A digest in which the program asks for another value of one property. */
export function withOther(digest: string, name: string, property: string): string {
  const parsed = digestSchema.parse(JSON.parse(digest));
  for (const { urn, newState } of parsed.steps) {
    const inputs = newState?.inputs;
    if (inputs && logicalName(urn) === name) inputs[property] = other(inputs[property]);
  }
  return JSON.stringify(parsed);
}

/** Another value of the same type. */
function other(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return [...value, "another"];
  if (typeof value === "object" && value !== null) return { ...value, image: "another:1" };
  return `${value}x`;
}
