import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import TreeSitter from "@vscode/tree-sitter-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { packageSchema } from "../../provider/schema/package.ts";
import type { TypeSpec } from "../../provider/schema/package-spec.ts";
import { pages } from "../links/pages.ts";

/*
 * Programs of the languages that no compiler is at hand for. A parser finds whether they are well-formed;
 * what they name, and the types of what they give, is held against the schema and the rules by which
 * Pulumi's generators name things. The pages show no other programs in these languages.
 */

const undecided = { repository: null, publisher: null, domain: null, site: null };
const { resources, functions } = packageSchema(undecided);

/** What a program sets, and what it has to set. */
interface Described {
  name: string;
  description: string;
  inputs: Readonly<Record<string, TypeSpec>>;
  required: readonly string[];
}

const described: readonly Described[] = [
  ...Object.entries(resources).map(([token, { description, inputProperties, requiredInputs }]) => ({
    name: nameOf(token),
    description,
    inputs: inputProperties,
    required: requiredInputs,
  })),
  ...Object.entries(functions).map(([token, { description, inputs }]) => ({
    name: nameOf(token),
    description,
    inputs: inputs?.properties ?? {},
    required: inputs?.required ?? [],
  })),
];

/** The types that an input may have: `string`, or the name of a list of values. */
function typesOf({ type, $ref, oneOf = [] }: TypeSpec): string[] {
  if ($ref !== undefined) return [nameOf($ref)];
  return oneOf.length > 0 ? oneOf.flatMap(typesOf) : [type ?? ""];
}

/** The type of a value in a program, as {@link typesOf} names it. */
function typeOf({ type, text }: TreeSitter.Node): string {
  if (/^config\.requireSecret\("\w+"\)$/i.test(text)) return "string";
  if (type === "true" || type === "false") return "boolean";
  // One of a list: `Region.Us_east_1`, in C# within the package's namespace.
  if (type.endsWith("access") || type === "member_access_expression") {
    return /^(?:Formations\.)?(\w+)\.\w+$/.exec(text)?.[1] ?? text;
  }
  return type.replace(/^decimal_/, "").replace(/_literal$/, "");
}

/** The inputs that a program gives a value of another type than the schema's. */
function mistyped({ inputs }: Described, given: Iterable<readonly [string, TreeSitter.Node]>) {
  return [...given].flatMap(([name, value]) => {
    const types = typesOf(inputs[name] ?? {});
    return types.includes(typeOf(value)) ? [] : [`${name}: ${value.text} is not of type ${types}`];
  });
}

function nameOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}

function upperFirst(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function lowerFirst(name = ""): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
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
  return nodes(root, kind, field).map(({ text }) => text);
}

/** A field of all nodes of a kind. */
function nodes(root: TreeSitter.Node, kind: string, field: string): TreeSitter.Node[] {
  return root.descendantsOfType(kind).flatMap((node) => node?.childForFieldName(field) ?? []);
}

test.each(["csharp", "java"])("each program of a page in %s is one of these", (language) => {
  const block = new RegExp(`^\`\`\`${language}\\n([^]*?\\n)\`\`\``, "gm");
  const shown = pages.flatMap((page) =>
    [...readFileSync(join(repository, page), "utf8").matchAll(block)].map(([, text]) => text),
  );

  const held = described.map(({ name }) => exampleOf(name, language));
  expect(shown.length).toBeGreaterThanOrEqual(described.length);
  expect(shown.filter((text = "") => !held.includes(text))).toEqual([]);
});

describe("C#", () => {
  let parser: TreeSitter.Parser;
  beforeAll(async () => {
    parser = await parserOf("c-sharp");
  });

  test.each(described)("the program of $name sets what the schema has", (one) => {
    const root = parse(parser, exampleOf(one.name, "csharp"));

    const set = texts(root, "assignment_expression", "left");
    expect(Object.keys(one.inputs).map(upperFirst)).toEqual(expect.arrayContaining(set));
    expect(set).toEqual(expect.arrayContaining(one.required.map(upperFirst)));
    const values = nodes(root, "assignment_expression", "right");
    expect(
      mistyped(
        one,
        values.map((value, at) => [lowerFirst(set[at]), value]),
      ),
    ).toEqual([]);
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
    expect(Object.keys(one.inputs)).toEqual(expect.arrayContaining(set));
    expect(set).toEqual(expect.arrayContaining([...one.required]));
    const values = nodes(root, "method_invocation", "arguments").map(
      ({ namedChildren }) => namedChildren[0],
    );
    const given = called.flatMap((name, at) =>
      set.includes(name) && values[at] ? [[name, values[at]] as const] : [],
    );
    expect(mistyped(one, given)).toEqual([]);
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
