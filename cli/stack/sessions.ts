import { z } from "zod";
import { configNamespace } from "../../provider/resource/config";
import { createSession, type Session } from "../../provider/resource/session";
import { logicalName, packageName } from "../../provider/resource/urn";
import { containsUnknown, type Values } from "../../provider/resource/values";
import {
  exportState,
  providerOf,
  type ResourceState,
  revealed,
  type StackState,
} from "./deployment";
import { type Pulumi, parsedJson } from "./pulumi";

/** The type of a provider that a program makes of this package. */
export const providerType = `pulumi:providers:${packageName}`;

const configuration = z.record(z.string(), z.object({ value: z.string().optional() }));

/** The configuration of a provider, secrets included: for memory only. */
export interface ProviderConfig {
  /** Absent: it is the stack's configuration, which default providers have. */
  urn?: string;
  /** By key without the namespace. */
  values: Values;
}

/** Sessions with the configuration of a stack's providers: one per provider. */
export class Sessions {
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #pulumi: Pulumi;
  #accounts: ReadonlyMap<string, Values> = new Map();
  #config: Promise<Values> | undefined;
  #state: Promise<StackState> | undefined;

  /** @param state the stack's, with its secrets in plain, if it is known already */
  constructor(pulumi: Pulumi, state?: StackState) {
    this.#pulumi = pulumi;
    this.#state = state && Promise.resolve(state);
  }

  /** The stack's state with its secrets in plain, for memory only. */
  state(): Promise<StackState> {
    this.#state ??= exportState(this.#pulumi, true);
    return this.#state;
  }

  /**
   * Adds the explicit providers that the next run creates.
   *
   * @param accounts their configuration, by URN
   */
  expect(accounts: ReadonlyMap<string, Values>): void {
    this.#accounts = accounts;
  }

  /** Whether the configuration of a resource's provider is known: not if it depends on what the next run creates. */
  async canServe(resource: ResourceState): Promise<boolean> {
    const [urn] = providerOf(resource);
    if (isDefault(urn)) return true;
    const { deployment } = await this.state();
    if (deployment.resources.some((one) => one.urn === urn)) return true;
    const expected = this.#accounts.get(urn);
    return expected !== undefined && !containsUnknown(expected);
  }

  /** The session of a resource's provider. */
  of(resource: ResourceState): Promise<Session> {
    const [urn] = providerOf(resource);
    const found = this.#sessions.get(urn) ?? this.#start(resource);
    this.#sessions.set(urn, found);
    return found;
  }

  /** The configuration of all providers that the stack can have: the default one's, then explicit ones'. */
  async all(): Promise<ProviderConfig[]> {
    const { deployment } = await this.state();
    const explicit = deployment.resources.filter(
      (one) => one.type === providerType && !isDefault(one.urn) && !one.delete,
    );
    return [
      { values: await this.#stackConfig() },
      ...explicit.map(({ urn, inputs = {} }) => ({ urn, values: revealed(inputs) as Values })),
    ];
  }

  /** The configuration of a resource's provider, secrets included: for memory only. */
  configOf(resource: ResourceState): Promise<Values> {
    const [urn] = providerOf(resource);
    return isDefault(urn) ? this.#stackConfig() : this.#inputsOf(urn);
  }

  async #start(resource: ResourceState): Promise<Session> {
    const values = await this.configOf(resource);
    return createSession((key) => values[key]);
  }

  /** The stack's configuration, by key without the namespace. */
  #stackConfig(): Promise<Values> {
    this.#config ??= this.#pulumi.run(["config", "--json", "--show-secrets"]).then((printed) => {
      const prefix = `${configNamespace}:`;
      const all = Object.entries(configuration.parse(parsedJson("pulumi config", printed)));
      return Object.fromEntries(
        all
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, { value }]) => [key.slice(prefix.length), value]),
      );
    });
    return this.#config;
  }

  /** The inputs of an explicit provider, in the state or yet to be created. */
  async #inputsOf(urn: string): Promise<Values> {
    const { deployment } = await this.state();
    const provider = deployment.resources.find((one) => one.urn === urn);
    return provider ? (revealed(provider.inputs ?? {}) as Values) : (this.#accounts.get(urn) ?? {});
  }
}

/** Whether the engine creates a provider from the stack's configuration. */
export function isDefault(urn: string): boolean {
  return /^default[^:]*$/.test(logicalName(urn));
}
