import { systems } from "../../../provider";
import { packageVersion } from "../../../provider/process/version";
import { metadata } from "../../../provider/schema/metadata";
import {
  type PackageNames,
  type Publication,
  packageNames,
} from "../../../provider/schema/publication";
import { configurationSections, secretCommands } from "../configuration";
import { code } from "../markdown";
import { pageLink, registryPage, shell } from "./page";

/** The package's second page in Pulumi's registry. */
export function installationPage(publication: Publication): string {
  const { displayName } = metadata(publication);
  const title = `${displayName} Installation & Configuration`;
  const description = `How to install and configure the ${displayName} provider for Pulumi.`;
  return registryPage({ title, description }, [
    "## Installation",
    "The provider has an SDK for each of Pulumi's languages; YAML needs none.",
    packages(packageNames(publication)),
    "Pulumi downloads the plugin when a program first needs it. To install it beforehand, for instance in an image:",
    shell(pluginCommand(publication)),
    "The plugin has its own Node.js. Only on a system without glibc, such as Alpine, does it need Node.js 22.19 or newer on the PATH.",
    `TypeScript and JavaScript programs can use the classes of the npm package \`pulumi-formations\` instead, which need no plugin.`,
    "## Configuration",
    "A system that you don't use needs no configuration. Give the stack the credentials of those that you use. Each command asks for one:",
    shell(secretCommands(systems)),
    "A key can also be in an environment variable; the stack's configuration takes precedence. A credential can be in a file, such as a mounted secret: `FORMATIONS_CITUS_TOKEN_FILE` names the file.",
    ...configurationSections(),
    "## More",
    `${pageLink("Configuration", "docs/configuration.md", publication)} explains names, proxies and timeouts; ${pageLink("With real accounts", "docs/real-accounts.md", publication)} says what to know before the first \`pulumi up\`.`,
  ]);
}

function packages(names: PackageNames): string {
  const packages = [
    ["TypeScript and JavaScript", names.nodejs],
    ["Python", names.pypi],
    ["Go", names.go],
    [".NET", names.dotnet],
    ["Java", `${names.maven.group}:${names.maven.artifact}`],
  ] as const;
  return packages.map(([language, name]) => `- ${language}: ${code(name)}`).join("\n");
}

function pluginCommand(publication: Publication): string {
  const { name, pluginDownloadURL } = metadata(publication);
  const from = pluginDownloadURL ? ` \\\n  --server ${pluginDownloadURL}` : "";
  return `pulumi plugin install resource ${name} v${packageVersion()}${from}`;
}
