/*
 * node ci/comment.mts
 *
 * Explains the previews of all stacks (STACKS, separated by spaces) in the one comment of the pull request,
 * whatever became of them. A stack without a preview is one whose job failed, and the comment says so.
 *
 * The label that lifts the gate (ACCEPTED_LABEL) holds for the changes that the comment showed when it was
 * set. If they are others now, the label goes.
 */
import { appendFileSync } from "node:fs";
import { run } from "./current.mts";
import { explain } from "./explain.mts";
import { emptyMarker, fingerprintsOf } from "./marker.mts";
import { type Platform, variable } from "./platform.mts";
import { completePreviews, previewFile } from "./preview-file.mts";
import { findComment, writeComment } from "./sticky.mts";

/** In characters: GitHub takes 65,536, and some are ours. */
const longest = 65_000;

await run(async (platform) => {
  const { request, commit } = platform;
  if (request === undefined) throw new Error("this job is not about a pull request");
  const explanation = explanationOf(platform);
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary) appendFileSync(summary, `${explanation}\n`);

  const { commit: newest, labels } = await platform.stateOf(request);
  if (newest !== commit) {
    console.log(`${newest} is newer than ${commit}: its own run comments.`);
    return;
  }
  const found = await findComment(platform, request);
  const label = variable("ACCEPTED_LABEL");
  const isStale =
    labels.includes(label) &&
    !isSame(fingerprintsOf(explanation), fingerprintsOf(found?.body ?? ""));
  // Before the comment shows the new changes: the label was never meant for them.
  if (isStale) await platform.removeLabel(request, label);
  const notes = isStale ? `The label \`${label}\` was set for other changes, and was removed.` : "";
  const body = [explanation, notes, footerOf(platform)];
  await writeComment(platform, request, body.filter((part) => part !== "").join("\n\n"), found);
});

/** All stacks' previews, explained in Markdown; if that fails, why. */
function explanationOf({ log }: Platform): string {
  const stacks = variable("STACKS").split(/\s+/);
  completePreviews(stacks, `The job ended before it had previewed this stack. Its log: ${log}`);
  const form = ["--format", "markdown", "--max-length", `${longest}`];
  const { code, out, err } = explain(...form, ...stacks.map(previewFile));
  if (code === 0) return out.trim();
  const reason = err
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .slice(0, longest / 2);
  const title = "## The previews could not be explained";
  return [title, `<pre>${reason.trim()}</pre>`, emptyMarker()].join("\n\n");
}

function footerOf({ commit, log }: Platform): string {
  const time = new Date().toISOString().slice(0, 16).replace("T", " ");
  return `<sub>Commit ${commit} · previewed ${time} UTC · <a href="${log}">log</a></sub>`;
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}
