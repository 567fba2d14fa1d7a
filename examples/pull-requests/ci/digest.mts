import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

/** What these scripts need to know of a preview in JSON. */
export interface Digest {
  diagnostics?: { severity?: string; message?: string }[];
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
export function readDigest(stack: string): Digest | undefined {
  try {
    const digest: unknown = JSON.parse(readFileSync(previewFile(stack), "utf8"));
    return typeof digest === "object" && digest !== null ? digest : undefined;
  } catch {
    return undefined;
  }
}

/** The errors that a preview failed with; empty: it did not fail. */
export function errorsOf({ diagnostics = [] }: Digest): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.map(({ message = "" }) => message.trim());
}

/** Writes a preview that says why there is none, in the form in which Pulumi writes previews. */
export function writeFailure(stack: string, message: string): void {
  const [project, type] = [projectName(), "pulumi:pulumi:Stack"];
  // Tells the stack's name, which nothing else in a preview does.
  const root = `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
  writeDigest(stack, {
    steps: [{ op: "same", urn: root }],
    diagnostics: [{ severity: "error", message }],
  });
}

/** Writes a stack's preview. */
export function writeDigest(stack: string, digest: object): void {
  writeFileSync(previewFile(stack), `${JSON.stringify(digest, null, 2)}\n`);
}

/** Gives each stack that has no preview, or one that is cut off, a preview that says why. */
export function completePreviews(stacks: readonly string[], why: string): void {
  mkdirSync("previews", { recursive: true });
  for (const stack of stacks) {
    if (readDigest(stack) === undefined) writeFailure(stack, why);
  }
}
