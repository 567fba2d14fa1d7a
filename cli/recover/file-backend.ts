import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileBackend } from "../stack/backend";
import type { StackOptions } from "../stack/pulumi";
import { keepCopy } from "./state-copy";

/**
 * Finds attribute files that a killed run left incomplete: `<stack>.json.attrs`, in which the file
 * backend's library keeps a state's media type and checksum. Pulumi uses neither, reads a state just as
 * well without the file, and writes it again with the state.
 *
 * @returns paths; none with another backend
 */
export async function incompleteAttributes({ stack, cwd = "." }: StackOptions): Promise<string[]> {
  const root = await fileBackend(cwd);
  if (root === undefined) return [];
  const folder = join(root, "stacks");
  const name = stack?.split("/").at(-1);
  const isAttributes = (file: string) =>
    /\.json(\.\w+)?\.attrs$/.test(file) &&
    (name === undefined || basename(file).startsWith(`${name}.json`));
  const found = (await readdir(folder, { recursive: true })).filter(isAttributes);
  const incomplete = await Promise.all(
    found.map(async (name) => {
      const file = join(folder, name);
      return isJson(await readFile(file, "utf8")) ? [] : [file];
    }),
  );
  return incomplete.flat();
}

/**
 * Moves a file out of the way.
 *
 * @returns its new path
 */
export async function setAside(file: string, folder: string): Promise<string> {
  const copy = await keepCopy(folder, basename(file), "", await readFile(file, "utf8"));
  await rm(file);
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
