import type { Definition, FunctionDefinition } from "../resource/definition";
import { InvalidRequest } from "./status";

/** What a URN says of a resource. */
export interface ResourceName {
  stack: string;
  project: string;
  /** The type token: `formations:index:Formation`. */
  type: string;
  /** The name that the program gives it. */
  name: string;
}

/**
 * Takes a URN apart: `urn:pulumi:stack::project::parentType$type::name`.
 *
 * @throws InvalidRequest when it is none
 */
export function parseUrn(urn: string): ResourceName {
  const [head = "", project, types, ...name] = urn.split("::");
  if (!head.startsWith("urn:pulumi:") || !project || !types || name.length === 0) {
    throw new InvalidRequest(`${JSON.stringify(urn.slice(0, 200))} is no URN of a resource.`);
  }
  return {
    stack: head.slice("urn:pulumi:".length),
    project,
    type: types.slice(types.lastIndexOf("$") + 1),
    name: name.join("::"),
  };
}

/**
 * Finds what a token names: `formations:index:Formation`, with or without a module path
 * (`formations:index/formation:Formation`).
 *
 * @throws InvalidRequest naming what there is
 */
export function named<T extends Definition | FunctionDefinition>(
  all: readonly T[],
  token: string,
): T {
  const [scope, module, name] = token.split(":");
  const found =
    scope === "formations" && module?.split("/")[0] === "index"
      ? all.find((one) => one.name === name)
      : undefined;
  if (found) return found;
  const there = all.map((one) => `formations:index:${one.name}`).join(", ");
  throw new InvalidRequest(
    `formations has no ${JSON.stringify(token.slice(0, 200))}; it has ${there}.`,
  );
}
