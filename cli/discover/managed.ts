import { FormationsError } from "../../provider/errors";
import { resolveConfig } from "../../provider/resource/config";
import type { Definition } from "../../provider/resource/definition";
import { unpack } from "../../provider/resource/marks";
import type { Values } from "../../provider/resource/values";
import { definitionOf, type ResourceState, revealed } from "../stack/deployment";
import type { Accounts } from "./accounts";
import type { Account, Manager } from "./model";
import { rootOf, serverOf } from "./server";
import { originFor, type Stack } from "./stacks";

/** A resource of a stack. */
export interface Holding {
  definition: Definition;
  id: string;
  /** Inputs as observed, and outputs, secrets in plain: for memory only. */
  state: Values;
  manager: Manager;
  /** The account of its provider; undefined: that is not configured. */
  account?: Account;
  /** Whether the stack is to keep it: a replaced one that is still to be deleted is not. */
  isKept: boolean;
}

/** A resource as a server has it. */
export interface Located {
  definition: Definition;
  id: string;
  state: Values;
}

/** What the stacks have, by where it is. */
export class Holdings {
  readonly #all: Holding[] = [];
  readonly #byPlace = new Map<string, Holding[]>();
  readonly #creations = new Map<string, Manager[]>();

  constructor(stacks: readonly Stack[], accounts: Accounts) {
    for (const stack of stacks) {
      const { resources, pending_operations: pending = [] } = stack.state.deployment;
      for (const one of resources) this.#add(stack, one, accounts);
      for (const { type, resource } of pending) {
        if (type === "creating") this.#addCreation(stack, resource);
      }
    }
  }

  /** What stacks have of a resource that was found on a server. */
  of(one: Located, server: string): readonly Holding[] {
    const held = placesOn(server, one).flatMap((place) => this.#byPlace.get(place) ?? []);
    return held.length > 1 ? [...new Set(held)] : held;
  }

  /** Who was interrupted while creating something like it: it may be the result. */
  creatorsOf({ definition, state }: Pick<Located, "definition" | "state">, server: string) {
    const place = claimOn(server, definition, state);
    return (place === undefined ? undefined : this.#creations.get(place)) ?? [];
  }

  /** All that stacks have and are to keep. */
  kept(): Holding[] {
    return this.#all.filter(({ isKept }) => isKept);
  }

  /** The servers that resources of an account name themselves, its own aside. */
  urlsOf(account: Account, definition: Definition): string[] {
    const named = new Map<string, string>();
    for (const { state, ...one } of this.#all) {
      if (one.account !== account || one.definition !== definition) continue;
      if (typeof state.url === "string") named.set(rootOf(state.url), state.url);
    }
    named.delete(account.server);
    return [...named.values()];
  }

  #add(stack: Stack, resource: ResourceState, accounts: Accounts): void {
    const definition = definitionOf(resource.type);
    const { id, urn, outputs = {} } = resource;
    // What the program only reads is not the stack's, and what is to be created again does not exist.
    if (!definition || !id || resource.external === true || resource.pendingReplacement) return;
    const { properties: state } = unpack(revealed(outputs) as Values);
    const origin = originFor(stack, resource);
    const server = serverFor(definition, stack, resource);
    if (server === undefined) return;
    const account = origin && accounts.of(origin, definition.system);
    const manager = { stack: stack.name, urn };
    const holding = { definition, id, state, manager, account, isKept: !resource.delete };
    this.#all.push(holding);
    for (const place of placesOn(server, holding)) {
      this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), holding]);
    }
  }

  #addCreation(stack: Stack, resource: ResourceState): void {
    const definition = definitionOf(resource.type);
    const server = definition && serverFor(definition, stack, resource);
    if (!definition || server === undefined) return;
    const { properties } = unpack(revealed(resource.inputs ?? {}) as Values);
    const place = claimOn(server, definition, properties);
    if (place === undefined) return;
    const creators = this.#creations.get(place) ?? [];
    creators.push({ stack: stack.name, urn: resource.urn });
    this.#creations.set(place, creators);
  }
}

/** The address that a resource's provider is configured for; undefined: it is not known. */
function serverFor(
  { system }: Definition,
  stack: Stack,
  resource: ResourceState,
): string | undefined {
  const origin = originFor(stack, resource);
  if (!origin) return undefined;
  try {
    return serverOf(
      system,
      resolveConfig(system, (key) => origin.values[key], process.env),
    );
  } catch (error) {
    // It is malformed, which is a failure of the account already.
    if (error instanceof FormationsError) return undefined;
    throw error;
  }
}

/**
 * The places of a resource among those of all servers: by its ID, and by the server's own. One that names
 * its server by `url` is on that one.
 */
export function placesOn(server: string, { definition, id, state }: Located): string[] {
  const { url, [definition.serverId ?? ""]: serverId } = state;
  const own = typeof url === "string" && id.startsWith(`${url}/`) ? id.slice(url.length + 1) : id;
  const at = serverIn(state, server);
  const place = JSON.stringify([definition.name, at, own]);
  if (typeof serverId !== "string") return [place];
  return [place, JSON.stringify([definition.name, at, { serverId }])];
}

function claimOn(server: string, definition: Definition, state: Values): string | undefined {
  const { url, ...others } = state;
  const claim = definition.claims?.(others);
  return claim && JSON.stringify([definition.name, serverIn(state, server), claim.name]);
}

function serverIn({ url }: Values, server: string): string {
  return typeof url === "string" ? rootOf(url) : server;
}
