/*
 * node ci/preview.mts STACK [FLAG…]
 *
 * Previews a stack, with further flags of `pulumi preview` if there are any (`--policy-pack`, for instance), into
 * previews/STACK.json, and ends as the preview did. The file is there in any case: if
 * Pulumi fails before it can write a preview (a wrong passphrase, no such stack), it says that and why.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { previewFile, readPreview, writeFailure, writePreview } from "./preview-file.mts";

const flags = ["--json", "--show-replacement-steps", "--color", "never", "--non-interactive"];

function preview(stack: string, more: readonly string[]): number {
  mkdirSync("previews", { recursive: true });
  const file = openSync(previewFile(stack), "w");
  const args = ["preview", "--stack", stack, ...flags, ...more];
  const { status, stderr, error } = spawnSync("pulumi", args, {
    stdio: ["ignore", file, "pipe"],
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  closeSync(file);
  const said = withoutSecrets(error ? `could not start pulumi: ${error.message}` : stderr).trim();
  if (said !== "") console.error(said);
  if (status === 0) return 0;

  const message = said === "" ? "pulumi preview failed and did not say why" : said;
  const preview = readPreview(stack);
  if (preview === undefined) writeFailure(stack, message);
  else if (preview.errors.length === 0) writePreview(stack, preview.withError(message));
  for (const error of preview?.errors ?? []) console.error(error);
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

const [stack, ...more] = process.argv.slice(2);
if (!stack) throw new Error("usage: node ci/preview.mts STACK [FLAG…]");
process.exitCode = preview(stack, more);
