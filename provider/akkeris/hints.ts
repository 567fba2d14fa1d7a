import type { FailureFacts } from "../http/errors";
import { configNamespace, elsewhere, environmentVariable, rejected } from "../resource/config";
import { isMaintenance } from "./batch";

/** What a user can do about a failure of Akkeris, whose own words are short. */
export function hints(facts: FailureFacts): string | undefined {
  const { code, method, status } = facts;
  const words = facts.serverMessage ?? "";
  if (code === "UNAUTHORIZED") {
    const mayNotDelete =
      method === "DELETE" ? " A JWT may not delete formations; a personal token may." : "";
    return `${rejected("akkerisToken")} A controller's own key goes without a scheme: ${key("akkerisAuthScheme")} set to an empty value.${mayNotDelete}`;
  }
  if (code === "NOT_FOUND") {
    return facts.fromApi
      ? "The app, or the formation in it, does not exist: check `app` and `type`."
      : `The API answers a missing app or type with a text, so this is rather another address: check ${key("akkerisUrl")}.`;
  }
  if (facts.isWrongAddress) return elsewhere("akkerisUrl");
  if (isMaintenance(facts)) {
    return "The app is in maintenance mode, in which its formations can only be read: end it, then run again.";
  }
  if (code === "CONFLICT" && /any formations/.test(words)) {
    return "The formation is not on the server any more: after `pulumi refresh` the next `pulumi up` creates it again.";
  }
  if (code === "REFUSED" && status === 424) {
    return "The app waits for resources of its region, such as add-ons: try again in five minutes.";
  }
  if (code === "REFUSED" && /size/.test(words)) {
    return "The function `getAppSizes` lists the sizes that there are; they are case-sensitive.";
  }
  if (code === "SERVER_FAILURE" && method === "PATCH") {
    return "The change may be stored without running yet: the next `pulumi up` sends it again.";
  }
  return undefined;
}

function key(name: string): string {
  return `${configNamespace}:${name} (or ${environmentVariable(name)})`;
}
