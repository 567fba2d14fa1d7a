import { FormationsError } from "../errors";
import { configNamespace, environmentVariable } from "./config";
import { Incomplete, WaitTimedOut } from "./errors";

/** An operation whose timeout the program may set, as `customTimeouts` names it. */
export type Operation = "create" | "read" | "update" | "delete";

/**
 * Runs an operation. If it runs out of time, the error says how to allow more.
 *
 * @param operation the one that `customTimeouts` limits on this host; undefined: it limits none
 */
export async function within<T>(
  operation: Operation | undefined,
  verb: () => Promise<T>,
): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (!(error instanceof FormationsError && error.outOfTime)) throw error;
    const text = `${error.message} ${adviceFor(operation)}`;
    throw error instanceof Incomplete
      ? new Incomplete(error, new WaitTimedOut(text, { cause: error }))
      : new WaitTimedOut(text, { cause: error });
  }
}

function adviceFor(operation: Operation | undefined): string {
  const key = `${configNamespace}:timeout (or ${environmentVariable("timeout")})`;
  if (operation === undefined) return `${key} sets how long it may take (default: 1 hour).`;
  return `The resource option customTimeouts sets how long it may take (\`${operation}\`), or ${key} for all operations (default: 1 hour).`;
}
