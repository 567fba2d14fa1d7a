/** The package's name, which begins its type tokens and its configuration keys. */
export const packageName = "formations";

/** What a URN says of a resource. */
export interface ResourceName {
  stack: string;
  project: string;
  /** The type token: `formations:index:Formation`. */
  type: string;
  /** The name that the program gives it. */
  name: string;
}

/** The token of a resource or function on the plugin: `formations:index:Formation`. */
export function token(name: string): string {
  return `${packageName}:index:${name}`;
}

/** A resource's type on the dynamic host, as states have it. */
export function dynamicType(name: string): string {
  return `pulumi-nodejs:dynamic/${packageName}:${name}`;
}

/**
 * Finds what a token names, with or without a module path: `formations:index:Formation`,
 * `formations:index/formation:Formation`.
 */
export function findByToken<T extends { name: string }>(
  all: readonly T[],
  token: string,
): T | undefined {
  const [scope, module, name] = token.split(":");
  if (scope !== packageName || module?.split("/")[0] !== "index") return undefined;
  return all.find((one) => one.name === name);
}

/** Finds the definition of a resource's type on either host. */
export function definitionOfType<T extends { name: string }>(
  type: string,
  definitions: readonly T[],
): T | undefined {
  return (
    findByToken(definitions, type) ?? definitions.find(({ name }) => dynamicType(name) === type)
  );
}

/**
 * Takes a URN apart: `urn:pulumi:stack::project::parentType$type::name`. Undefined: it is not the URN
 * of a resource.
 */
export function parseUrn(urn: string): ResourceName | undefined {
  const [head = "", project, types, ...name] = urn.split("::");
  if (!head.startsWith("urn:pulumi:") || !project || !types || name.length === 0) return undefined;
  return {
    stack: head.slice("urn:pulumi:".length),
    project,
    type: types.slice(types.lastIndexOf("$") + 1),
    name: name.join("::"),
  };
}

/** The types of the components that a resource is in, the outermost first. */
export function parentTypes(urn: string): string[] {
  const [, , types = ""] = urn.split("::");
  return types.split("$").slice(0, -1);
}

/** The name that the program gives a resource; a text that is not a URN is returned as it is. */
export function logicalName(urn: string): string {
  return parseUrn(urn)?.name ?? urn;
}
