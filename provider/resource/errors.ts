import { FormationsError } from "../errors";
import type { Values } from "./values";

/** A needed configuration value is missing or malformed. The message names key and variable. */
export class ConfigurationError extends FormationsError {
  readonly code = "CONFIGURATION";
}

/** A function's arguments are wrong. */
export class InvalidArguments extends FormationsError {
  readonly code = "INVALID_ARGUMENTS";
}

/** The plan refuses a change: nothing was sent. */
export class ChangeRefused extends FormationsError {
  readonly code = "CHANGE_REFUSED";
}

/** Something that is not this resource already has its name or place. Says how to adopt it. */
export class AlreadyExists extends FormationsError {
  readonly code = "ALREADY_EXISTS";
}

/** A function asked for something that the server does not have. */
export class NoSuchResource extends FormationsError {
  readonly code = "NO_SUCH_RESOURCE";
}

/** The server reports a state from which the resource will not become ready by itself. */
export class ResourceFailed extends FormationsError {
  readonly code = "RESOURCE_FAILED";
}

/** Waiting ended at its deadline. What was created or changed is there and may still finish. */
export class WaitTimedOut extends FormationsError {
  readonly code = "WAIT_TIMED_OUT";
  override readonly outOfTime = true;
}

/** The program or the engine asked for the end of an operation. */
export class Cancelled extends FormationsError {
  readonly code = "CANCELLED";
}

/**
 * The resource exists on the server but the operation did not end. Hosts hand ID and state to the
 * engine, so that nothing that was created is lost.
 */
export class Incomplete extends FormationsError {
  readonly code = "INCOMPLETE";
  readonly id: string;
  readonly state: Values;
  override readonly outOfTime: boolean;

  constructor(id: string, state: Values, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.outOfTime = cause instanceof FormationsError && cause.outOfTime;
    this.id = id;
    this.state = state;
  }
}

/** What stands in a creation's way. */
export interface Rival {
  /** What it is: `formation "db" in us-east-1`. */
  what: string;
  /** Its ID, as an import takes it. */
  id: string;
  /** When it was created. */
  since?: string;
  /** The URN of what was to be created, where the host knows it. */
  urn?: string;
  /** What was done, in whole sentences. Default: nothing was created. */
  outcome?: string;
  /** What else can be done, besides adopting it. */
  otherwise: string;
}

/**
 * The line that takes what exists into a stack's state, as a shell takes it, in the project's folder.
 *
 * @param name a URN, or a name in the program
 * @param options of the command, besides
 */
export function adoptingCommand(name: string, id: string, options: readonly string[] = []): string {
  const adopted = shellWord(`${name}=${id}`);
  // The package is named since `npx formations` alone takes any package of that name where there is none.
  return ["npx -p pulumi-formations formations recover --yes", ...options.map(shellWord)]
    .concat(`--adopt ${adopted}`)
    .join(" ");
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The error for a creation that finds its place taken: a second one is never made on a guess. */
export function alreadyExists(rival: Rival): AlreadyExists {
  const { what, id, since, urn = "NAME", outcome = "Nothing was created.", otherwise } = rival;
  return new AlreadyExists(
    `There already is a ${what}: ID ${id}${since ? `, created ${since}` : ""}. ${outcome} ` +
      `If it is this resource, lost by a run that was interrupted, take it into the stack's state: \`${adoptingCommand(urn, id)}\`${urn === "NAME" ? ", NAME being its name in the program" : ""} (docs/adopting.md). ` +
      `Otherwise ${otherwise}. A resource that is replaced without a change (\`--replace\`, a taint) and keeps its name needs \`deleteBeforeReplace\`.`,
  );
}
