import type { FailureFacts } from "../http/errors";
import { configNamespace, environmentVariable } from "../resource/config";
import { elsewhere, rejected } from "../resource/config-advice";
import { isMaintenance, isRegionWaiting } from "./errors";

/** The API's address, if none is configured. */
export const standardUrl = "https://apps.akkeris.io";

/** What a user can do about a failure of Akkeris, where the server's own words are too short. */
export function hints(facts: FailureFacts): string | undefined {
  const { code, method, serverMessage: words = "" } = facts;
  if (code === "UNAUTHORIZED") {
    const mayNotDelete =
      method === "DELETE" ? " A JWT cannot delete formations; a personal token can." : "";
    return `${rejected("akkerisToken")} A controller's own key is sent without a scheme: set ${key("akkerisAuthScheme")} to an empty value.${mayNotDelete}`;
  }
  if (code === "NOT_FOUND") {
    return facts.fromApi
      ? "The app or its formation does not exist. Check `app` and `type`."
      : `If an app or type does not exist, the API says so in words of its own, so this response is probably another server's. Check ${key("akkerisUrl")}.`;
  }
  if (facts.isWrongAddress) return elsewhere("akkerisUrl", facts, standardUrl);
  if (isMaintenance(facts)) {
    return "The app is in maintenance mode, in which its formations cannot be changed. End maintenance mode, then run the command again.";
  }
  if (code === "CONFLICT" && /any formations/.test(words)) {
    return "The formation no longer exists. Run `pulumi refresh`; the next `pulumi up` then creates it again.";
  }
  if (isRegionWaiting(facts)) {
    return "The app is waiting for resources in its region, such as add-ons. Try again in five minutes.";
  }
  if (code === "REFUSED" && /size/.test(words)) {
    return "The function `getAppSizes` lists the available sizes, which are case-sensitive.";
  }
  if (code === "SERVER_FAILURE" && method === "PATCH") {
    return "The server may have stored the change without running it; the next `pulumi up` sends it again.";
  }
  return undefined;
}

function key(name: string): string {
  return `${configNamespace}:${name} (or ${environmentVariable(name)})`;
}
