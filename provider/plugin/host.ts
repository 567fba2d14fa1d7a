import { EngineLog } from "../engine-log";
import type { Call } from "../resource/lifecycle";
import type { Session } from "../resource/session";
import type { Values } from "../resource/values";

const session = (): typeof import("../resource/session") => require("../resource/session");

/** One plugin process: what all its calls share. */
export class Host {
  readonly log = new EngineLog();
  readonly #aborter = new AbortController();
  #current: Session | undefined;
  #config: Values | undefined;

  /** The session, made from the latest configuration. */
  get session(): Session {
    this.#current ??= session().createSession((key) => this.#config?.[key]);
    return this.#current;
  }

  /** Whether the engine has sent the provider's configuration: before, nothing can be said of it. */
  get isConfigured(): boolean {
    return this.#config !== undefined;
  }

  /** Takes the provider's configuration. The environment may have what is missing in it. */
  configure(config: Values): void {
    this.#config = config;
    this.#current = undefined;
  }

  /** Cancels all calls. What they have created by then stays in the state. */
  cancel(): void {
    this.#aborter.abort();
  }

  /**
   * What the lifecycle needs to know of a call.
   *
   * @param urn the resource's; undefined: the call of a function
   * @param timeout seconds, from the program's `customTimeouts`; 0: the default
   */
  call(urn: string | undefined, timeout = 0): Call {
    const { log } = this;
    const status = (text: string) => log.log({ severity: "info", urn, text, ephemeral: true });
    return {
      urn,
      signal: this.#aborter.signal,
      timeout: timeout > 0 ? timeout * 1000 : undefined,
      progress: status,
      onWait: status,
      warn: (text) => log.log({ severity: "warning", urn, text }),
    };
  }
}
