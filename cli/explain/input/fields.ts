import { z } from "zod";
import { parseUrn } from "../../../provider/resource/urn";
import type { ResourceState } from "../../stack/deployment";
import type { Diagnostic, Preview, Step } from "../model";
import { howToPreview, UnreadablePreview } from "./errors";

/*
 * What both forms of a preview have. Engines of other versions have other fields, so only what is needed is
 * read, and a field of an unexpected type counts as absent.
 */

/** A text; anything else counts as absent. */
export const optionalText = z.string().optional().catch(undefined);

/** A truth value; anything else counts as absent. */
export const optionalFlag = z.boolean().optional().catch(undefined);

/** A list of texts; anything else counts as empty. */
export const names = z
  .array(z.unknown())
  .transform((all) => all.filter((one) => typeof one === "string"))
  .catch([]);

/** Counts by the engine's operations. */
export const counts = z.record(z.string(), z.number()).optional().catch(undefined);

const properties = z.record(z.string(), z.unknown()).optional().catch(undefined);

/** A resource before or after a step. */
export const state = z
  .looseObject({
    ...{ urn: z.string().catch(""), type: z.string().catch(""), id: optionalText },
    ...{ inputs: properties, outputs: properties, custom: optionalFlag },
    ...{ provider: optionalText, parent: optionalText, deletedWith: optionalText },
    ...{ created: optionalText, delete: optionalFlag, pendingReplacement: optionalFlag },
    ...{ replaceWith: names, dependencies: names },
    propertyDependencies: z.undefined().catch(undefined),
  })
  .optional()
  .catch(undefined) satisfies z.ZodType<ResourceState | undefined>;

/** What differs by property path. The events call the kind `diffKind`. */
export const detailedDiff = z
  .record(
    z.string(),
    z
      .looseObject({ kind: optionalText, diffKind: optionalText, inputDiff: optionalFlag })
      .catch({}),
  )
  .transform(
    (all): NonNullable<Step["detailedDiff"]> =>
      Object.fromEntries(
        Object.entries(all).map(([path, { kind, diffKind, inputDiff = false }]) => [
          path,
          { kind: kind ?? diffKind ?? "", inputDiff },
        ]),
      ),
  )
  .optional()
  .catch(undefined);

/** A diagnostic for people, without the marks for colours; undefined: it is the engine's own. */
export function diagnosticOf(given: {
  severity?: string;
  urn?: string;
  message?: string;
  ephemeral?: boolean;
}): Diagnostic | undefined {
  const { severity = "info", urn, message = "", ephemeral } = given;
  const whole = withoutColours(message).trim();
  // The digest has the severity before the text too.
  const text = whole.startsWith(`${severity}: `) ? whole.slice(severity.length + 2) : whole;
  if (severity === "debug" || ephemeral || text === "") return undefined;
  return { severity, message: text, ...(urn && { urn }) };
}

/** A text without the engine's marks for colours and a terminal's codes. */
export function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal's codes begin with
  return text.replaceAll(/<\{%.{0,40}?%\}>|\u001b\[[0-9;]*[A-Za-z]/g, "");
}

/** The project and the stack that a preview is of, from the first URN that names them. */
export function whereOf(urns: readonly (string | undefined)[]): Pick<Preview, "project" | "stack"> {
  for (const urn of urns) {
    const parts = urn === undefined ? undefined : parseUrn(urn);
    if (parts) return { project: parts.project, stack: parts.stack };
  }
  return {};
}

/**
 * Makes sure that a preview is of changes to what exists, not of what a refresh would write to the state:
 * the stack itself is only refreshed then.
 *
 * @throws UnreadablePreview if it is
 */
export function demandChanges({ source, steps, hasFailed }: Preview): void {
  const ofStack = steps.filter(({ urn }) => parseUrn(urn)?.type === "pulumi:pulumi:Stack");
  if (hasFailed || ofStack.length === 0 || ofStack.some(({ op }) => op !== "refresh")) return;
  throw new UnreadablePreview(
    `${source} is a preview of \`pulumi refresh\`, which changes the state only. ${howToPreview}`,
  );
}

/** Whether a diagnostic says that the preview failed. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
