import type { Definition, FunctionDefinition } from "../resource/definition";
import { findByToken, parseUrn, type ResourceName, token } from "../resource/urn";
import { InvalidRequest } from "./status";

/**
 * What is loaded at its first use: the bundle keeps a `require` in a function lazy. It is kept here, since
 * each `require` of the bundle makes another object of the module's exports.
 */
export function lazily<Loaded>(load: () => Loaded): () => Loaded {
  let loaded: Loaded | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

/** Every definition. The engine asks other things first. */
export const catalogue = lazily((): typeof import("..") => require(".."));

/**
 * The definition of the resource that a request is about.
 *
 * @throws InvalidRequest naming the resources that exist
 */
export function resourceOf(request: { getUrn(): string }): Definition {
  return resourceCalled(nameOf(request.getUrn()).type);
}

/**
 * The definition of a resource, by its token.
 *
 * @throws InvalidRequest naming the resources that exist
 */
export function resourceCalled(token: string): Definition {
  return named(catalogue().resources, token);
}

/**
 * The definition of a function, by its token.
 *
 * @throws InvalidRequest naming the functions that exist
 */
export function functionOf(token: string): FunctionDefinition {
  return named(catalogue().functions, token);
}

/**
 * What a request's URN says.
 *
 * @throws InvalidRequest when it is not the URN of a resource
 */
export function nameOf(urn: string): ResourceName {
  const name = parseUrn(urn);
  if (name) return name;
  throw new InvalidRequest(`${JSON.stringify(urn.slice(0, 200))} is not a resource URN.`);
}

function named<T extends { name: string }>(all: readonly T[], wanted: string): T {
  const found = findByToken(all, wanted);
  if (found) return found;
  const known = all.map(({ name }) => token(name)).join(", ");
  throw new InvalidRequest(
    `formations has no ${JSON.stringify(wanted.slice(0, 200))}. It has: ${known}.`,
  );
}
