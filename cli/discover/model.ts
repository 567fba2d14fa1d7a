import type { Definition, System } from "../../provider/resource/definition";
import type { Marks } from "../../provider/resource/marks";
import type { Session } from "../../provider/resource/session";
import type { Values } from "../../provider/resource/values";

/** An account that is searched: a system, with the configuration of one provider or of the environment. */
export interface Account {
  system: System;
  /** What its client is made from. */
  session: Session;
  /** For people: `Citus Cloud`, or `Citus Cloud (provider citus-eu)` where a program has several. */
  title: string;
  /** The URN of the explicit provider whose configuration it is. Absent: the default one's, or the environment's. */
  provider?: string;
  /** Its system's configuration with defaults, secrets in plain: for memory only. */
  config: Values;
  /** The address of its server: two accounts of one server know a resource by the same ID. */
  server: string;
}

/** A stack's resource. */
export interface Manager {
  /** The stack's name, as it was given. */
  stack: string;
  urn: string;
}

/** A resource that exists on a server. */
export interface Found {
  definition: Definition;
  account: Account;
  /** As an import takes it. */
  id: string;
  /** What people call it: `events`, `shop-dev/web`. */
  name: string;
  /** As a read returns it: inputs as observed, and outputs. Secrets are plain, for memory only. */
  state: Values;
  /** What a state has to remember of it: that it is not ready yet. */
  marks: Marks;
  /** What the server is busy with or what failed: `state "creating"`. Absent: it is ready. */
  pending?: string;
  /** Whether the server is deleting it. */
  isLeaving: boolean;
  /** The stacks that have it, of those that were given. */
  managers: readonly Manager[];
}

/** A resource of a stack that its server does not have. */
export interface Missing {
  definition: Definition;
  id: string;
  manager: Manager;
}

/** What exists in the accounts, beside what the stacks have. */
export interface Inventory {
  /** In the order of systems, accounts and lists. */
  found: readonly Found[];
  /** Of the stacks that were given, in accounts that were listed whole. */
  missing: readonly Missing[];
  /** The names of the stacks that were given. */
  stacks: readonly string[];
  /** Systems that are not configured, each with what is missing: whole sentences. */
  skipped: readonly string[];
  /** What could not be listed or read, in whole sentences: the inventory is not complete. */
  failures: readonly string[];
  /** What else a reader has to know, in whole sentences. */
  remarks: readonly string[];
  /** The accounts of which a list, or the beginning of one, was read. */
  listed: readonly Account[];
}
