import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { packageSchema } from "../../provider/schema/package.ts";
import { packageNames, publication } from "../../provider/schema/publication.ts";
import { generatedFiles } from "../../sdk/generator/files.ts";

const undecided = { repository: null, publisher: null, domain: null, site: null };
const decided = {
  repository: "https://github.com/example-org/pulumi-formations",
  publisher: "Example Ltd",
  domain: "my-example.org",
  site: "https://formations.my-example.org",
};

function read(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

test("the package's addresses and names follow from what its publisher decides", () => {
  const { logoUrl, ...schema } = packageSchema(decided);

  expect(schema).toMatchObject({
    publisher: "Example Ltd",
    homepage: "https://github.com/example-org/pulumi-formations",
    repository: "https://github.com/example-org/pulumi-formations",
    pluginDownloadURL: "github://api.github.com/example-org/pulumi-formations",
    language: {
      nodejs: { packageName: "pulumi-formations-sdk" },
      python: { packageName: "pulumi_formations" },
      go: { importBasePath: "github.com/example-org/pulumi-formations/sdk/go/formations" },
      csharp: { rootNamespace: "ExampleOrg" },
      java: { basePackage: "org.my_example" },
    },
  });
  expect(logoUrl).toBe(
    "https://raw.githubusercontent.com/example-org/pulumi-formations/main/docs/logo.svg",
  );
  expect(existsSync(join(repository, "docs", basename(logoUrl ?? "")))).toBe(true);
});

test("a package whose publisher has not decided names no address", () => {
  const schema = packageSchema(undecided);

  expect(Object.keys(schema)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/homepage|repository|logoUrl|DownloadURL/)]),
  );
  expect(JSON.stringify(schema.language)).not.toContain("github.com");
});

test("no file keeps a name from before the decisions", () => {
  const old = /example\.com\/pulumi-formations|Pulumi\.Formations|com\.pulumi\.formations/;
  const before = [...generatedFiles(read, undecided)];
  const after = [...generatedFiles(read, decided)];

  expect(before.filter(([, text]) => old.test(text)).length).toBeGreaterThan(5);
  expect(after.filter(([, text]) => old.test(text)).map(([file]) => file)).toEqual([]);
});

test("every file that names the Go module is among those that follow", () => {
  const module = packageNames(publication).go.replace(/\/\w+$/, "");
  const generated = generatedFiles(read);
  const files = globSync(
    "{docs,examples,build,provider,sdk,test,.github}/**/*.{md,ts,mts,go,mod,yml}",
    {
      cwd: repository,
      exclude: (name) => name === "node_modules",
    },
  ).map((file) => file.replaceAll("\\", "/"));

  expect(files.length).toBeGreaterThan(500);
  const named = files.filter((file) => read(file).includes(module));
  expect(named).toContain("docs/first-steps.md");
  expect(named.filter((file) => !generated.has(file))).toEqual([]);
});

test("a decision that is taken back leaves no trace", () => {
  const after = generatedFiles(read, decided);
  const back = generatedFiles((file) => after.get(file) ?? read(file), undecided);

  expect(back).toEqual(generatedFiles(read, undecided));
});
