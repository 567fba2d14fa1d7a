import { functions, resources } from "../../provider";
import { addressKeyOf } from "../../provider/resource/config";
import type { FunctionDefinition, System } from "../../provider/resource/definition";
import {
  type Property,
  propertiesOf,
  type Schema,
  schemaOf,
} from "../../provider/resource/json-schema";
import { functionExample } from "../../provider/schema/examples/example";
import type { Publication } from "../../provider/schema/publication";
import { contentsLine } from "./contents";
import { foldedExamples } from "./languages";
import { code, headingAnchor } from "./markdown";
import { inputList, type Listed, listed, outputItem, outputMarks } from "./properties";
import { fileName } from "./resource-class";

/** The page of a system's functions. */
export function functionsPage({ name }: System): string {
  return `docs/functions/${name}.md`;
}

/** Where each property, and each whole result, was described first: links by {@link keyOf}, {@link keyOfAll}. */
type Described = Map<string, string>;

/** A system's functions, each with an example, its arguments and its result. */
export function functionsOf(system: System, publication: Publication): string {
  const described = describedByResources(system);
  const own = functions.filter((one) => one.system === system);
  return [
    `# Functions of ${system.title}`,
    `${new Intl.ListFormat("en-GB").format(own.map(({ name }) => code(name)))} read from ${system.title}, and change nothing.`,
    `Each function has a second form whose name ends in ${code("Output")}: it accepts outputs of other resources and returns an output, which stays a secret if the result holds one. If what it asks for does not exist, it fails with [${code("NO_SUCH_RESOURCE")}](../troubleshooting.md#no_such_resource). ${placeOfPaths(system, own)}`,
    contentsLine,
    ...own.map((one) => functionSection(one, publication, described)),
  ]
    .join("\n\n")
    .concat("\n");
}

/** What the paths of the requests are below. */
function placeOfPaths(system: System, own: readonly FunctionDefinition[]): string {
  const takesUrl = own.some(({ args }) => "url" in args.shape);
  return `The paths of requests are below ${code(addressKeyOf(system))}${takesUrl ? `, or the argument ${code("url")}` : ""}.`;
}

function functionSection(
  definition: FunctionDefinition,
  publication: Publication,
  described: Described,
): string {
  const { name, description, args, result } = definition;
  const given = schemaOf(args);
  const example = foldedExamples("call", functionExample(definition), publication);
  const parts = [`## ${name}`, description, example];
  if (propertiesOf(given).length > 0) parts.push("Arguments:", inputList(given));
  const results = resultList(schemaOf(result), described);
  note(described, schemaOf(result), `[${code(name)}](#${headingAnchor(name)})`);
  return [...parts, "Result:", results, ...requestList(definition)].join("\n\n");
}

/** The requests, and behind each when or why, which the definition has behind a colon. */
function requestList({ requests }: FunctionDefinition): string[] {
  const items = requests.map((request) => {
    const [, line = "", remark = ""] = /^([^:]+)(: .+)?$/.exec(request) ?? [];
    return `- ${code(line)}${remark && `${remark}.`}`;
  });
  return ["Requests:", items.join("\n")];
}

/** Remembers where a result was described, unless it was before. */
function note(described: Described, schema: Schema, place: string): void {
  for (const key of [...listed(schema).map(keyOf), keyOfAll(schema)]) {
    if (!described.has(key)) described.set(key, place);
  }
}

/** The result. What was described before is only named, with a link to the place. */
function resultList(schema: Schema, described: Described): string {
  const own: string[] = [];
  const named = new Map<string, string[]>();
  for (const property of propertiesOf(schema)) {
    const one = { ...property, path: property.name };
    const place = described.get(keyOf(one));
    if (place === undefined) own.push(outputItem(one), ...elementsOf(one, described));
    else named.set(place, [...(named.get(place) ?? []), nameOf(one)]);
  }
  const references = [...named].map(([place, names]) => `- As in ${place}: ${names.join(", ")}`);
  return [...own, ...references].join("\n");
}

/** What each element of a list is: all that another function returns, or properties of its own. */
function elementsOf({ schema }: Listed, described: Described): string[] {
  if (!schema.items?.properties) return [];
  const place = described.get(keyOfAll(schema.items));
  if (place) return [`  - Each is what ${place} returns.`];
  return [resultList(schema.items, described).replaceAll(/^/gm, "  ")];
}

/** A property whose description is elsewhere: its name, and what can differ from there. */
function nameOf(property: Listed): string {
  const [, ...marks] = outputMarks(property);
  return `${code(property.path)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
}

function describedByResources(system: System): Described {
  const described: Described = new Map();
  for (const { name, inputs, outputs } of resources.filter((one) => one.system === system)) {
    for (const one of [...listed(schemaOf(inputs)), ...listed(schemaOf(outputs))]) {
      described.set(keyOf(one), `[${code(name)}](../resources/${fileName(name)}.md)`);
    }
  }
  return described;
}

function keyOf({ name, schema }: Property): string {
  return `${name}: ${schema.description}`;
}

function keyOfAll(schema: Schema): string {
  return listed(schema)
    .map((one) => `${keyOf(one)} ${one.required}`)
    .join("\n");
}
