import { delimiter } from "node:path";
import { parseArgs } from "node:util";
import { ensureEngine } from "./engine.ts";
import { engineVersionVariable } from "./versions.ts";

/** `npm run engine`: gets the Pulumi engine ready and says where it is. */
try {
  const engine = await ensureEngine({ say: console.log, env: environment() });
  const how = { path: "found on PATH", download: "downloaded", build: "built" }[engine.way];
  console.log(`The Pulumi engine is ready (${how}): ${engine.directories[0]}`);
  if (engine.way !== "path") {
    console.log(`To use it in a shell: export PATH="${engine.directories.join(delimiter)}:$PATH"`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** With the version that the flags ask for: `--oldest` or `--newest`. */
function environment(): NodeJS.ProcessEnv {
  const { values } = parseArgs({
    options: { oldest: { type: "boolean" }, newest: { type: "boolean" } },
  });
  const age = values.oldest ? "oldest" : values.newest ? "newest" : undefined;
  return age === undefined ? process.env : { ...process.env, [engineVersionVariable]: age };
}
