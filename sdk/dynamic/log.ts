import { EngineLog, type Message } from "../../provider/engine-log";
import { complain } from "../../provider/process/output";

/** How often progress is told where there is no line beside a resource to tell it in, in milliseconds. */
const progressInterval = 30_000;

/** What can be said about one resource. */
export interface Subject {
  /** How messages name it. */
  label: string;
  say(severity: Message["severity"], text: string): void;
  warn(text: string): void;
  /** A line beside the resource; where there is none, the stack's, at most twice per minute. */
  progress(text: string): void;
  /** The same, where every text matters. */
  wait(text: string): void;
}

/**
 * The messages of the dynamic host. Pulumi's dynamic provider shows only what it writes to stderr, as
 * messages of the stack without a severity; so they go to the engine directly, whose address is the first
 * argument of the process.
 */
export class HostLog {
  readonly #engine = new EngineLog();
  readonly #isAttached: boolean;
  #supported: Promise<void> | undefined;

  constructor(address: string | undefined = process.argv[2]) {
    this.#isAttached = address !== undefined && /^[^\s/]+:\d+$/.test(address);
    if (this.#isAttached && address !== undefined) this.#engine.attach(address);
  }

  /** @param urn the resource's; undefined: the message is the stack's */
  say(severity: Message["severity"], text: string, urn?: string): void {
    if (this.#isAttached) this.#engine.log({ severity, urn, text });
    else complain(severity === "warning" ? `warning: ${text}` : text);
  }

  /** Messages about a resource, which name it: `--diff` and the stack's messages show none beside them. */
  about(label: string, urn: string | undefined): Subject {
    const say: Subject["say"] = (severity, text) => this.say(severity, `${label}: ${text}`, urn);
    const hasLine = this.#isAttached && urn !== undefined;
    const wait: Subject["wait"] = (text) => {
      if (hasLine) this.#engine.log({ severity: "info", urn, text, ephemeral: true });
      else say("info", text);
    };
    let quietUntil = Date.now() + progressInterval;
    const progress: Subject["progress"] = (text) => {
      const now = Date.now();
      if (!hasLine && now < quietUntil) return;
      quietUntil = now + progressInterval;
      wait(text);
    };
    return { label, say, warn: (text) => say("warning", text), progress, wait };
  }

  /** Asks the engine, once, whether it is supported. @throws PulumiTooOld if it isn't */
  demandSupported(): Promise<void> {
    this.#supported ??= this.#engine.demandSupported();
    return this.#supported;
  }

  /** Waits until the engine has every message; undefined: it has them. */
  flush(): Promise<unknown> | undefined {
    return this.#engine.flush();
  }
}
