import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { type BuiltSite, buildSite, sitePackage } from "../../build/site/build.ts";
import { type ServedSite, serveSite } from "../../build/site/serve.ts";
import { readPages } from "../../site/content/pages.ts";
import { type Browser, chromium, startBrowser } from "./browser.ts";
import { fromNpm } from "./chromium.ts";
import type { Tab } from "./tab.ts";

/*
 * The site as a reader has it: built below a path, as GitHub Pages serves it, and read in a browser. The
 * build itself fails if a link is dead.
 */

const routes = [
  ...readPages(repository).map(({ id }) => (id === "index" ? "" : `${id}/`)),
  "404.html",
];
const widths = { desktop: [1280, 800], phone: [390, 844] } as const;
const url = "https://docs.example.com/formations/";

const folder = join(repository, "dist", "site-of-tests");

let built: BuiltSite;
let served: ServedSite;
let browser: Browser;

beforeAll(async () => {
  // Vitest sets these for its own tests, and Vite would take them for the site's.
  for (const name of ["BASE_URL", "DEV", "MODE", "NODE_ENV", "PROD", "SSR"] as const) {
    vi.stubEnv(name, undefined);
  }
  built = await buildSite({ output: folder, url });
  served = await serveSite(built);
  browser = await startBrowser(await chromium());
});

afterAll(async () => {
  await browser?.close();
  served?.close();
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** Does something on every page, in as many tabs as there are cores in CI. */
async function onEveryPage(look: (tab: Tab, route: string) => Promise<void>): Promise<void> {
  const left = [...routes];
  const work = async () => {
    const tab = await browser.open();
    for (let route = left.shift(); route !== undefined; route = left.shift()) {
      await tab.go(served.url + route);
      await look(tab, route);
    }
    expect(tab.errors).toEqual([]);
    expect([...tab.hosts]).toEqual([new URL(served.url).host]);
  };
  await Promise.all([work(), work()]);
}

test("no page scrolls sideways, logs an error or asks another host for anything", async () => {
  const wide: string[] = [];

  await onEveryPage(async (tab, route) => {
    for (const [name, [width, height]] of Object.entries(widths)) {
      await tab.resize(width, height);
      const needed = await tab.evaluate(z.number(), "document.documentElement.scrollWidth");
      if (needed > width) wide.push(`${route} on a ${name}: ${needed} px`);
    }
  });

  expect(wide).toEqual([]);
});

const violations = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }),
);

/** Pages of each kind: text, tables, pictures, code in many languages, an error's, and no page. */
const kinds = ["", "plan/", "performance/", "first-steps/", "errors/unauthorized/", "404.html"];

/** Of axe's other rules, those on headings. The last one judges boxes that Chromium lets the keyboard scroll. */
const rules = {
  "heading-order": { enabled: true },
  "empty-heading": { enabled: true },
  "page-has-heading-one": { enabled: true },
  "scrollable-region-focusable": { enabled: false },
};

test("axe finds nothing: headings and names on every page, contrast on every kind of page", async () => {
  const axe = readFileSync(join(sitePackage, "node_modules", "axe-core", "axe.min.js"), "utf8");
  const found: string[] = [];

  await onEveryPage(async (tab, route) => {
    const isKind = kinds.includes(route);
    const options = {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
      rules: { ...rules, "color-contrast": { enabled: isKind } },
    };
    await tab.evaluate(z.unknown(), axe);
    for (const theme of isKind ? ["dark", "light"] : ["light"]) {
      await tab.evaluate(z.unknown(), `document.documentElement.dataset.theme = "${theme}"`);
      const run = `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`;
      for (const { id, nodes } of await tab.evaluate(violations, run)) {
        found.push(`${route} in ${theme}: ${id}: ${nodes.map(({ target }) => target).join(" ")}`);
      }
    }
  });

  expect(found).toEqual([]);
});

/** The first pages that the site's own search finds. */
async function search(tab: Tab, words: string): Promise<string[]> {
  await tab.go(served.url);
  await tab.evaluate(z.unknown(), `document.querySelector("[data-open-modal]").click()`);
  const input = `document.querySelector("#starlight__search input")`;
  await tab.until(input);
  await tab.evaluate(z.unknown(), `${input}.value = ${JSON.stringify(words)}`);
  await tab.evaluate(z.unknown(), `${input}.dispatchEvent(new Event("input", { bubbles: true }))`);
  const results = `[...document.querySelectorAll(".pagefind-ui__result-link")]`;
  await tab.until(`${results}.length > 0`);
  return tab.evaluate(z.array(z.string()), `${results}.map((link) => link.getAttribute("href"))`);
}

test("the search finds a resource", async () => {
  const tab = await browser.open();

  expect(await search(tab, "Replica")).toContainEqual(expect.stringMatching(/replica\/?$/));
  expect(tab.errors).toEqual([]);
});

test("what is not there is said to be, with a way on", async () => {
  const tab = await browser.open();
  await tab.go(`${served.url}no/such/page/`);

  const title = await tab.evaluate(z.string(), `document.querySelector("h1").textContent`);
  expect(title).toBe("404");
  expect((await fetch(`${served.url}no/such/page/`)).status).toBe(404);
});

test("every page is there as Markdown too, and llms.txt lists all of them", async () => {
  const list = readFileSync(join(built.folder, "llms.txt"), "utf8");
  const listed = [...list.matchAll(/^- \[.+?\]\((\S+)\): \S/gm)].map(([, address = ""]) => address);

  expect(listed.toSorted()).toEqual(
    readPages(repository)
      .map(({ id }) => `${url}${id}.md`)
      .toSorted(),
  );
  const missing = listed.filter((address) => !existsSync(join(folder, address.slice(url.length))));
  expect(missing).toEqual([]);
});

test("a machine without a browser gets one from npm", async () => {
  const own = await startBrowser(await fromNpm());
  try {
    const tab = await own.open();
    await tab.go(served.url);
    expect(await tab.evaluate(z.string(), "document.title")).toMatch(/pulumi-formations/);
  } finally {
    await own.close();
  }
});
