import { z } from "zod";
import { functions, resources } from "..";
import { packageVersion } from "../process/version";
import { environmentVariable } from "../resource/config";
import type { Definition, FunctionDefinition } from "../resource/definition";
import { propertiesOf, type Schema, schemaOf } from "../resource/json-schema";
import { isReplaceOnly } from "../resource/plan";
import { dynamicType, packageName, token } from "../resource/urn";
import { exampleSection } from "./examples";
import { functionExample, resourceExample } from "./examples/example";
import { asGiven } from "./given";
import { languages, metadata } from "./metadata";
import type { FunctionSpec, PackageSpec, PropertySpec, ResourceSpec } from "./package-spec";
import { type PackageNames, type Publication, packageNames, publication } from "./publication";
import { Types, upperFirst } from "./types";

/**
 * The package schema for Pulumi's engine, generators and registry, made from the definitions.
 *
 * @param decided who publishes the package, and where. Default: what `publication.json` says
 */
export function packageSchema(decided: Publication = publication): PackageSpec {
  const names = packageNames(decided);
  const types = new Types(packageName);
  const variables = configuration(types);
  const spec: Omit<PackageSpec, "types"> = {
    ...metadata(decided),
    version: packageVersion(),
    meta: { moduleFormat: "(.*)(?:/[^/]*)", supportPack: true },
    language: languages(names),
    config: { variables },
    provider: {
      description:
        "The connection to the systems. A system that isn't used needs no configuration. An explicit provider connects to another account than the stack's.",
      inputProperties: variables,
    },
    resources: Object.fromEntries(
      resources.map((definition) => [token(definition.name), resource(definition, types, names)]),
    ),
    functions: Object.fromEntries(
      functions.map((definition) => [
        token(definition.name),
        functionSpec(definition, types, names),
      ]),
    ),
  };
  return { ...spec, types: types.all() };
}

/**
 * The configuration of every system. Defaults and environment variables are only described: if the schema
 * declared them, SDKs would fill them in and write them, tokens too, into the provider's state.
 */
function configuration(types: Types): Record<string, PropertySpec> {
  const shapes = resources.map(({ system }) => system.config.shape);
  const schema = schemaOf(z.object(Object.assign({}, ...shapes)));
  return Object.fromEntries(
    propertiesOf(schema).map(({ name, schema: property }) => {
      const hasDefault = property.default !== undefined && property.default !== "";
      const description = [
        property.description,
        hasDefault ? `Default: \`${property.default}\`.` : "",
        `Environment variable: \`${environmentVariable(name)}\`.`,
      ];
      const spec = types.property("Config", name, property, "output");
      return [name, { ...spec, description: description.filter(Boolean).join(" ") }];
    }),
  );
}

function resource(definition: Definition, types: Types, names: PackageNames): ResourceSpec {
  const { name, description, id, plan, listing } = definition;
  const inputs = schemaOf(definition.inputs);
  const outputs = schemaOf(definition.outputs);
  // If the program gives no name, the provider makes one: as an output it is always set.
  const isOptional = (key: string) => key === plan.autoname;
  return {
    description: [
      description,
      exampleSection("resource", resourceExample(definition), names),
      `## Import\n\nThe ID is ${id}.`,
    ].join("\n\n"),
    properties: {
      ...types.properties(name, inputs, "output"),
      ...types.properties(name, outputs, "output"),
    },
    required: [
      ...propertiesOf(inputs).filter((one) => one.required || isOptional(one.name)),
      ...propertiesOf(outputs).filter((one) => one.required),
    ].map((one) => one.name),
    inputProperties: inputProperties(definition, inputs, types),
    requiredInputs: propertiesOf(inputs)
      .filter((one) => one.required && !isOptional(one.name))
      .map((one) => one.name),
    // As outputs, whose lists of values are plain: the engine's command line has no flags for others.
    ...(listing && {
      listInputs: types.object(`${name}List`, asGiven(schemaOf(listing.query)), "output"),
    }),
    // So that a program can move from the dynamic host to the plugin without a replacement.
    aliases: [{ type: dynamicType(name) }],
  };
}

/** The inputs. Registries and editors show which of them only a replacement can change. */
function inputProperties({ name, plan }: Definition, inputs: Schema, types: Types) {
  const specs = Object.entries(types.properties(name, asGiven(inputs, plan), "input"));
  return Object.fromEntries(
    specs.map(([key, spec]) => [
      key,
      isReplaceOnly(key, plan) ? { ...spec, willReplaceOnChanges: true } : spec,
    ]),
  );
}

function functionSpec(
  definition: FunctionDefinition,
  types: Types,
  names: PackageNames,
): FunctionSpec {
  const args = asGiven(schemaOf(definition.args));
  const owner = upperFirst(definition.name);
  const hasArguments = propertiesOf(args).length > 0;
  const example = exampleSection("call", functionExample(definition), names);
  return {
    description: `${definition.description}\n\n${example}`,
    ...(hasArguments && { inputs: types.object(owner, args, "input") }),
    outputs: types.object(owner, schemaOf(definition.result), "output"),
  };
}
