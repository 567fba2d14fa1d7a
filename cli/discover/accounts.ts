import { FormationsError } from "../../provider/errors";
import type { Clock } from "../../provider/process/clock";
import { resolveConfig } from "../../provider/resource/config";
import type { System } from "../../provider/resource/definition";
import { MissingConfiguration } from "../../provider/resource/errors";
import { createSession } from "../../provider/resource/session";
import { logicalName } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import { visible } from "../visible";
import type { Account } from "./model";
import { serverOf } from "./server";

/** Where configuration comes from: the environment, or a provider of a stack. */
export interface Origin {
  /** For people, where a system has several accounts: `stack production`. */
  name: string;
  /** The URN of an explicit provider. */
  provider?: string;
  /** What it sets; the environment has the rest. */
  values: Values;
}

/** The accounts that are configured. */
export class Accounts {
  /** In the order of systems. */
  readonly all: readonly Account[];
  /** Systems that are not configured, each with what is missing: whole sentences. */
  readonly skipped: readonly string[];
  /** What is malformed in the others, in whole sentences. */
  readonly failures: readonly string[];
  readonly #of = new Map<Origin, Map<System, Account>>();

  /**
   * Finds the accounts of systems, without a request. Equal configurations are one account.
   *
   * @param origins where configuration comes from; an account is named after the first that has it
   */
  constructor(systems: readonly System[], origins: readonly Origin[], clock: Clock) {
    const found = systems.map((system) => this.#accountsOf(system, origins, clock));
    this.all = found.flatMap(({ accounts }) => accounts);
    this.failures = found.flatMap(({ failures }) => failures);
    this.skipped = found.flatMap(({ accounts, failures, missing }) =>
      accounts.length === 0 && failures.length === 0 && missing !== undefined ? [missing] : [],
    );
  }

  /** The account of an origin; undefined: it is not configured there. */
  of(origin: Origin, system: System): Account | undefined {
    return this.#of.get(origin)?.get(system);
  }

  #accountsOf(system: System, origins: readonly Origin[], clock: Clock) {
    const byConfig = new Map<string, { account: Account; origin: Origin }>();
    const failures = new Set<string>();
    let missing: string | undefined;
    for (const origin of origins) {
      try {
        const account = accountOf(system, origin, clock);
        if (!account) continue;
        const key = JSON.stringify(account.config);
        const known = byConfig.get(key) ?? { account, origin };
        byConfig.set(key, known);
        this.#remember(origin, system, known.account);
      } catch (error) {
        if (error instanceof MissingConfiguration) missing ??= error.message;
        else if (error instanceof FormationsError) failures.add(error.message);
        else throw error;
      }
    }
    const found = [...byConfig.values()];
    if (found.length > 1) {
      for (const { account, origin } of found) account.title = `${system.title} (${origin.name})`;
    }
    return { accounts: found.map(({ account }) => account), failures: [...failures], missing };
  }

  #remember(origin: Origin, system: System, account: Account): void {
    const accounts = this.#of.get(origin) ?? new Map<System, Account>();
    this.#of.set(origin, accounts.set(system, account));
  }
}

/**
 * @returns undefined: it depends on what the next run creates
 * @throws ConfigurationError if it is not configured, or malformed
 */
function accountOf(
  system: System,
  { provider, values }: Origin,
  clock: Clock,
): Account | undefined {
  const read = (key: string) => values[key];
  const session = createSession(read, process.env, clock);
  if (!session.isKnown(system)) return undefined;
  const api = session.api(system);
  system.reach?.(api, {});
  const config = resolveConfig(system, read, process.env);
  const { title } = system;
  return { ...{ system, session, title, config }, server: serverOf(system, config), provider };
}

/** What the environment configures. */
export const fromEnvironment: Origin = { name: "environment", values: {} };

/** What a provider of a stack configures. @param urn undefined: the stack's own configuration */
export function originOf(stack: string, urn: string | undefined, values: Values): Origin {
  if (urn === undefined) return { name: `stack ${stack}`, values };
  return { name: visible(`provider ${logicalName(urn)} of ${stack}`), provider: urn, values };
}
