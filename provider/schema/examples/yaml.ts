import {
  type Example,
  type Language,
  literal,
  resourceVariable,
  resultVariable,
  secretsOf,
} from "./example";

export const yaml: Language = {
  resource: (example) =>
    [
      ...configuration(example),
      "resources:",
      `  ${resourceVariable(example)}:`,
      `    type: formations:${example.name}`,
      "    properties:",
      ...properties(example, "      "),
    ].join("\n"),
  call: (example) =>
    [
      ...configuration(example),
      "variables:",
      `  ${resultVariable(example)}:`,
      "    fn::invoke:",
      `      function: formations:${example.name}`,
      ...(example.inputs.length > 0
        ? ["      arguments:", ...properties(example, "        ")]
        : []),
    ].join("\n"),
};

function configuration(example: Example): string[] {
  const declared = secretsOf(example).flatMap(({ name }) => [
    `  ${name}:`,
    "    type: string",
    "    secret: true",
  ]);
  return declared.length > 0 ? ["config:", ...declared] : [];
}

/** JSON's strings, numbers and booleans are YAML's too. */
function properties({ inputs }: Example, indent: string): string[] {
  return inputs.map((input) => {
    const value = input.value === undefined ? `\${${input.name}}` : literal(input);
    return `${indent}${input.name}: ${value}`;
  });
}
