/*
 * node ci/reviewed.mts FILE
 *
 * Writes the comment of the pull request whose merge made this commit into a file, which `formations explain
 * --expect FILE` compares with the preview of what is about to run.
 */
import { writeFileSync } from "node:fs";
import { run } from "./current.mts";
import { fingerprintsOf } from "./marker.mts";
import { findComment } from "./sticky.mts";

const remedy = "Open a pull request: its preview shows all that has not been carried out yet.";

await run(async (platform) => {
  const file = process.argv[2];
  if (!file) throw new Error("usage: node ci/reviewed.mts FILE");
  const { commit } = platform;
  const request = await platform.mergedAs(commit);
  if (request === undefined) {
    throw new Error(`No pull request's merge made ${commit}, so nobody reviewed it. ${remedy}`);
  }
  const comment = await findComment(platform, request);
  if (!comment || fingerprintsOf(comment.body) === undefined) {
    throw new Error(`Pull request ${request} has no comment that explains its changes. ${remedy}`);
  }
  writeFileSync(file, comment.body);
  console.log(`Reviewed in pull request ${request}.`);
});
