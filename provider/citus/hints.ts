import { type Facts, isWrongAddress } from "../http/errors";
import { elsewhere, rejected } from "../resource/config";

/** What to do about a failure, where the server's words don't say it. */
export function hints(facts: Facts): string | undefined {
  if (facts.code === "UNAUTHORIZED") return rejected("citusToken");
  return isWrongAddress(facts) ? elsewhere("citusUrl") : undefined;
}
