import { homedir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { Pulumi, parsedJson } from "./pulumi";

const backend = z.object({ url: z.string() });

/** The folder in which a file backend keeps its files; undefined: it is another backend. */
export async function fileBackend(cwd: string): Promise<string | undefined> {
  const printed = await new Pulumi({ cwd }).run(["whoami", "--json"]);
  const { url } = backend.parse(parsedJson("pulumi whoami", printed));
  if (!url.startsWith("file://")) return undefined;
  const [path = ""] = url.slice("file://".length).split("?");
  return resolve(cwd, path.replace(/^~/, homedir()), ".pulumi");
}
