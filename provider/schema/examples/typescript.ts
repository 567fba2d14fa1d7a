import {
  type Example,
  type Language,
  literal,
  resourceVariable,
  resultVariable,
  secretsOf,
} from "./example";

export const typescript: Language = {
  resource(example, { nodejs }) {
    const variable = resourceVariable(example);
    const { name } = example;
    return `${head(example, nodejs)}const ${variable} = new formations.${name}("${variable}", ${args(example)});`;
  },
  call(example, { nodejs }) {
    const given = example.inputs.length > 0 ? args(example) : "";
    return `${head(example, nodejs)}const ${resultVariable(example)} = formations.${example.name}Output(${given});`;
  },
};

function head(example: Example, npmPackage: string): string {
  const formations = `import * as formations from "${npmPackage}";\n\n`;
  if (secretsOf(example).length === 0) return formations;
  return `import * as pulumi from "@pulumi/pulumi";\n${formations}const config = new pulumi.Config();\n`;
}

function args({ inputs }: Example): string {
  const lines = inputs.map((input) => {
    const secret = `config.requireSecret("${input.name}")`;
    return `    ${input.name}: ${input.value === undefined ? secret : literal(input)},\n`;
  });
  return `{\n${lines.join("")}}`;
}
