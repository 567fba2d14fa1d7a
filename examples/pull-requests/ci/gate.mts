/*
 * node ci/gate.mts
 *
 * Fails if a preview failed, or if a change does what FAIL_ON names (`data-loss`, for instance) and nobody has
 * accepted it. Somebody accepts it with the label ACCEPTED_LABEL, once the comment shows these changes.
 */
import { fail, run } from "./current.mts";
import { explain } from "./explain.mts";
import { fingerprintsOf } from "./marker.mts";
import { variable } from "./platform.mts";
import { previewFile, readPreview } from "./preview-file.mts";
import { findComment } from "./sticky.mts";

/** Of `formations explain`: a change does what `--fail-on` names. */
const matched = 2;

await run(async (platform) => {
  const stacks = variable("STACKS").split(/\s+/);
  const failed = stacks.filter(isFailed);
  const gate = variable("FAIL_ON");
  const form = ["--format", "markdown", "--fail-on", gate];
  const { code, out, err } = explain(...form, ...stacks.map(previewFile));
  if (err.trim() !== "") console.error(err.trim());
  if (failed.length > 0) return fail(`The preview failed: ${failed.join(", ")}.`);
  if (code === 0) return console.log(`Nothing does what this gate is for: ${gate}.`);
  if (code !== matched) return fail("The previews could not be explained.");

  const { request } = platform;
  if (request === undefined) throw new Error("this job is not about a pull request");
  const label = variable("ACCEPTED_LABEL");
  const { labels } = await platform.stateOf(request);
  const shown = fingerprintsOf((await findComment(platform, request))?.body ?? "");
  const isShown = shown !== undefined && shown === fingerprintsOf(out);
  if (labels.includes(label) && isShown) return console.log(`Accepted with the label ${label}.`);
  const done = `This change does what needs to be accepted (${gate}); the comment says what.`;
  fail(`${done} To accept it, set the label ${label}.`);
});

function isFailed(stack: string): boolean {
  return readPreview(stack)?.errors.length !== 0;
}
