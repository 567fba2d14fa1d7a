import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "./files";

// Writes every generated file: `npm run generate`. A test fails if that changes a committed file.
const root = join(__dirname, "../..");
const files = generatedFiles((page) => readFileSync(join(root, page), "utf8"));
for (const [file, text] of files) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
const sources = [...files.keys()].filter((file) => /\.(ts|json)$/.test(file));
execFileSync("biome", ["check", "--write", ...sources], { cwd: root, stdio: "inherit" });
