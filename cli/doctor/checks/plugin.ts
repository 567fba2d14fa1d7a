import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isPublished } from "../../../provider/process/version";
import { manifestIn, namesIn, onPath } from "../files";
import { type Check, section } from "../model";
import type { Project } from "../project";

const checks = section("Project");

const install =
  "Install it from its archive with `pulumi plugin install resource formations VERSION --file ARCHIVE`, or name a clone under `plugins` in Pulumi.yaml.";

/**
 * The plugin that the engine would start.
 *
 * @param sdk the version of the SDK that asks for it; undefined: it asks for any
 */
export function checkPlugin({ pluginFolder }: Project, sdk: string | undefined): Check[] {
  if (pluginFolder !== undefined) return [checkFolder(pluginFolder)];
  const ambient = onPath("pulumi-resource-formations");
  if (ambient !== undefined) {
    return [checks.ok("plugin", `The plugin is ${ambient}, on the PATH.`)];
  }
  const installed = installedPlugins();
  if (installed.length === 0) {
    return [
      isPublished
        ? checks.ok("plugin", "The plugin formations is not installed yet: Pulumi downloads it.")
        : checks.problem("plugin", "The plugin formations is not installed.", install),
    ];
  }
  const listed = installed.join(", ");
  if (sdk !== undefined && !installed.includes(sdk) && !isPublished) {
    return [
      checks.problem(
        "plugin",
        `The SDK asks for version ${sdk} of the plugin; installed: ${listed}.`,
        "Install the plugin and the SDK in the same version.",
      ),
    ];
  }
  return [checks.ok("plugin", `The plugin formations ${listed} is installed.`)];
}

/** A clone that Pulumi.yaml names, which has to be built. */
function checkFolder(folder: string): Check {
  if (!existsSync(folder)) {
    return checks.problem(
      "plugin",
      `Pulumi.yaml names ${folder} as the plugin's folder, and nothing is there.`,
      "Correct `path` under `plugins` in Pulumi.yaml.",
    );
  }
  if (!existsSync(join(folder, "bin", "plugin", "start.js"))) {
    return checks.problem(
      "plugin",
      `Pulumi.yaml names ${folder} as the plugin's folder, and the plugin there is not built.`,
      `Run \`npm ci\` in ${folder}.`,
    );
  }
  const version = manifestIn(folder)?.version ?? "without a version";
  return checks.ok("plugin", `The plugin is that of ${folder} (${version}).`);
}

/** The versions in Pulumi's folder of plugins, the oldest first. */
function installedPlugins(): string[] {
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  // A lock and what is only partly there have names that end in a word.
  const names = namesIn(join(home, "plugins")).filter((name) => !/\.(?:lock|partial)$/.test(name));
  return names.flatMap((name) => /^resource-formations-v(\d[\w.+-]*)$/.exec(name)?.[1] ?? []);
}
