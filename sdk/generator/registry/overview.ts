import { resources, systems } from "../../../provider";
import { packageVersion } from "../../../provider/process/version";
import { fence, programs } from "../../../provider/schema/examples";
import { resourceExample } from "../../../provider/schema/examples/example";
import { metadata } from "../../../provider/schema/metadata";
import {
  type PackageNames,
  type Publication,
  packageNames,
} from "../../../provider/schema/publication";
import { secretCommands } from "../configuration";
import { code } from "../markdown";
import { chooser, pageLink, registryFolder, registryPage, shell } from "./page";

/** The resource of the page's program. */
const shown = "AppFormation";

/** The package's page in Pulumi's registry. */
export function overviewPage(publication: Publication): string {
  const { displayName } = metadata(publication);
  const titles = new Intl.ListFormat("en-GB").format(systems.map(({ title }) => title));
  const description = `The ${displayName} provider for Pulumi manages resources of ${titles}.`;
  return registryPage({ title: displayName, description }, [
    `${description} Every change maps to a plan (keep, update in place, replace or refuse) and its reason, so the preview shows what will happen before anything happens. A replacement that loses data says so.`,
    resourceList(),
    "## Installation",
    installation(packageNames(publication)),
    "Pulumi downloads the plugin when a program first needs it.",
    "## Example Usage",
    ...exampleUsage(publication),
    "## Configuration",
    "A system that you don't use needs no configuration. Give the stack the credentials of those that you use. Each command asks for one:",
    shell(secretCommands(systems)),
    `[Installation & Configuration](${registryFolder}/installation-configuration/) lists every key, with its environment variable.`,
    "## Further reading",
    furtherReading(publication),
  ]);
}

function resourceList(): string {
  const items = resources.map(({ name, description }) => {
    const page = `${registryFolder}/api-docs/${name.toLowerCase()}/`;
    return `- [${code(name)}](${page}): ${description.split("\n")[0]}`;
  });
  return items.join("\n");
}

function installation(names: PackageNames): string {
  const { group, artifact } = names.maven;
  const version = packageVersion();
  const maven = `<dependency>\n    <groupId>${group}</groupId>\n    <artifactId>${artifact}</artifactId>\n    <version>${version}</version>\n</dependency>`;
  const gradle = `implementation("${group}:${artifact}:${version}")`;
  const provider = `terraform {\n  required_providers {\n    formations = {\n      source  = "pulumi/formations"\n      version = "${version}"\n    }\n  }\n}`;
  return chooser([
    ["typescript", shell(`npm install ${names.nodejs}`)],
    ["python", shell(`pip install ${names.pypi}`)],
    ["go", shell(`go get ${names.go}`)],
    ["csharp", shell(`dotnet add package ${names.dotnet}`)],
    ["java", `Maven:\n\n${fence("xml", maven)}\n\nGradle:\n\n${fence("groovy", gradle)}`],
    ["yaml", shell("pulumi package add formations")],
    [
      "hcl",
      `Declare the provider in your program, then run \`pulumi install\`:\n\n${fence("hcl", provider)}\n\n${shell("pulumi install")}`,
    ],
  ]);
}

function exampleUsage(publication: Publication): string[] {
  const definition = resources.find(({ name }) => name === shown);
  if (!definition) throw new Error(`The overview page has no resource ${shown} to show.`);
  const example = resourceExample(definition);
  const parts = programs("resource", example, packageNames(publication)).map(
    ([language, program]) => {
      const head = language === "yaml" ? "name: example\nruntime: yaml\n" : "";
      return [language, fence(language, `${head}${program}`)] as const;
    },
  );
  return [
    chooser(parts),
    `The program needs the credential of ${definition.system.title}. This command asks for it:`,
    shell(secretCommands([definition.system])),
  ];
}

function furtherReading(publication: Publication): string {
  const pages = [
    ["The reference", "docs/reference.md", "a page per resource, and the functions"],
    ["What each change becomes", "docs/plan.md", "the rules, and why"],
    ["Guarantees", "docs/guarantees.md", "what is promised, and the test that proves it"],
    ["Discover", "docs/discovering.md", "what exists in your accounts, and how to import it"],
    ["Review", "docs/pull-requests.md", "a comment on each pull request, and gates"],
    ["Back up", "docs/backups.md", "runners for the backup schedules, and monitoring"],
  ] as const;
  return pages
    .map(([text, path, what]) => `- ${pageLink(text, path, publication)}: ${what}`)
    .join("\n");
}
