/*
 * The parts of Pulumi's package schema that are used here; its own metaschema is
 * https://www.pulumi.com/docs/iac/packages-and-automation/crosslang/schema/.
 */

/** A type: a primitive, a list, a map, a reference into the package's own types, or one of several. */
export interface TypeSpec {
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  $ref?: string;
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  oneOf?: TypeSpec[];
}

/** A property of a resource, a function or a type. */
export interface PropertySpec extends TypeSpec {
  description?: string;
  secret?: boolean;
  /** Whether only a replacement can change it. For documentation: the plan decides. */
  willReplaceOnChanges?: boolean;
}

/** An object's properties. */
export interface ObjectSpec {
  type: "object";
  description?: string;
  properties: Record<string, PropertySpec>;
  required?: string[];
}

/** A list of values; an open one is one of it and the plain type. */
export interface EnumSpec {
  type: "string" | "integer" | "number";
  enum: { value: string | number | boolean }[];
}

export interface ResourceSpec {
  description: string;
  properties: Record<string, PropertySpec>;
  required: string[];
  inputProperties: Record<string, PropertySpec>;
  requiredInputs: string[];
  /** What can narrow a list of it. Absent: it can't be listed. */
  listInputs?: ObjectSpec;
  aliases?: { type: string }[];
}

export interface FunctionSpec {
  description: string;
  inputs?: ObjectSpec;
  outputs: ObjectSpec;
}

/** Where a package comes from, as URLs. */
export interface Origin {
  homepage: string;
  repository: string;
  logoUrl: string;
  pluginDownloadURL: string;
}

/** A whole package. */
export interface PackageSpec extends Partial<Origin> {
  name: string;
  displayName: string;
  version: string;
  description: string;
  keywords: string[];
  license: string;
  publisher: string;
  /** With `supportPack` an SDK names its version and is a whole package of its language. */
  meta: { moduleFormat: string; supportPack: boolean };
  language: Record<string, unknown>;
  config: { variables: Record<string, PropertySpec> };
  provider: Pick<ResourceSpec, "description" | "inputProperties">;
  types: Record<string, ObjectSpec | EnumSpec>;
  resources: Record<string, ResourceSpec>;
  functions: Record<string, FunctionSpec>;
}
