import { globSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../repository.ts";
import { packSdks } from "./packages.ts";
import { type Language, languages, writeSdks } from "./sdks.ts";

/** `npm run sdks`: writes the SDKs of other languages into dist/sdks, and packs them. */
const into = join(repository, "dist", "sdks");
try {
  const wanted = languagesOf(process.argv.slice(2));
  await writeSdks(into, process.env, console.log);
  const packages = await packSdks(into, wanted, process.env, console.log);
  for (const file of globSync("*", { cwd: packages })) console.log(join(packages, file));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** The languages that the arguments name, all without any. */
function languagesOf(names: readonly string[]): readonly Language[] {
  const unknown = names.filter((name) => !languages.some((language) => language === name));
  if (unknown.length > 0) {
    throw new Error(`${unknown.join(", ")}: the languages are ${languages.join(", ")}.`);
  }
  return names.length > 0 ? languages.filter((language) => names.includes(language)) : languages;
}
