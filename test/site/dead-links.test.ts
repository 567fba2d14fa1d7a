import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { deadLinks } from "../../build/site/dead-links.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** A built site of these files. */
function siteOf(files: Record<string, string>): string {
  const folder = ownTemporaryFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

test("links, pictures and anchors that lead nowhere within the site are named, with their page", () => {
  const folder = siteOf({
    "index.html": `
      <a href="/x/plan/">ok</a> <a href="/x/plan/#keep">ok</a> <a href="plan/">ok</a>
      <img src="/x/logo.svg"> <a href="https://other.example.com/gone">not asked</a>
      <a href="/x/gone/">dead</a> <a href="/plan/">dead: outside</a> <script src="/x/gone.js"></script>`,
    "plan/index.html": `<h2 id="keep"></h2> <a href="#keep">ok</a> <a href="#gone">dead</a> <a href="..">ok</a>`,
    "logo.svg": "",
  });

  expect(deadLinks(folder, "/x").toSorted()).toEqual([
    "index.html: /plan/",
    "index.html: /x/gone.js",
    "index.html: /x/gone/",
    "plan/index.html: #gone",
  ]);
});
