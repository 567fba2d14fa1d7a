import { resources } from "..";
import { packageName } from "../resource/urn";
import { origin, type PackageNames, type Publication } from "./publication";

/** Every system, with its resources. */
const systems = [...Map.groupBy(resources, ({ system }) => system)];

/** What a registry's page shows about the package besides its content. */
export function metadata(publication: Publication) {
  return {
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
    publisher: publication.publisher ?? "pulumi-formations",
    ...origin(publication),
  };
}

/** The keyword for a system: `crunchy-bridge` for `Crunchy Bridge`. */
export function keywordOf(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

/** Settings of the SDK generators, by language. */
export function languages(names: PackageNames) {
  return {
    nodejs: {
      packageName: names.nodejs,
      respectSchemaVersion: true,
      typescriptVersion: "^5.9.0",
      dependencies: { "@pulumi/pulumi": "^3.142.0" },
    },
    python: {
      packageName: names.python,
      respectSchemaVersion: true,
      pyproject: { enabled: true },
      requires: { pulumi: ">=3.142.0,<4.0.0" },
    },
    go: {
      importBasePath: names.go,
      generateResourceContainerTypes: true,
      respectSchemaVersion: true,
    },
    csharp: {
      rootNamespace: names.dotnet.replace(/\.\w+$/, ""),
      respectSchemaVersion: true,
      packageReferences: { Pulumi: "3.*" },
    },
    java: { basePackage: names.maven.group, buildFiles: "gradle" },
  };
}
