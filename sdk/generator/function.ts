import type { FunctionDefinition } from "../../provider/resource/definition";
import { header } from "./resource-class";
import { holdsSecret, schemaOf } from "./schema";
import { docComment, members } from "./types";

/** The source of the functions that read, for programs. */
export function functionsSource(functions: readonly FunctionDefinition[]): string {
  return `${header}
import type * as pulumi from "@pulumi/pulumi";
import { invoke, invokeOutput } from "../invoke";

${functions.map(functionSource).join("\n")}`;
}

function functionSource(definition: FunctionDefinition): string {
  const { name, description } = definition;
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const args = schemaOf(definition.args);
  const result = schemaOf(definition.result);
  const fallback = args.required?.length ? "" : " = {}";
  return `/** The arguments of {@link ${name}}. */
export interface ${type}Args {
${members(args, "plain")}}

/** The arguments of {@link ${name}Output}. */
export interface ${type}OutputArgs {
${members(args, "input")}}

/** What {@link ${name}} gives. */
export interface ${type}Result {
${members(result, "plain")}}

${docComment(holdsSecret(result) ? `${description}\n\nSecrets in the result are plain here; \`${name}Output\` keeps them secret.` : description)}export function ${name}(args: ${type}Args${fallback}): Promise<${type}Result> {
  return invoke("${name}", args);
}

${docComment(`${description}\n\nTakes outputs of other resources, and gives an output${holdsSecret(result) ? ", which is a secret" : ""}.`)}export function ${name}Output(args: ${type}OutputArgs${fallback}): pulumi.Output<${type}Result> {
  return invokeOutput("${name}", args, ${holdsSecret(result)});
}
`;
}
