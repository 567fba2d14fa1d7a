import { EngineLog } from "../engine-log";
import { ConfigurationError, MissingConfiguration } from "../resource/errors";
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
  #isDirect = false;
  /** Whether the handshake showed that the engine is newer than the oldest: it is not asked for its version. */
  isNewer = false;

  /** The session, made from the latest configuration. */
  get session(): Session {
    this.#current ??= session().createSession((key) => this.#config?.[key]);
    return this.#current;
  }

  /** Whether the engine has sent the provider's configuration: before, nothing can be said of it. */
  get isConfigured(): boolean {
    return this.#config !== undefined;
  }

  /**
   * Whether a command of `pulumi do` calls that works on no stack: nothing that a call returns is kept, so
   * there is no next run that could resume anything.
   */
  get isDirect(): boolean {
    return this.#isDirect;
  }

  /**
   * Takes the provider's configuration. The environment may have what is missing in it.
   *
   * @param isDirect see {@link isDirect}
   */
  configure(config: Values, isDirect = false): void {
    this.#config = config;
    this.#current = undefined;
    this.#isDirect = isDirect;
    // The command prints information to standard output, among the JSON that a script reads there.
    this.log.mildest = isDirect ? "warning" : "info";
  }

  /** An error as the caller can act on it. */
  explained(error: unknown): unknown {
    const isOfStack = this.#isDirect && error instanceof MissingConfiguration;
    return isOfStack ? new ConfigurationError(error.withoutStack) : error;
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
   * @param own aborted when nobody waits for this call any more. Default: only a cancel ends it
   */
  call(urn: string | undefined, timeout = 0, own?: AbortSignal): Call {
    const { log } = this;
    const { signal } = this.#aborter;
    const status = (text: string) => log.log({ severity: "info", urn, text, ephemeral: true });
    return {
      // The URN of such a command names no resource of a program, which messages could refer to.
      urn: this.#isDirect ? undefined : urn,
      signal: own ? AbortSignal.any([own, signal]) : signal,
      timeout: timeout > 0 ? timeout * 1000 : undefined,
      progress: status,
      onWait: status,
      warn: (text) => log.log({ severity: "warning", urn, text }),
    };
  }
}
