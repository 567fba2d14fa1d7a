import { FormationsError } from "../errors";
import type { Kept } from "./marks";

/** A configuration value is missing or malformed. The message names its key and environment variable. */
export class ConfigurationError extends FormationsError {
  readonly code = "CONFIGURATION";

  /** What a preview says of it. */
  get foreseen(): string {
    return `${this.message} \`pulumi up\` will fail.`;
  }
}

/**
 * A configuration value other than a credential is malformed: a preview fails for it. It does without
 * credentials, so that one can run where there are none.
 */
export class InvalidConfiguration extends ConfigurationError {}

/** A configuration value is missing. */
export class MissingConfiguration extends ConfigurationError {
  readonly #foreseen: string;
  /** What a command says of it that reads no stack's configuration. */
  readonly withoutStack: string;

  /** @param foreseen what a preview says of it: what will fail, and how to set the value */
  constructor(message: string, foreseen: string, withoutStack: string) {
    super(message);
    this.#foreseen = foreseen;
    this.withoutStack = withoutStack;
  }

  override get foreseen(): string {
    return this.#foreseen;
  }
}

/** A function's arguments, a verb's inputs or an ID are not valid. */
export class InvalidArguments extends FormationsError {
  readonly code = "INVALID_ARGUMENTS";
}

/** The plan refuses a change. Nothing was sent. */
export class ChangeRefused extends FormationsError {
  readonly code = "CHANGE_REFUSED";
}

/** Something that exists already in the place of what is to be created. */
export interface Rival {
  /** What it is: `formation "db" in us-east-1`. */
  what: string;
  /** Its ID, as an import takes it. */
  id: string;
  /** When it was created. */
  since?: string;
  /** The URN of what was to be created, if the host knows it. */
  urn?: string;
  /** What was done, in whole sentences. Default: nothing was created. */
  outcome?: string;
  /** What else can be done, besides adopting it: `give this one another name`. */
  otherwise: string;
}

/** Something that is not this resource already has its name or place. The message says how to adopt it. */
export class AlreadyExists extends FormationsError {
  readonly code = "ALREADY_EXISTS";
  readonly rival?: Rival;

  constructor(message: string, { rival, ...options }: ErrorOptions & { rival?: Rival } = {}) {
    super(message, options);
    this.rival = rival;
  }
}

/** A function asked for something that the server does not have. */
export class NoSuchResource extends FormationsError {
  readonly code = "NO_SUCH_RESOURCE";
}

/** Parts of a list could not be read. What its other parts have was listed before. */
export class PartlyListed extends FormationsError {
  readonly code = "PARTLY_LISTED";
  override readonly outOfTime: boolean;

  /**
   * @param part what each part is: `app`
   * @param names of the parts that could not be read
   * @param cause the error of one of them
   */
  constructor(part: string, names: readonly string[], cause: Error) {
    const shown = names.slice(0, shownNames).join(", ");
    const others = names.length > shownNames ? ` and ${names.length - shownNames} more` : "";
    const parts = names.length === 1 ? part : `${part}s`;
    super(`The list lacks the ${parts} ${shown}${others}. ${cause.message}`, { cause });
    this.outOfTime = cause instanceof FormationsError && cause.outOfTime;
  }
}

/** How many names a message shows. */
const shownNames = 5;

/** The server reports a state from which the resource will not become ready. */
export class ResourceFailed extends FormationsError {
  readonly code = "RESOURCE_FAILED";
}

/** A wait reached its deadline. What was created or changed exists and may still finish. */
export class WaitTimedOut extends FormationsError {
  readonly code = "WAIT_TIMED_OUT";
  override readonly outOfTime = true;
}

/** The engine or the program cancelled the operation. */
export class Cancelled extends FormationsError {
  readonly code = "CANCELLED";
}

/**
 * The resource exists on the server, but its creation or change did not end. Hosts hand what is kept to
 * the engine, so that nothing that was created is lost.
 */
export class Incomplete extends FormationsError implements Kept {
  readonly code = "INCOMPLETE";
  readonly id: string;
  readonly state: Kept["state"];
  readonly marks: Kept["marks"];
  override readonly outOfTime: boolean;

  constructor({ id, state, marks }: Kept, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.outOfTime = cause instanceof FormationsError && cause.outOfTime;
    this.id = id;
    this.state = state;
    this.marks = marks;
  }

  /** The message is the cause's, and so is what to do. */
  override get topic(): string {
    return this.cause instanceof FormationsError ? this.cause.topic : this.code;
  }
}
