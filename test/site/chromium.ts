import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { sitePackage } from "../../build/site/build.ts";

/** A program that can be started as a browser. */
export interface Program {
  file: string;
  env: NodeJS.ProcessEnv;
}

/** What `@sparticuz/chromium` exports, as far as it is needed. */
const exported = z.object({
  inflate: z.custom<(archive: string) => Promise<string>>(),
  default: z.custom<{ executablePath(): Promise<string> }>(),
});

/**
 * The Chromium that npm has for machines without one. It is unpacked into the temporary folder, with the
 * libraries and fonts that a bare image lacks.
 */
export async function fromNpm(): Promise<Program> {
  const root = join(sitePackage, "node_modules", "@sparticuz", "chromium");
  const module = await import(pathToFileURL(join(root, "build", "index.js")).href);
  const { default: chromium, inflate } = exported.parse(module);
  const file = await chromium.executablePath();
  const libraries = await inflate(join(root, "bin", "al2023.tar.br"));
  const fonts = await inflate(join(root, "bin", "fonts.tar.br"));
  // Its own names folders of one cloud only.
  const settings = join(fonts, "own.conf");
  writeFileSync(settings, `<fontconfig><dir>${fonts}</dir></fontconfig>`);
  return { file, env: { LD_LIBRARY_PATH: join(libraries, "lib"), FONTCONFIG_FILE: settings } };
}
