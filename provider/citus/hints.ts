import type { FailureFacts } from "../http/errors";
import { elsewhere, rejected } from "../resource/config";

/** What to do about a failure, where the server's words don't say it. */
export function hints(facts: FailureFacts): string | undefined {
  if (facts.code === "UNAUTHORIZED") return rejected("citusToken");
  return facts.isWrongAddress ? elsewhere("citusUrl") : undefined;
}
