import { join } from "node:path";
import { satteri } from "@astrojs/markdown-satteri";
import starlight from "@astrojs/starlight";
import { defineConfig, passthroughImageService } from "astro/config";
import { piecesOf } from "./content/code.ts";
import { readPages } from "./content/pages.ts";
import { readSettings } from "./content/settings.ts";
import { sidebarOf } from "./content/sidebar.ts";

const root = join(import.meta.dirname, "..");
const { origin, base, repository } = readSettings(root);

/** The sidebar in Starlight's form. */
const toItem = (item) => {
  if ("items" in item) return { ...item, items: item.items.map(toItem) };
  if (item.id === "index") return { label: "Overview", link: "/" };
  return { slug: item.id, label: item.title.replace(/: .*/, "") };
};

const toElements = ({ text, whole, end }) => {
  const value = { type: "text", value: text };
  const span = { type: "element", tagName: "span", properties: { className: ["whole"] } };
  const wbr = { type: "element", tagName: "wbr", properties: {}, children: [] };
  return [whole ? { ...span, children: [value] } : value, ...(end ? [wbr] : [])];
};

/** Says where lines may break in code that is part of a text. */
const inlineCode = {
  name: "inline-code",
  element: {
    filter: ["code"],
    visit(node, context) {
      const around = [];
      for (let one = context.parent(node); one; one = context.parent(one)) around.push(one.tagName);
      if (around.includes("pre")) return;
      const place = around.includes("td") ? "table" : "text";
      const children = piecesOf(context.textContent(node), place).flatMap(toElements);
      return { ...node, children };
    },
  },
};

export default defineConfig({
  site: origin,
  base: base || "/",
  trailingSlash: "always",
  markdown: { processor: satteri({ hastPlugins: [inlineCode] }) },
  image: { service: passthroughImageService() },
  integrations: [
    starlight({
      title: "pulumi-formations",
      favicon: "/logo.svg",
      credits: false,
      // The highlighter does not know crontabs.
      expressiveCode: { shiki: { langAlias: { crontab: "txt" } } },
      sidebar: sidebarOf(readPages(root)).groups.map(toItem),
      social: repository ? [{ icon: "github", label: "GitHub", href: repository }] : [],
      customCss: ["./src/styles.css"],
    }),
    {
      name: "language-tabs",
      hooks: {
        "astro:config:setup": ({ injectScript }) => injectScript("page", 'import "/src/tabs.ts";'),
      },
    },
  ],
});
