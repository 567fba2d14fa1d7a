import { delimiter } from "node:path";
import { ensureEngine } from "./engine.ts";

/** `npm run engine`: gets the Pulumi engine ready and says where it is. */
try {
  const engine = await ensureEngine({ say: console.log });
  const how = { path: "found on PATH", download: "downloaded", build: "built" }[engine.way];
  console.log(`The Pulumi engine is ready (${how}): ${engine.directories[0]}`);
  if (engine.way !== "path") {
    console.log(`To use it in a shell: export PATH="${engine.directories.join(delimiter)}:$PATH"`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
