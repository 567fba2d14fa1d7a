import { FormationsError } from "../../provider/errors";
import { toldInFull } from "../../provider/process/more";
import { redactError, withoutSecrets } from "../../provider/process/redact";
import { Incomplete } from "../../provider/resource/errors";
import type { Kept } from "../../provider/resource/marks";
import { packageName } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";

/** What an error that the provider explains has for a stack. */
const remark = "see the message of the resource";

/**
 * An error as the dynamic provider process shows it. That process writes the error with its stack to
 * stderr, and the engine shows both at the stack: an error that the provider explains needs neither, since
 * its message is at the resource.
 */
class PresentedError extends Error {
  constructor(cause: FormationsError) {
    super(toldInFull({ message: withoutSecrets(cause.message), topic: cause.topic }));
    this.stack = `${cause.code}: ${remark}`;
    muteRemarks();
  }

  override toString(): string {
    return packageName;
  }
}

let isMuted = false;

/** Keeps the process from writing what says no more than that there is a message. */
function muteRemarks(): void {
  if (isMuted) return;
  isMuted = true;
  const write = console.error.bind(console);
  console.error = (...parts: unknown[]) => {
    const [text] = parts;
    const isRemark = typeof text === "string" && text.endsWith(`: ${remark}`);
    if (!isRemark) write(...parts);
  };
}

/** What the dynamic host reads from the error of a resource that exists but is not ready. */
interface PartialCreation extends Error {
  id: string;
  properties: Values;
  reasons: string[];
}

/**
 * Turns an error into one for the dynamic host.
 *
 * @param complete makes the state of a resource that exists but is not ready. The engine takes it as
 * state and as inputs, so it has to repeat every input and `__provider`
 */
export function presented(error: unknown, complete: (kept: Kept) => Values): unknown {
  if (!(error instanceof FormationsError)) return unexplained(error);
  const shown = new PresentedError(error);
  if (!(error instanceof Incomplete)) return shown;
  const partial: Pick<PartialCreation, "id" | "properties" | "reasons"> = {
    id: error.id,
    properties: complete(error),
    reasons: [shown.message],
  };
  return Object.assign(shown, partial);
}

/** An error inside the provider keeps its stack. */
function unexplained(error: unknown): Error {
  const shown = redactError(error, withoutSecrets);
  if (error instanceof Error) shown.stack = withoutSecrets(error.stack ?? "");
  return shown;
}
