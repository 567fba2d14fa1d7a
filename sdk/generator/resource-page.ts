import { functions, resources } from "../../provider";
import type { Definition } from "../../provider/resource/definition";
import { propertiesOf, schemaOf } from "../../provider/resource/json-schema";
import { token } from "../../provider/resource/urn";
import { resourceExample } from "../../provider/schema/examples/example";
import type { Publication } from "../../provider/schema/publication";
import { contentsLine } from "./contents";
import { sharedErrors } from "./errors";
import { functionsPage } from "./function-page";
import { foldedExamples } from "./languages";
import { code, headingAnchor } from "./markdown";
import { rulesOf } from "./plan-rules";
import { inputList, outputList, sharedValues } from "./properties";
import { fileName } from "./resource-class";

/** The page of a resource. A person writes what its definition can't say: requests, timeouts, errors. */
export function resourcePage({ name }: Definition): string {
  return `docs/resources/${fileName(name)}.md`;
}

/** The generated sections of a resource's page, by name. */
export function resourceSections(
  definition: Definition,
  publication: Publication,
): Readonly<Record<string, string>> {
  const example = foldedExamples("resource", resourceExample(definition), publication);
  return {
    // A blank line ahead, so that the mark is not part of the first paragraph.
    summary: [
      `\n${definition.description}`,
      facts(definition),
      contentsLine,
      "## Example",
      "The programs use the SDKs of the [plugin](../languages.md). In TypeScript, the classes of `pulumi-formations` have the same names and inputs.",
      example,
    ].join("\n\n"),
    properties: [...inputs(definition), ...outputs(definition), ...changes(definition)].join(
      "\n\n",
    ),
    "shared errors": sharedErrors,
  };
}

/** Links to the rules of each resource. */
export function linksToRules(): string {
  const links = resources.map((one) => {
    return `- [${code(one.name)}](${resourcePage(one).replace("docs/", "")}#what-a-change-does)`;
  });
  return links.join("\n");
}

function facts(definition: Definition): string {
  const { name, id, system, find } = definition;
  const page = functionsPage(system).replace("docs/", "../");
  const readers = functions
    .filter((one) => one.system === system)
    .map((one) => `[${code(one.name)}](${page}#${headingAnchor(one.name)})`);
  return [
    `- Type: ${code(token(name))}`,
    `- ID: ${id}.`,
    `- Configuration: [${system.title}](../configuration.md#${headingAnchor(system.title)})`,
    `- Functions of ${system.title}: ${readers.join(", ")}`,
    // What is in a stack's state alone can't be read.
    ...(find ? [`- One that exists already: ${code(`${name}.get(name, id)`)} reads it`] : []),
  ].join("\n");
}

function inputs({ inputs, plan }: Definition): string[] {
  const schema = schemaOf(inputs);
  const values = sharedValues(schema);
  return [
    "## Inputs",
    "In brackets: the type, whether it is required, and what a change does: it happens **in place**, **replaces** the resource, is **refused**, or has **no effect**. [What a change does](#what-a-change-does) says more. A secret is encrypted in the state.",
    inputList(schema, plan),
    ...(values ? ["### Values", values] : []),
  ];
}

function outputs({ name, outputs, listing }: Definition): string[] {
  const schema = schemaOf(outputs);
  const query = listing ? schemaOf(listing.query) : {};
  const isNarrowed = propertiesOf(query).length > 0;
  return [
    "## Outputs",
    "Every input is an output too. The server adds:",
    outputList(schema),
    ...(isNarrowed
      ? [
          "## List",
          `${code(`pulumi do ${token(name)} list`)} [lists](../pulumi-do.md) those that exist. Inputs narrow the list:`,
          inputList(query),
        ]
      : []),
  ];
}

function changes(definition: Definition): string[] {
  const { text } = definition.whenDeleted({});
  return [
    "## What a change does",
    "Of the rules about a property, the first that fits decides; then those about the whole resource apply. Where none fits, [the rules of every resource](../plan.md#every-resource) do. A warning is shown in the preview.",
    rulesOf(definition),
    `When the resource is deleted: ${text}.`,
  ];
}
