import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

interface Diagnostic {
  severity?: string;
  message?: string;
}

/** A preview, as far as these scripts need to know it. */
export interface Preview {
  /** What it failed with; empty: it did not fail. */
  errors: string[];
  /** The same preview with one more error, as text. */
  withError(message: string): string;
}

/** Where a stack's preview lies, seen from the project's folder. */
export function previewFile(stack: string): string {
  return `previews/${stack}.json`;
}

/** The project's name, as Pulumi.yaml has it. */
export function projectName(): string {
  const text = readFileSync(new URL("../Pulumi.yaml", import.meta.url), "utf8");
  return /^name:\s*["']?([\w.-]+)/m.exec(text)?.[1] ?? "project";
}

/** A stack's preview; undefined: there is none, or it is cut off. */
export function readPreview(stack: string): Preview | undefined {
  try {
    const text = readFileSync(previewFile(stack), "utf8");
    return digestIn(text) ?? eventsIn(text);
  } catch {
    return undefined;
  }
}

/** What `pulumi preview --json` prints: one object. */
function digestIn(text: string): Preview | undefined {
  const digest = objectIn(text);
  if (digest === undefined || "sequence" in digest) return undefined;
  const { diagnostics = [] } = digest;
  return {
    errors: errorsOf(diagnostics),
    withError: (message) => textOf({ ...digest, diagnostics: [...diagnostics, error(message)] }),
  };
}

/** What it prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, which policies need: an event per line. */
function eventsIn(text: string): Preview | undefined {
  const events = text
    .trimEnd()
    .split("\n")
    .map((line): { diagnosticEvent?: Diagnostic; summaryEvent?: object } => JSON.parse(line));
  if (!events.some(({ summaryEvent }) => summaryEvent)) return undefined;
  return {
    errors: errorsOf(events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])),
    withError: (message) => {
      const event = { sequence: 0, timestamp: 0, diagnosticEvent: error(message) };
      return `${JSON.stringify(event)}\n${text}`;
    },
  };
}

function objectIn(text: string): { diagnostics?: Diagnostic[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function errorsOf(diagnostics: readonly Diagnostic[]): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.map(({ message = "" }) => message.trim());
}

function error(message: string): Diagnostic {
  return { severity: "error", message };
}

/** Writes a preview that says why there is none, in the form in which Pulumi writes previews. */
export function writeFailure(stack: string, message: string): void {
  const [project, type] = [projectName(), "pulumi:pulumi:Stack"];
  // Tells the stack's name, which nothing else in a preview does.
  const root = `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
  const steps = [{ op: "same", urn: root }];
  writePreview(stack, textOf({ steps, diagnostics: [error(message)] }));
}

function textOf(digest: object): string {
  return `${JSON.stringify(digest, null, 2)}\n`;
}

/** Writes a stack's preview. */
export function writePreview(stack: string, text: string): void {
  writeFileSync(previewFile(stack), text);
}

/** Gives each stack that has no preview, or one that is cut off, a preview that says why. */
export function completePreviews(stacks: readonly string[], why: string): void {
  mkdirSync("previews", { recursive: true });
  for (const stack of stacks) {
    if (readPreview(stack) === undefined) writeFailure(stack, why);
  }
}
