import { join } from "node:path";
import starlight from "@astrojs/starlight";
import { defineConfig, passthroughImageService } from "astro/config";
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

export default defineConfig({
  site: origin,
  base: base || "/",
  trailingSlash: "always",
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
