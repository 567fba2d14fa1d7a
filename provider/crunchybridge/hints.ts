import type { FailureFacts } from "../http/errors";
import { elsewhere, rejected } from "../resource/config";
import { destroyCluster, startUpgrade } from "./endpoints";

/** What to do about a failure, where the server's words don't say it. */
export function hints(facts: FailureFacts): string | undefined {
  const { code, operation } = facts;
  if (code === "UNAUTHORIZED") return rejected("crunchyBridgeApiKey");
  if (code === "FORBIDDEN") {
    return "The cluster may not exist, or the key's owner may not be a member of its team.";
  }
  if (operation === destroyCluster.operation && (code === "REFUSED" || code === "CONFLICT")) {
    return "If it is protected, set isProtected to false in a separate `pulumi up` first.";
  }
  if (operation === startUpgrade.operation && code === "CONFLICT") {
    return "If an operation is scheduled for later, wait for it or cancel it.";
  }
  return facts.isWrongAddress ? elsewhere("crunchyBridgeUrl") : undefined;
}
