import { resources } from "../..";
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

const sdk = "github.com/pulumi/pulumi/sdk/v3/go/pulumi";

/** Formatted as gofmt does it: tabs, and values in one column. */
export const go: Language = {
  resource(example, names) {
    const { name } = example;
    return program(example, names.go, [
      `_, err := formations.New${name}(`,
      `\tctx, "${resourceVariable(example)}",`,
      `\t&formations.${name}Args{`,
      ...indented(fields(example), "\t"),
      "\t},",
      ")",
      "return err",
    ]);
  },
  call(example, names) {
    const [found, name] = [resultVariable(example), functionName(example.name)];
    return program(example, names.go, [
      ...callOf(example, `${found} := formations.${name}Output(`, `formations.${name}OutputArgs`),
      `ctx.Export("${found}", ${found})`,
      "return nil",
    ]);
  },
};

function callOf(example: Example, start: string, type: string): string[] {
  if (!example.takesInputs) return [`${start}ctx)`];
  if (example.inputs.length === 0) return [start, `\tctx, ${type}{},`, ")"];
  return [start, `\tctx, ${type}{`, ...indented(fields(example), "\t"), "\t},", ")"];
}

function program(example: Example, path: string, body: readonly string[]): string {
  const isConfigured = secretsOf(example).length > 0;
  const imports = [path, sdk, ...(isConfigured ? [`${sdk}/config`] : [])].sort();
  const lines = [...(isConfigured ? ['cfg := config.New(ctx, "")'] : []), ...body];
  return [
    "package main",
    "",
    "import (",
    ...imports.map((one) => `\t"${one}"`),
    ")",
    "",
    "func main() {",
    "\tpulumi.Run(func(ctx *pulumi.Context) error {",
    ...indented(lines, "\t\t"),
    "\t})",
    "}",
  ].join("\n");
}

function fields({ inputs }: Example): string[] {
  const width = Math.max(...inputs.map(({ name }) => name.length)) + 2;
  return inputs.map((input) => `\t${`${upperFirst(input.name)}:`.padEnd(width)}${value(input)},`);
}

function value(input: ExampleInput): string {
  if (input.value === undefined) return `cfg.RequireSecret("${input.name}")`;
  return `${typeOf(input)}(${literal(input)})`;
}

function typeOf({ value, list }: ExampleInput): string {
  if (list !== undefined) return `formations.${list}`;
  if (typeof value === "string") return "pulumi.String";
  if (typeof value === "boolean") return "pulumi.Bool";
  return Number.isInteger(value) ? "pulumi.Int" : "pulumi.Float64";
}

/** The generator calls a function `Lookup…` where `Get…` is what reads the resource of that name. */
function functionName(name: string): string {
  const rest = name.replace(/^get/, "");
  return resources.some((resource) => resource.name === rest) ? `Lookup${rest}` : upperFirst(name);
}
