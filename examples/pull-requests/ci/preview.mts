/*
 * node ci/preview.mts STACK
 *
 * Previews a stack into previews/STACK.json, and ends as the preview did. The file is there in any case: if
 * Pulumi fails before it can write a preview (a wrong passphrase, no such stack), it says that and why.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { errorsOf, previewFile, readDigest, writeDigest, writeFailure } from "./digest.mts";

const flags = ["--json", "--show-replacement-steps", "--color", "never", "--non-interactive"];

function preview(stack: string): number {
  mkdirSync("previews", { recursive: true });
  const file = openSync(previewFile(stack), "w");
  const { status, stderr, error } = spawnSync("pulumi", ["preview", "--stack", stack, ...flags], {
    stdio: ["ignore", file, "pipe"],
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  closeSync(file);
  const said = withoutSecrets(error ? `could not start pulumi: ${error.message}` : stderr).trim();
  if (said !== "") console.error(said);
  if (status === 0) return 0;

  const message = said === "" ? "pulumi preview failed and did not say why" : said;
  const digest = readDigest(stack);
  const errors = digest ? errorsOf(digest) : [];
  if (digest === undefined) writeFailure(stack, message);
  else if (errors.length === 0) {
    const diagnostics = [...(digest.diagnostics ?? []), { severity: "error", message }];
    writeDigest(stack, { ...digest, diagnostics });
  }
  for (const error of errors) console.error(error);
  return status ?? 1;
}

/** A text without what the environment holds as secrets: it ends up in a comment, which nobody masks. */
function withoutSecrets(text: string): string {
  const secret = /PASSPHRASE|PASSWORD|SECRET|TOKEN|KEY/;
  const values = Object.entries(process.env).flatMap(([name, value = ""]) =>
    secret.test(name) && value.length > 5 ? [value] : [],
  );
  const masked = values.reduce((masked, value) => masked.replaceAll(value, "[secret]"), text);
  return masked.replaceAll(/\/\/[^/\s@]+@/g, "//[secret]@");
}

const stack = process.argv[2];
if (!stack) throw new Error("usage: node ci/preview.mts STACK");
process.exitCode = preview(stack);
