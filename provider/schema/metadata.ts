import { resources } from "..";
import { packageName } from "../resource/urn";
import type { Origin } from "./package-spec";

/** Where the sources are published, `https://github.com/owner/name`: nowhere yet. */
const repository: string | undefined = undefined;

/** Every system, with its resources. */
const systems = [...Map.groupBy(resources, ({ system }) => system)];

/** What a registry's page shows about the package besides its content. */
export const metadata = {
  name: packageName,
  displayName: "Formations",
  description: `Resources of ${new Intl.ListFormat("en").format(
    systems.map(([{ title }, own]) => `${title} (${own.map(({ name }) => name).join(", ")})`),
  )}.`,
  keywords: [
    ...["pulumi", packageName, "category/database", "kind/native"],
    ...systems.map(([{ title }]) => keywordOf(title)),
    ...["postgres", "backup"],
  ],
  license: "Apache-2.0",
  publisher: "pulumi-formations",
  ...origin(repository),
};

/** The keyword for a system: `crunchy-bridge` for `Crunchy Bridge`. */
export function keywordOf(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

/**
 * Where the package comes from. All of it follows from the repository, whose releases have the plugin's
 * archives.
 *
 * @param repository `https://github.com/owner/name`; undefined: there is none, and nothing is shown
 */
export function origin(repository: string | undefined): Partial<Origin> {
  const path = repository && new URL(repository).pathname;
  if (!path) return {};
  return {
    homepage: repository,
    repository,
    logoUrl: `https://raw.githubusercontent.com${path}/main/docs/logo.svg`,
    pluginDownloadURL: `github://api.github.com${path}`,
  };
}

/** Settings of the SDK generators, by language. */
export const languages = {
  nodejs: {
    // `pulumi-formations` is the package with the classes for the dynamic host.
    packageName: "pulumi-formations-sdk",
    respectSchemaVersion: true,
    typescriptVersion: "^5.9.0",
    dependencies: { "@pulumi/pulumi": "^3.142.0" },
  },
  python: {
    packageName: "pulumi_formations",
    respectSchemaVersion: true,
    pyproject: { enabled: true },
    requires: { pulumi: ">=3.142.0,<4.0.0" },
  },
  go: {
    // Without a repository no module of this path is served: a program replaces it with its folder.
    importBasePath: "example.com/pulumi-formations/sdk/go/formations",
    generateResourceContainerTypes: true,
    respectSchemaVersion: true,
  },
  csharp: {
    rootNamespace: "Pulumi",
    respectSchemaVersion: true,
    packageReferences: { Pulumi: "3.*" },
  },
  java: { basePackage: "com.pulumi", buildFiles: "gradle" },
};
