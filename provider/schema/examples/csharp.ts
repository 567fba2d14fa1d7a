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

export const csharp: Language = {
  resource(example, { dotnet }) {
    const variable = resourceVariable(example);
    return program(example, dotnet, [
      `var ${variable} = new Formations.${example.name}(`,
      ...indented([`"${variable}",`, ...initializer(example)], "    "),
    ]);
  },
  call(example, { dotnet }) {
    const start = `var ${resultVariable(example)} = Formations.${upperFirst(example.name)}.Invoke(`;
    const given = [start, ...indented(initializer(example), "    ")];
    return program(example, dotnet, example.inputs.length > 0 ? given : [`${start});`]);
  },
};

function program(example: Example, namespace: string, body: readonly string[]): string {
  const config = secretsOf(example).length > 0 ? ["var config = new Config();"] : [];
  return [
    "using Pulumi;",
    `using Formations = ${namespace};`,
    "",
    "return await Deployment.RunAsync(() =>",
    "{",
    ...indented([...config, ...body], "    "),
    "});",
  ].join("\n");
}

/** The end of a call: its arguments. */
function initializer({ inputs }: Example): string[] {
  const set = inputs.map((input) => `    ${upperFirst(input.name)} = ${value(input)},`);
  return ["new()", "{", ...set, "});"];
}

function value(input: ExampleInput): string {
  const { name, value, list } = input;
  if (value === undefined) return `config.RequireSecret("${name}")`;
  return list === undefined ? literal(input) : `Formations.${list}.${member(value, list)}`;
}

/** The generator's name for one of a list of values: `R5_large`, `DiskSize_512`. */
function member(value: string | number | boolean, list: string): string {
  const name = String(value).replaceAll(/[^a-zA-Z0-9]+/g, "_");
  return /^[a-zA-Z]/.test(name) ? upperFirst(name) : `${list}_${name.replace(/^_/, "")}`;
}
