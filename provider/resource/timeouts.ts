import { FormationsError } from "../errors";
import { configNamespace, environmentVariable } from "./config";
import { Incomplete, WaitTimedOut } from "./errors";

/** An operation whose timeout the program may set, as `customTimeouts` names it. */
export type Operation = "create" | "read" | "update" | "delete";

/**
 * An error as its reader needs it: where the time was up, with how to allow more.
 *
 * @param operation the one that `customTimeouts` limits on this host; undefined: it limits none
 */
export function withAdvice(error: unknown, operation?: Operation): unknown {
  if (!(error instanceof FormationsError && error.outOfTime)) return error;
  const late = new WaitTimedOut(`${error.message} ${adviceFor(operation)}`, { cause: error });
  return error instanceof Incomplete ? new Incomplete(error, late) : late;
}

function adviceFor(operation: Operation | undefined): string {
  const key = `${configNamespace}:timeout (or ${environmentVariable("timeout")})`;
  if (operation === undefined) return `${key} sets how long it may take (default: 1 hour).`;
  return `The resource option customTimeouts sets how long it may take (\`${operation}\`), or ${key} for all operations (default: 1 hour).`;
}
