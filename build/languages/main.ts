import { join } from "node:path";
import { repository } from "../repository.ts";
import { languages, writeSdks } from "./sdks.ts";

/** `npm run sdks`: writes the SDKs of other languages into dist/sdks. */
const into = join(repository, "dist", "sdks");
try {
  await writeSdks(into, process.env, console.log);
  for (const language of languages) console.log(join(into, language));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
