/** What a registry's page shows of the package besides its content. */
export const metadata = {
  name: "formations",
  displayName: "Formations",
  description:
    "Citus Cloud formations, Crunchy Bridge replicas, Akkeris app formations, and Antfly backup schedules and secrets.",
  keywords: [
    ...["pulumi", "formations", "category/database", "kind/native"],
    ...["citus", "crunchy-bridge", "akkeris", "antfly", "postgres", "backup"],
  ],
  license: "Apache-2.0",
  publisher: "pulumi-formations",
};

/** What the generators of SDKs are told, by language. */
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
    // No module of this path is served: a program replaces it with the folder that it lies in.
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
