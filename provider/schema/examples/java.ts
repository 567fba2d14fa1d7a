import { upperFirst } from "../types";
import {
  type Example,
  type ExampleInput,
  indented,
  type Language,
  literal,
  resourceVariable,
  resultVariable,
  secretsOf,
} from "./example";

export const java: Language = {
  resource(example, names) {
    const { name } = example;
    const variable = resourceVariable(example);
    const imports = [`${names.java}.${name}`, `${names.java}.${name}Args`];
    return program(example, names.java, imports, [
      `var ${variable} = new ${name}(`,
      `    "${variable}",`,
      ...builder(example, `${name}Args`),
    ]);
  },
  call(example, names) {
    const { name, inputs } = example;
    const args = `${upperFirst(name)}Args`;
    const start = `var ${resultVariable(example)} = FormationsFunctions.${name}(`;
    const imports = [`${names.java}.FormationsFunctions`];
    if (inputs.length === 0) return program(example, names.java, imports, [`${start});`]);
    imports.push(`${names.java}.inputs.${args}`);
    return program(example, names.java, imports, [start, ...builder(example, args)]);
  },
};

function program(
  example: Example,
  names: string,
  used: readonly string[],
  body: readonly string[],
): string {
  const lists = example.inputs.flatMap(({ list }) => list ?? []);
  const imports = ["com.pulumi.Pulumi", ...used, ...lists.map((list) => `${names}.enums.${list}`)];
  const config = secretsOf(example).length > 0 ? ["var config = ctx.config();"] : [];
  return [
    "package example;",
    "",
    ...[...new Set(imports)].sort().map((name) => `import ${name};`),
    "",
    "public class App {",
    "    public static void main(String[] args) {",
    "        Pulumi.run(ctx -> {",
    ...indented([...config, ...body], "            "),
    "        });",
    "    }",
    "}",
  ].join("\n");
}

/** The end of a call: its arguments. */
function builder({ inputs }: Example, args: string): string[] {
  const setters = inputs.map((input) => `.${input.name}(${value(input)})`);
  return [`    ${args}.builder()`, ...indented([...setters, ".build());"], "        ")];
}

function value(input: ExampleInput): string {
  const { name, value, list } = input;
  if (value === undefined) return `config.requireSecret("${name}")`;
  return list === undefined ? literal(input) : `${list}.${member(value)}`;
}

/** The generator's name for one of a list of values: `R5_large`, `Useast1`, `_512`. */
function member(value: string | number | boolean): string {
  const name = String(value)
    .replaceAll("-", "")
    .replaceAll(/[^a-zA-Z0-9]+/g, "_");
  return upperFirst(/^\d/.test(name) ? `_${name}` : name);
}
