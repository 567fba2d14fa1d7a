import { parseArgs } from "node:util";
import { buildSite } from "./build.ts";
import { serveSite } from "./serve.ts";

/** `npm run site`: builds the documentation's site and, with `--serve`, serves it on this machine. */
const { values } = parseArgs({ options: { serve: { type: "boolean", default: false } } });
try {
  const built = await buildSite();
  console.log(`The site is in ${built.folder}`);
  if (values.serve) console.log(`It is at ${(await serveSite(built, 4321)).url} until Ctrl-C`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
