import {
  type Example,
  type ExampleInput,
  type Language,
  literal,
  resourceVariable,
  resultVariable,
  secretsOf,
} from "./example";

export const python: Language = {
  resource(example, names) {
    const variable = resourceVariable(example);
    const args = [JSON.stringify(variable), ...example.inputs.map(argument)];
    return `${head(example, names.python)}${snakeCase(variable)} = formations.${example.name}(${lines(args)})`;
  },
  call(example, names) {
    const args = example.inputs.map(argument);
    return `${head(example, names.python)}${snakeCase(resultVariable(example))} = formations.${snakeCase(example.name)}_output(${lines(args)})`;
  },
};

/** Arguments, each on a line of its own. */
function lines(args: readonly string[]): string {
  return args.length === 0 ? "" : `\n${args.map((one) => `    ${one},\n`).join("")}`;
}

function head(example: Example, module: string): string {
  const formations = `import ${module} as formations\n\n`;
  if (secretsOf(example).length === 0) return formations;
  return `import pulumi\n${formations}config = pulumi.Config()\n`;
}

function argument(input: ExampleInput): string {
  const { name, value } = input;
  if (value === undefined) return `${snakeCase(name)}=config.require_secret("${name}")`;
  const text = typeof value === "boolean" ? (value ? "True" : "False") : literal(input);
  return `${snakeCase(name)}=${text}`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
