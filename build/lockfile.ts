import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "./repository.ts";

const lockfile = z.looseObject({ packages: z.record(z.string(), z.looseObject({})) });

/*
 * Takes from package-lock.json which Node.js each package asks for. Scripts run on the one that `npm ci`
 * installs, so npm's warnings about the machine's own, five lines per package, would mislead.
 */
const file = join(repository, "package-lock.json");
const lock = lockfile.parse(JSON.parse(readFileSync(file, "utf8")));
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path !== "") delete entry.engines;
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
