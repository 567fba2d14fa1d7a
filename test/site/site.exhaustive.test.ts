import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { runCommand } from "../../build/engine/process.ts";
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
const screens = { desktop: [1280, 800], phone: [390, 844] } as const;
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

const violations = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }),
);

/** A page of each kind: text, tables, pictures, code, tabs, an error's, and no page. */
const kinds = [
  ...["", "plan/", "performance/", "first-steps/", "resources/replica/"],
  ...["errors/unauthorized/", "404.html"],
];

/** Of axe's other rules, those on headings. The last one judges boxes that Chromium lets the keyboard scroll. */
const rules = {
  "heading-order": { enabled: true },
  "empty-heading": { enabled: true },
  "page-has-heading-one": { enabled: true },
  "scrollable-region-focusable": { enabled: false },
};

const axe = () => readFileSync(join(sitePackage, "node_modules", "axe-core", "axe.min.js"), "utf8");

/** What axe finds on a page: contrast on one of each kind, which takes long, all else on every page of text. */
async function judge(tab: Tab, route: string): Promise<string[]> {
  const isKind = kinds.includes(route);
  if (route.startsWith("errors/") && !isKind) return [];
  const options = {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    rules: { ...rules, "color-contrast": { enabled: isKind } },
  };
  const found: string[] = [];
  await tab.evaluate(z.unknown(), axe());
  for (const theme of isKind ? ["dark", "light"] : ["light"]) {
    await tab.evaluate(z.unknown(), `document.documentElement.dataset.theme = "${theme}"`);
    const run = `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`;
    for (const { id, nodes } of await tab.evaluate(violations, run)) {
      found.push(`${route} in ${theme}: ${id}: ${nodes.map(({ target }) => target).join(" ")}`);
    }
  }
  return found;
}

/** Pages of measurements, and pages for contributors, have tables that a phone scrolls. */
const withWideTables = ["performance/", "scale/", "contributing/", "tests/", "architecture/"];

/** How much wider a page is than the screens that it is to fit, and a table than its page. */
async function widthsOf(tab: Tab, route: string): Promise<string[]> {
  const wide: string[] = [];
  for (const [screen, [width, height]] of Object.entries(screens)) {
    await tab.resize(width, height);
    const needed = await tab.evaluate(z.number(), "document.documentElement.scrollWidth");
    if (needed > width) wide.push(`${route} on a ${screen}: ${needed} px`);
    const tables = `[...document.querySelectorAll("main table")]`;
    const isWide = "({ scrollWidth, clientWidth }) => scrollWidth > clientWidth";
    const count = await tab.evaluate(z.number(), `${tables}.filter(${isWide}).length`);
    if (count > 0 && !withWideTables.includes(route))
      wide.push(`${route} on a ${screen}: wide tables: ${count}`);
  }
  return wide;
}

test("no page scrolls sideways, logs an error, loads from elsewhere, or has what axe finds", async () => {
  const found: string[] = [];
  const hosts = new Set<string>();
  const left = [...routes];
  const read = async () => {
    const tab = await browser.open();
    for (let route = left.shift(); route !== undefined; route = left.shift()) {
      await tab.go(served.url + route);
      found.push(...(await widthsOf(tab, route)), ...(await judge(tab, route)));
    }
    found.push(...tab.errors);
    for (const host of tab.hosts) hosts.add(host);
  };

  // As many tabs as CI has cores.
  await Promise.all([read(), read()]);

  expect(found).toEqual([]);
  expect([...hosts]).toEqual([new URL(served.url).host]);
});

/** The first pages that the site's own search finds. */
async function search(tab: Tab, words: string): Promise<string[]> {
  await tab.go(served.url);
  await tab.evaluate(z.unknown(), `document.querySelector("[data-open-modal]").click()`);
  const input = `document.querySelector("#starlight__search input")`;
  await tab.until(input);
  await tab.evaluate(z.unknown(), `${input}.value = ${JSON.stringify(words)}`);
  await tab.evaluate(z.unknown(), `${input}.dispatchEvent(new Event("input", { bubbles: true }))`);
  // Each result is loaded separately, so the one that ranks first need not be the first to appear.
  const results = `[...document.querySelectorAll(".pagefind-ui__result")]`;
  const links = `${results}.map((result) => result.querySelector("a")?.getAttribute("href"))`;
  await tab.until(`${results}.length > 0 && !${links}.includes(undefined)`);
  return tab.evaluate(z.array(z.string()), links);
}

test.each([
  ["Replica", "resources/replica/"],
  ["UNAUTHORIZED", "errors/unauthorized/"],
  ["the connection was refused", "errors/no_answer/"],
])("the search finds %s first", async (words, route) => {
  const tab = await browser.open();

  expect((await search(tab, words))[0]).toBe(`/formations/${route}`);
  expect(tab.errors).toEqual([]);
});

test("a language that the reader chooses is shown on the next page too", async () => {
  const tab = await browser.open();
  const shown = `document.querySelector("[role=tabpanel]:not([hidden]) code").textContent`;
  await tab.go(`${served.url}resources/replica/`);
  expect(await tab.evaluate(z.string(), shown)).toMatch(/^import \* as formations/);

  await tab.evaluate(z.unknown(), `document.querySelector("[role=tab]:nth-child(2)").click()`);
  await tab.go(`${served.url}resources/formation/`);

  expect(await tab.evaluate(z.string(), shown)).toMatch(/^import pulumi_formations/);
});

test("a page that is not there says so", async () => {
  const tab = await browser.open();
  await tab.go(`${served.url}no/such/page/`);

  const title = await tab.evaluate(z.string(), `document.querySelector("h1").textContent`);
  expect(title).toBe("There is no such page");
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

test("what runs in the browser has no type errors", async () => {
  const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "--noEmit", "-p", sitePackage];

  expect(await runCommand(process.execPath, args, { timeoutMs: 120_000 })).toMatchObject({
    code: 0,
    stdout: "",
  });
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
