import { FormationsError } from "../errors";
import { configNamespace, environmentVariable } from "./config";

/** An operation whose timeout the program may set, as `customTimeouts` names it. */
export type Operation = "create" | "read" | "update" | "delete";

/**
 * An error as its reader needs it: where the time was up, its message says how to allow more.
 *
 * @param operation the one that `customTimeouts` limits on this host; undefined: it limits none
 */
export function withAdvice(error: unknown, operation?: Operation): unknown {
  if (error instanceof FormationsError && error.outOfTime) {
    // The same error, since programs and the engine rely on its code and on what it carries.
    error.message = `${error.message} ${adviceFor(operation)}`;
  }
  return error;
}

function adviceFor(operation: Operation | undefined): string {
  const key = `${configNamespace}:timeout (or ${environmentVariable("timeout")})`;
  if (operation === undefined) return `${key} sets how long it may take (default: 1 hour).`;
  return `The resource option customTimeouts sets how long it may take (\`${operation}\`), or ${key} for all operations (default: 1 hour).`;
}
