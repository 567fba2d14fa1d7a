import { readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { Pulumi, parsedJson, type StackOptions } from "../stack/pulumi";
import { keepCopy } from "./state-copy";

const backend = z.object({ url: z.string() });

/**
 * Finds the notes of a backend of files that a kill has cut off: `<stack>.json.attrs`, in which the
 * backend's library keeps a state's media type and checksum. Pulumi uses neither, and reads a state
 * without the file as well as with it; the next write of the state makes it anew.
 *
 * @returns paths; none where the backend is another
 */
export async function cutOffNotes({ stack, cwd = "." }: StackOptions): Promise<string[]> {
  const printed = await new Pulumi({ cwd }).run(["whoami", "--json"]);
  const { url } = backend.parse(parsedJson("pulumi whoami", printed));
  if (!url.startsWith("file://")) return [];
  const [path = ""] = url.slice("file://".length).split("?");
  const folder = resolve(cwd, path.replace(/^~/, homedir()), ".pulumi", "stacks");
  const name = stack?.split("/").at(-1);
  const isNote = (file: string) =>
    /\.json(\.\w+)?\.attrs$/.test(file) &&
    (name === undefined || basename(file).startsWith(`${name}.json`));
  const notes = (await readdir(folder, { recursive: true })).filter(isNote);
  const looked = await Promise.all(
    notes.map(async (note) => {
      const file = join(folder, note);
      return isJson(await readFile(file, "utf8")) ? [] : [file];
    }),
  );
  return looked.flat();
}

/**
 * Moves a note out of the way.
 *
 * @param folder where a copy is kept
 * @returns the copy's path
 */
export async function setAside(note: string, folder: string): Promise<string> {
  const copy = await keepCopy(folder, basename(note), "", await readFile(note, "utf8"));
  await rm(note);
  return copy;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
