import { packageVersion } from "../../../provider/process/version";
import { fence } from "../../../provider/schema/examples";
import type { Publication } from "../../../provider/schema/publication";

/** The folder of the package in Pulumi's registry. */
export const registryFolder = "https://www.pulumi.com/registry/packages/formations";

/** A page of Pulumi's registry, which shows its title as its heading. */
export function registryPage(
  head: { title: string; description: string },
  sections: readonly string[],
): string {
  return [
    "---",
    "# Generated from the definitions by `npm run generate`, for Pulumi's registry.",
    `title: ${head.title}`,
    `meta_desc: ${JSON.stringify(head.description)}`,
    "layout: package",
    "---",
    "",
    `${sections.join("\n\n")}\n`,
  ].join("\n");
}

/** Parts of which the registry shows the one in the reader's language. */
export function chooser(parts: readonly (readonly [language: string, text: string])[]): string {
  const languages = parts.map(([language]) => language).join(",");
  const blocks = parts.map(
    ([language, text]) => `{{% choosable language ${language} %}}\n\n${text}\n\n{{% /choosable %}}`,
  );
  return [`{{< chooser language "${languages}" >}}`, ...blocks, "{{< /chooser >}}"].join("\n");
}

/** Commands for a shell. */
export function shell(commands: string): string {
  return fence("bash", commands);
}

/**
 * A link to a page of the repository as it was at the release. Without a repository there is nothing to link
 * to, and the text remains.
 */
export function pageLink(text: string, path: string, { repository }: Publication): string {
  return repository ? `[${text}](${repository}/blob/v${packageVersion()}/${path})` : text;
}
