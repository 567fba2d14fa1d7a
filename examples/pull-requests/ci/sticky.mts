import { Refused, Unsure } from "./http.mts";
import { isComment } from "./marker.mts";
import type { Comment, Platform } from "./platform.mts";

/** The project's comment on a pull request; undefined: there is none yet. */
export async function findComment(
  platform: Platform,
  request: number,
): Promise<Comment | undefined> {
  for await (const comment of platform.comments(request)) {
    if (isComment(comment.body)) return comment;
  }
  return undefined;
}

/** Writes the project's comment: over the one that is there, or a new one. */
export async function writeComment(
  platform: Platform,
  request: number,
  body: string,
  found: Comment | undefined,
): Promise<void> {
  try {
    if (found) return await platform.update(request, found.id, body);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
    // Somebody deleted it since: the pull request needs another.
  }
  try {
    await platform.create(request, body);
  } catch (error) {
    if (!(error instanceof Unsure)) throw error;
    // The server failed, but may have made the comment: look before making another.
    const made = await findComment(platform, request);
    if (made) return platform.update(request, made.id, body);
    await platform.create(request, body);
  }
}
