import { languages } from "./metadata";

/** Inputs or arguments of an example. Secret ones come from the program's configuration. */
export interface ExampleValues {
  values: Record<string, unknown>;
  secrets: readonly string[];
}

const { packageName: npmPackage } = languages.nodejs;
const { packageName: pythonPackage } = languages.python;

/** The declaration of a resource in each language, as a section of its description. */
export function resourceExample(name: string, example: ExampleValues): string {
  const variable = lowerFirst(name);
  const args = typeScript(example);
  const inPython = [JSON.stringify(variable), ...pythonArguments(example)];
  return section({
    typescript: `${typeScriptHead(example)}const ${variable} = new formations.${name}("${variable}", ${args});`,
    python: `${pythonHead(example)}${snakeCase(variable)} = formations.${name}(\n${inPython.map((one) => `    ${one},\n`).join("")})`,
    yaml: [
      ...yamlConfiguration(example),
      "resources:",
      `  ${variable}:`,
      `    type: formations:${name}`,
      "    properties:",
      ...yaml(example, "      "),
    ].join("\n"),
  });
}

/** The call of a function in each language, as a section of its description. */
export function functionExample(name: string, example: ExampleValues): string {
  // `formations` is the package itself.
  const variable = name.replace(/^get/, "found");
  const isEmpty = Object.keys(example.values).length === 0;
  const inPython = pythonArguments(example).join(", ");
  return section({
    typescript: `${typeScriptHead(example)}const ${variable} = formations.${name}Output(${isEmpty ? "" : typeScript(example)});`,
    python: `${pythonHead(example)}${snakeCase(variable)} = formations.${snakeCase(name)}_output(${inPython})`,
    yaml: [
      ...yamlConfiguration(example),
      "variables:",
      `  ${variable}:`,
      "    fn::invoke:",
      `      function: formations:${name}`,
      ...(isEmpty ? [] : ["      arguments:", ...yaml(example, "        ")]),
    ].join("\n"),
  });
}

function section(programs: Record<string, string>): string {
  const blocks = Object.entries(programs).map(
    ([language, program]) => `\`\`\`${language}\n${program}\n\`\`\``,
  );
  return ["{{% examples %}}", "## Example Usage", "{{% example %}}", ...blocks]
    .concat("{{% /example %}}", "{{% /examples %}}")
    .join("\n\n");
}

function typeScriptHead({ secrets }: ExampleValues): string {
  const pulumi = `import * as pulumi from "@pulumi/pulumi";\n`;
  const formations = `import * as formations from "${npmPackage}";\n\n`;
  if (secrets.length === 0) return formations;
  return `${pulumi}${formations}const config = new pulumi.Config();\n`;
}

function typeScript({ values, secrets }: ExampleValues): string {
  const lines = [
    ...Object.entries(values).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},\n`),
    ...secrets.map((key) => `    ${key}: config.requireSecret("${key}"),\n`),
  ];
  return `{\n${lines.join("")}}`;
}

function pythonHead({ secrets }: ExampleValues): string {
  const formations = `import ${pythonPackage} as formations\n\n`;
  if (secrets.length === 0) return formations;
  return `import pulumi\n${formations}config = pulumi.Config()\n`;
}

function pythonArguments({ values, secrets }: ExampleValues): string[] {
  const literal = (value: unknown) =>
    typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
  return [
    ...Object.entries(values).map(([key, value]) => `${snakeCase(key)}=${literal(value)}`),
    ...secrets.map((key) => `${snakeCase(key)}=config.require_secret("${key}")`),
  ];
}

function yamlConfiguration({ secrets }: ExampleValues): string[] {
  if (secrets.length === 0) return [];
  const declared = secrets.flatMap((key) => [`  ${key}:`, "    type: string", "    secret: true"]);
  return ["config:", ...declared];
}

/** JSON's strings, numbers and booleans are YAML's too. */
function yaml({ values, secrets }: ExampleValues, indent: string): string[] {
  return [
    ...Object.entries(values).map(([key, value]) => `${indent}${key}: ${JSON.stringify(value)}`),
    ...secrets.map((key) => `${indent}${key}: \${${key}}`),
  ];
}

function lowerFirst(name: string): string {
  return `${name[0]?.toLowerCase()}${name.slice(1)}`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
