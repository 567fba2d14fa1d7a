import type { FailureFacts } from "../http/errors";
import { elsewhere, rejected } from "../resource/config-advice";

/** The API's address, if none is configured. */
export const standardUrl = "https://console.citusdata.com/api/v1";

/** What to do about a failure, where the server's words don't say it. */
export function hints(facts: FailureFacts): string | undefined {
  if (facts.code === "UNAUTHORIZED") return rejected("citusToken");
  return facts.isWrongAddress ? elsewhere("citusUrl", facts, standardUrl) : undefined;
}
