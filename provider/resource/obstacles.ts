import type { Definition } from "./definition";
import { ConfigurationError, InvalidConfiguration } from "./errors";
import type { Plan } from "./plan";
import type { Claim, Session } from "./session";
import { containsUnknown, type Values } from "./values";

/** What will stop a change, as far as that is known without a request. */
export interface Obstacles {
  /** What is wrong: whole sentences. */
  errors: string[];
  /**
   * What is missing, a credential that can't be one, and what is unlikely to be meant: whole sentences. A
   * preview does without credentials, so that one can run where there are none, as for a pull request from
   * a fork.
   */
  warnings: string[];
}

/** Nothing is in the way of a change, or nothing is known to be. */
export const noObstacles: Obstacles = { errors: [], warnings: [] };

/**
 * What is certain to stop the creation of a resource: another one of the program has its place, or the
 * configuration lacks something. Of a resource that exists, it notes the place.
 *
 * @param inputs the checked inputs of this run
 * @param isConfigured whether the session has the provider's configuration: before, nothing can be said of it
 */
export function obstaclesOfCheck(
  definition: Definition,
  session: Session,
  inputs: Values,
  claim: Claim,
  isConfigured: boolean,
): Obstacles {
  const rival = session.claim(definition, inputs, claim);
  const { errors, warnings } =
    isConfigured && claim.isNew ? obstacles(definition, session, inputs) : noObstacles;
  return { errors: rival === undefined ? errors : [...errors, rival], warnings };
}

/**
 * What the configuration lacks for a change of a resource. Each is said once per session, however many
 * resources it stops. Nothing is sent.
 */
function obstacles(definition: Definition, session: Session, inputs: Values): Obstacles {
  const { errors, warnings } = configured(definition, session, inputs);
  return { errors: errors.filter(session.isNew), warnings: warnings.filter(session.isNew) };
}

function configured({ system }: Definition, session: Session, inputs: Values): Obstacles {
  if (!session.isKnown(system)) return noObstacles;
  try {
    const api = session.api(system);
    if (!containsUnknown(inputs.url)) system.reach?.(api, inputs);
    return { errors: [], warnings: [...session.addressWarnings(system)] };
  } catch (error) {
    if (error instanceof InvalidConfiguration) return { errors: [error.message], warnings: [] };
    if (error instanceof ConfigurationError) return { errors: [], warnings: [error.foreseen] };
    throw error;
  }
}

/**
 * What the configuration lacks for a planned change, which may need nothing of it.
 *
 * @param inputs the checked inputs of this run
 * @returns warnings
 * @throws ConfigurationError saying what is wrong
 */
export function obstaclesOfChange(
  definition: Definition,
  session: Session,
  { action }: Pick<Plan, "action">,
  inputs: Values,
): string[] {
  // What lives in the stack's state alone is updated there.
  const sends = action === "replace" || (action === "update" && definition.find !== undefined);
  if (!sends) return [];
  const { errors, warnings } = obstacles(definition, session, inputs);
  if (errors.length > 0) throw new ConfigurationError(errors.join(" "));
  return warnings;
}
