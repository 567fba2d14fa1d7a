import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "./repository.ts";

// In the order in which npm writes them, which the result has too.
const lockfile = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  lockfileVersion: z.number(),
  requires: z.boolean(),
  packages: z.record(z.string(), z.looseObject({})),
});

/*
 * Takes from the lockfiles which Node.js each package asks for. Scripts run on the one that `npm ci`
 * installs, so npm's warnings about the machine's own, five lines per package, would mislead.
 */
for (const name of ["package-lock.json", "site/package-lock.json"]) {
  const file = join(repository, name);
  const before = readFileSync(file, "utf8");
  const lock = lockfile.parse(JSON.parse(before));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path !== "") delete entry.engines;
  }
  const after = `${JSON.stringify(lock, null, 2)}\n`;
  // A lockfile that is newer than what is installed has it installed anew.
  if (after !== before) writeFileSync(file, after);
}
