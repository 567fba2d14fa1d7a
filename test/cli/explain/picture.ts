import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/*
 * Takes a picture of a comment as GitHub shows it: `npx tsx test/cli/explain/picture.ts comment.md
 * docs/pull-request-comment.png [width] [height] [light|dark]`. It needs Chromium on PATH, or in CHROMIUM.
 */

const [source, target, width = "860", height = "900", theme = "light"] = process.argv.slice(2);
if (!source || !target) throw new Error("name the Markdown file and the picture");

const css = createRequire(import.meta.url).resolve(
  `github-markdown-css/github-markdown-${theme}.css`,
);
const body = micromark(readFileSync(source, "utf8"), {
  allowDangerousHtml: true,
  extensions: [gfm()],
  htmlExtensions: [gfmHtml()],
});
const background = theme === "dark" ? "#0d1117" : "#ffffff";
const page = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>${readFileSync(css, "utf8")}</style><style>body { margin: 0; background: ${background} }
.markdown-body { padding: 16px; font-size: 14px }</style><article class="markdown-body">${body}</article>`;

const folder = mkdtempSync(join(tmpdir(), "picture-"));
try {
  writeFileSync(join(folder, "page.html"), page);
  execFileSync(
    process.env.CHROMIUM ?? "chromium",
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
      ...[`--user-data-dir=${join(folder, "profile")}`, `--window-size=${width},${height}`],
      ...[`--screenshot=${target}`, `file://${join(folder, "page.html")}`],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
