import { packageName } from "../resource/urn";
import type { Origin } from "./package-spec";
import decided from "./publication.json";

/** What the people who publish the package decide, in `publication.json`. Null: not decided yet. */
export interface Publication {
  /** The repository on GitHub that makes the releases: `https://github.com/owner/pulumi-formations`. */
  repository: string | null;
  /** The publisher's name, as Pulumi's registry shows it: `Example Ltd`. */
  publisher: string | null;
  /** A domain of the publisher, of which the name of the Java package is made: `example.com`. */
  domain: string | null;
  /** The address of the documentation's site, which errors link to: `https://formations.example.com`. */
  site: string | null;
}

export const publication: Publication = decided;

/** What programs call the package in each language. */
export interface PackageNames {
  /** The npm package with the SDK; `pulumi-formations` is the package with the classes. */
  nodejs: string;
  /** The Python module. */
  python: string;
  /** The Python package, as pip installs it. */
  pypi: string;
  /** The path of the Go package. */
  go: string;
  /** The .NET namespace, and the NuGet package. */
  dotnet: string;
  /** The Java package. */
  java: string;
  /** The Java library, as Maven and Gradle depend on it. */
  maven: { group: string; artifact: string };
}

/**
 * The names of the SDKs. Without a repository, nothing serves the Go module: a program replaces it with its
 * folder. The namespaces of Pulumi are those of SDKs that are generated from the plugin, and not published.
 */
export function packageNames({ repository, domain }: Publication): PackageNames {
  const path = repository?.replace("https://", "") ?? "example.com/pulumi-formations";
  const owner = repository
    ? pascalCase(new URL(repository).pathname.split("/")[1] ?? "")
    : "Pulumi";
  const group = domain ? domain.split(".").reverse().join(".").replaceAll("-", "_") : "com.pulumi";
  return {
    nodejs: "pulumi-formations-sdk",
    python: "pulumi_formations",
    pypi: "pulumi-formations",
    go: `${path}/sdk/go/${packageName}`,
    dotnet: `${owner}.${pascalCase(packageName)}`,
    java: `${group}.${packageName}`,
    maven: { group, artifact: packageName },
  };
}

/**
 * Where the package comes from. All of it follows from the repository, whose releases have the plugin's
 * archives. Without one, nothing is shown.
 */
export function origin({ repository }: Publication): Partial<Origin> {
  if (repository === null) return {};
  const { pathname } = new URL(repository);
  return {
    homepage: repository,
    repository,
    logoUrl: `https://raw.githubusercontent.com${pathname}/main/docs/logo.svg`,
    pluginDownloadURL: `github://api.github.com${pathname}`,
  };
}

/** `ExampleLtd` for `example-ltd`. */
function pascalCase(text: string): string {
  return text.replaceAll(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9]?)/g, (_, first: string) =>
    first.toUpperCase(),
  );
}
