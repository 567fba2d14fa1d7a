import type { Definition } from "../../provider/resource/definition";
import { propertiesOf, type Schema, schemaOf } from "../../provider/resource/json-schema";
import { isReplaceOnly } from "../../provider/resource/plan";
import { holdsSecret, secretsIn } from "../../provider/resource/secrets";
import { asGiven } from "../../provider/schema/given";
import { docComment, members, typeText } from "./types";

/** The source of a resource's class for the dynamic host. */
export function resourceClass(definition: Definition): string {
  const { name } = definition;
  const inputs = schemaOf(definition.inputs);
  const outputs = schemaOf(definition.outputs);
  const args = members(asGiven(withName(definition, inputs), definition.plan), "input");
  const article = /^[AEIO]/.test(name) ? "an" : "a";
  const { autoname } = definition.plan;
  const generated = autoname
    ? `; if \`${autoname}\` is not set, the provider makes it from this one`
    : "";
  return `${header}
import * as pulumi from "@pulumi/pulumi";
import { type Description, FormationsResource${args.includes("Suggested<") ? ", type Suggested" : ""} } from "../resource";

const description: Description = ${JSON.stringify(descriptionOf(definition, inputs, outputs))};

/** The arguments of {@link ${name}}. */
export interface ${name}Args {
${args}}

${docComment(definition.description)}export class ${name} extends FormationsResource {
${outputMembers(inputs, definition)}${outputMembers(outputs, definition)}
  /**
   * Declares ${article} \`${name}\`: \`pulumi up\` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program${generated}
   * @param args its inputs
   * @param opts Pulumi's resource options, such as \`protect\` and \`ignoreChanges\`
   */
  constructor(name: string, args: ${name}Args, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }

  /**
   * Reads ${article} \`${name}\` that exists already. \`pulumi up\` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id ${definition.id}
   * @param opts Pulumi's resource options, such as \`dependsOn\` and \`parent\`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): ${name} {
    return FormationsResource.read(${name}, name, id, opts);
  }
}
`;
}

/** The file of a resource: \`app-formation\` for \`AppFormation\`. */
export function fileName(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
}

/** The first line of every generated file. */
export const header = `// Generated from the definitions in provider/ by \`npm run generate\`: change those.
`;

function descriptionOf(definition: Definition, inputs: Schema, outputs: Schema) {
  const { name, plan } = definition;
  return {
    type: name,
    module: fileName(name),
    properties: [inputs, outputs].flatMap((schema) => namesIn(schema)),
    secretInputs: namesIn(inputs, holdsSecrets),
    secretOutputs: namesIn(outputs, holdsSecrets),
    ...(plan.autoname && {
      autoname: {
        property: plan.autoname,
        from: propertiesOf(inputs)
          .map((property) => property.name)
          .filter((key) => key !== plan.autoname && isReplaceOnly(key, plan)),
      },
    }),
  };
}

/** The names of a schema's properties that fit. */
function namesIn(schema: Schema, fits: (property: Schema) => boolean = () => true): string[] {
  return propertiesOf(schema)
    .filter((property) => fits(property.schema))
    .map(({ name }) => name);
}

function holdsSecrets(schema: Schema): boolean {
  return holdsSecret(secretsIn(schema));
}

/** If the program gives no name, the provider makes one: as an output it is always set. */
function withName({ plan }: Definition, inputs: Schema): Schema {
  return plan.autoname
    ? { ...inputs, required: inputs.required?.filter((key) => key !== plan.autoname) }
    : inputs;
}

function outputMembers(schema: Schema, { plan }: Definition): string {
  return propertiesOf(schema)
    .map(({ name, schema: property, required }) => {
      const absent = required || name === plan.autoname ? "" : " | undefined";
      const type = typeText(property, "plain");
      return `${docComment(property.description, "  ")}  declare readonly ${name}: pulumi.Output<${type}${absent}>;\n`;
    })
    .join("");
}
