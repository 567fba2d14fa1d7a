import type { FunctionDefinition } from "../../provider/resource/definition";
import { type Schema, schemaOf } from "../../provider/resource/json-schema";
import { holdsSecret, secretsIn } from "../../provider/resource/secrets";
import { asGiven } from "../../provider/schema/given";
import { upperFirst } from "../../provider/schema/types";
import { header } from "./resource-class";
import { docComment, type Flavour, members } from "./types";

/** The source of the functions that read, for programs. */
export function functionsSource(functions: readonly FunctionDefinition[]): string {
  return `${header}
import type * as pulumi from "@pulumi/pulumi";
import { invoke, invokeOutput } from "../invoke";

${functions.map(functionSource).join("\n")}`;
}

function functionSource(definition: FunctionDefinition): string {
  const { name, description } = definition;
  const type = upperFirst(name);
  const args = asGiven(schemaOf(definition.args));
  const result = schemaOf(definition.result);
  const secret = holdsSecret(secretsIn(result));
  const plain = secret
    ? `${description}\n\nThe result has its secrets in plain text; \`${name}Output\` keeps them secret.`
    : description;
  const output = `${description}\n\nAccepts outputs of other resources and returns an output${secret ? ", which is a secret" : ""}.`;
  return `${argsInterface(name, `${type}Args`, args, "plain")}${argsInterface(`${name}Output`, `${type}OutputArgs`, args, "input")}/** The result of {@link ${name}}. */
export interface ${type}Result {
${members(result, "plain")}}

${docComment(plain)}export function ${name}(${parameter(`${type}Args`, args)}): Promise<${type}Result> {
  return invoke("${name}", ${hasMembers(args) ? "args" : "{}"});
}

${docComment(output)}export function ${name}Output(${parameter(`${type}OutputArgs`, args)}): pulumi.Output<${type}Result> {
  return invokeOutput("${name}", ${hasMembers(args) ? "args" : "{}"}, ${secret});
}
`;
}

function argsInterface(name: string, type: string, args: Schema, flavour: Flavour): string {
  if (!hasMembers(args)) return "";
  return `/** The arguments of {@link ${name}}. */
export interface ${type} {
${members(args, flavour)}}

`;
}

function parameter(type: string, args: Schema): string {
  if (!hasMembers(args)) return "";
  return args.required?.length ? `args: ${type}` : `args: ${type} = {}`;
}

function hasMembers(schema: Schema): boolean {
  return Object.keys(schema.properties ?? {}).length > 0;
}
