import type { FailureFacts } from "../http/errors";
import { elsewhere, rejected } from "../resource/config-advice";
import { createReplica, disableHa, enableHa, startUpgrade } from "./endpoints";
import { inputs } from "./replica/schema";

const knownPlans = inputs.shape.planId.meta()?.known ?? [];

/** What the server carries out one at a time. */
const operations = [startUpgrade, enableHa, disableHa].map(({ operation }) => operation);

/** What to do about a failure, where the server's words don't say it. */
export function hints(facts: FailureFacts): string | undefined {
  const { code, operation } = facts;
  if (code === "UNAUTHORIZED") return rejected("crunchyBridgeApiKey");
  if (code === "FORBIDDEN") {
    return "The cluster may not exist, or the key's owner may not be a member of its team.";
  }
  if (operation === createReplica.operation && code === "NOT_FOUND" && facts.fromApi) {
    return "Check `clusterId`: the account has no cluster with this ID.";
  }
  if (code === "REFUSED" && /plan/i.test(facts.serverMessage ?? "")) {
    return `Check \`planId\`. Known plans: ${knownPlans.join(", ")}.`;
  }
  if (operations.includes(operation) && code === "CONFLICT") {
    return "If an operation is scheduled for later, wait for it or cancel it.";
  }
  return facts.isWrongAddress ? elsewhere("crunchyBridgeUrl", facts) : undefined;
}
