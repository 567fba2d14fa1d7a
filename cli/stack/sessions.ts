import { z } from "zod";
import { configNamespace } from "../../provider/resource/config";
import { createSession, type Session } from "../../provider/resource/session";
import { logicalName } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import {
  exportState,
  providerOf,
  type ResourceState,
  revealed,
  type StackState,
} from "./deployment";
import { type Pulumi, parsedJson } from "./pulumi";

const configuration = z.record(z.string(), z.object({ value: z.string().optional() }));

/** Sessions with the configuration of a stack's providers: one per provider. */
export class Sessions {
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #pulumi: Pulumi;
  #config: Promise<Values> | undefined;
  #state: Promise<StackState> | undefined;

  constructor(pulumi: Pulumi) {
    this.#pulumi = pulumi;
  }

  /** The stack's state with its secrets in plain, for memory only. */
  state(): Promise<StackState> {
    this.#state ??= exportState(this.#pulumi, true);
    return this.#state;
  }

  /** The session of a resource's provider. */
  of(resource: ResourceState): Promise<Session> {
    const [urn] = providerOf(resource);
    const found = this.#sessions.get(urn) ?? this.#start(resource);
    this.#sessions.set(urn, found);
    return found;
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

  /** The inputs of an explicit provider. */
  async #inputsOf(urn: string): Promise<Values> {
    const { deployment } = await this.state();
    const provider = deployment.resources.find((one) => one.urn === urn);
    return revealed(provider?.inputs ?? {}) as Values;
  }
}

/** Whether the engine creates a provider from the stack's configuration. */
export function isDefault(urn: string): boolean {
  return /^default[^:]*$/.test(logicalName(urn));
}
