import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** Where the dynamic provider of Pulumi's Node.js SDK looks for the code of a resource. */
export const providerKey = "__provider";

/**
 * The code of a resource's provider, as Pulumi would serialize a module of an installed package: it is in
 * the state of every resource, byte for byte. Made here, it is the same wherever a package manager puts
 * the package, and takes none of the time that the serialization would.
 *
 * @param module of `sdk/dynamic/`: `app-formation`
 */
export function providerText(module: string): string {
  return [
    "exports.handler = __f0;",
    `const provider = require("${pathOf(module)}");`,
    "",
    "function __f0() {",
    "  return (function() {",
    "    with({ this: undefined, arguments: undefined }) {",
    "",
    "return () => provider;",
    "",
    "    }",
    "  }).apply(undefined, undefined).apply(this, arguments);",
    "}",
    "",
  ].join("\n");
}

function pathOf(module: string): string {
  return `pulumi-formations/bin/sdk/dynamic/${module}.js`;
}

let isChecked = false;

/**
 * Refuses a bundle that has the package's code in it and no package beside the program, from where the
 * dynamic provider would load it.
 */
export function demandInstalled(): void {
  if (isChecked) return;
  isChecked = true;
  if (isOwnPackage(typeof __dirname === "string" ? __dirname : "")) return;
  try {
    createRequire(join(process.cwd(), "index.js")).resolve(pathOf("host"));
  } catch {
    throw new pulumi.RunError(
      "This program is bundled with pulumi-formations in it, which the TypeScript classes can't work with: Pulumi's " +
        "dynamic provider is another process, and loads the package from node_modules. Leave the package external " +
        "(esbuild: `--external:pulumi-formations --external:@pulumi/pulumi`) and install it beside the program.",
    );
  }
}

/** Whether a folder is in this package, installed or linked. */
function isOwnPackage(folder: string): boolean {
  const file = join(folder, "package.json");
  if (folder !== "" && existsSync(file)) {
    const manifest: { name?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    if (manifest.name !== undefined) return manifest.name === "pulumi-formations";
  }
  const parent = dirname(folder);
  return parent !== folder && parent !== "." && isOwnPackage(parent);
}
