import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import TreeSitter from "@vscode/tree-sitter-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { packageSchema } from "../../provider/schema/package.ts";

/*
 * Programs of the languages that no compiler is at hand for. A parser finds whether they are well-formed;
 * what they name is held against the schema and the rules by which Pulumi's generators name things.
 */

const undecided = { repository: null, publisher: null, domain: null, site: null };
const { resources, functions } = packageSchema(undecided);

/** What a program sets, and what it has to set. */
interface Described {
  name: string;
  description: string;
  inputs: readonly string[];
  required: readonly string[];
}

const described: readonly Described[] = [
  ...Object.entries(resources).map(([token, { description, inputProperties, requiredInputs }]) => ({
    name: nameOf(token),
    description,
    inputs: Object.keys(inputProperties),
    required: requiredInputs,
  })),
  ...Object.entries(functions).map(([token, { description, inputs }]) => ({
    name: nameOf(token),
    description,
    inputs: Object.keys(inputs?.properties ?? {}),
    required: inputs?.required ?? [],
  })),
];

function nameOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}

function upperFirst(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function exampleOf(name: string, language: string): string {
  const description = described.find((one) => one.name === name)?.description ?? "";
  return new RegExp(`^\`\`\`${language}\n([^]*?\n)\`\`\``, "m").exec(description)?.[1] ?? "";
}

/** A parser of one of the languages that the package of grammars has. */
async function parserOf(grammar: string): Promise<TreeSitter.Parser> {
  const folder = dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm"));
  await TreeSitter.Parser.init();
  const parser = new TreeSitter.Parser();
  parser.setLanguage(await TreeSitter.Language.load(join(folder, `tree-sitter-${grammar}.wasm`)));
  return parser;
}

/** The root of a program, which has to be well-formed. */
function parse(parser: TreeSitter.Parser, program: string): TreeSitter.Node {
  const root = parser.parse(program)?.rootNode;
  if (!root || program === "") throw new Error("There is no program.");
  expect(root.hasError, program).toBe(false);
  return root;
}

/** The texts of a field of all nodes of a kind. */
function texts(root: TreeSitter.Node, kind: string, field: string): string[] {
  return root.descendantsOfType(kind).flatMap((node) => node?.childForFieldName(field)?.text ?? []);
}

describe("C#", () => {
  let parser: TreeSitter.Parser;
  beforeAll(async () => {
    parser = await parserOf("c-sharp");
  });

  test.each(described)("the program of $name sets what the schema has", (one) => {
    const root = parse(parser, exampleOf(one.name, "csharp"));

    const set = texts(root, "assignment_expression", "left");
    expect(one.inputs.map(upperFirst)).toEqual(expect.arrayContaining(set));
    expect(set).toEqual(expect.arrayContaining(one.required.map(upperFirst)));
    expect(root.text).toContain(`Formations.${upperFirst(one.name)}`);
  });

  test("values of lists have the generator's names", () => {
    expect(exampleOf("Formation", "csharp")).toBe(`using Pulumi;
using Formations = Pulumi.Formations;

return await Deployment.RunAsync(() =>
{
    var formation = new Formations.Formation(
        "formation",
        new()
        {
            Region = Formations.Region.Us_east_1,
            CoordinatorTune = Formations.Tune.R5_large,
            CoordinatorDiskSize = Formations.DiskSize.DiskSize_512,
            WorkerTune = Formations.Tune.R5_large,
            WorkerCount = 4,
            WorkerDiskSize = Formations.DiskSize.DiskSize_512,
            WorkerHa = true,
        });
});
`);
  });

  test("secrets are configured, and functions invoked", () => {
    expect(exampleOf("AntflySecret", "csharp")).toContain('Value = config.RequireSecret("value"),');
    expect(exampleOf("getFormations", "csharp")).toContain(
      "var foundFormations = Formations.GetFormations.Invoke(\n        new()\n",
    );
    expect(exampleOf("getAppSizes", "csharp")).toContain("Formations.GetAppSizes.Invoke();\n");
  });
});

describe("Java", () => {
  let parser: TreeSitter.Parser;
  beforeAll(async () => {
    parser = await parserOf("java");
  });

  test.each(described)("the program of $name sets what the schema has", (one) => {
    const root = parse(parser, exampleOf(one.name, "java"));

    const called = texts(root, "method_invocation", "name");
    const others = ["run", "config", "requireSecret", "builder", "build", one.name];
    const set = called.filter((name) => !others.includes(name));
    expect(one.inputs).toEqual(expect.arrayContaining(set));
    expect(set).toEqual(expect.arrayContaining([...one.required]));
  });

  test.each(described)(
    "the program of $name imports each class that it uses, and no other",
    (one) => {
      const root = parse(parser, exampleOf(one.name, "java"));

      const imports = root.descendantsOfType("import_declaration").map((node) => {
        return /(\w+);$/.exec(node?.text ?? "")?.[1];
      });
      const code = root.text.replaceAll(/^import .*$/gm, "").replaceAll(/"[^"]*"/g, "");
      const used = code
        .match(/\b(?!String\b|App\b)[A-Z]\w*/g)
        ?.filter((name) => !isMember(code, name));
      expect(imports.toSorted()).toEqual([...new Set(used)].toSorted());
    },
  );

  test("values of lists have the generator's names", () => {
    expect(exampleOf("Formation", "java")).toBe(`package example;

import com.pulumi.Pulumi;
import com.pulumi.formations.Formation;
import com.pulumi.formations.FormationArgs;
import com.pulumi.formations.enums.DiskSize;
import com.pulumi.formations.enums.Region;
import com.pulumi.formations.enums.Tune;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var formation = new Formation(
                "formation",
                FormationArgs.builder()
                    .region(Region.Useast1)
                    .coordinatorTune(Tune.R5_large)
                    .coordinatorDiskSize(DiskSize._512)
                    .workerTune(Tune.R5_large)
                    .workerCount(4)
                    .workerDiskSize(DiskSize._512)
                    .workerHa(true)
                    .build());
        });
    }
}
`);
  });
});

/** Whether a name is only written behind a dot: a value of a list. */
function isMember(code: string, name: string): boolean {
  return !new RegExp(`(?<![.\\w])${name}\\b`).test(code);
}
