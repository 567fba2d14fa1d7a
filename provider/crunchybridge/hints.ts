import { isElsewhere } from "../http/elsewhere";
import { Conflict, Forbidden, type HttpError, Refused, Unauthorized } from "../http/errors";
import { elsewhere, rejected } from "../resource/config";
import { destroyCluster, startUpgrade } from "./endpoints";

/** What to do about an error, where the server's words don't say it. */
export function hints(error: HttpError): string | undefined {
  if (error instanceof Unauthorized) return rejected("crunchyBridgeApiKey");
  if (error instanceof Forbidden) {
    return "The cluster may not exist, or the key's owner may not be a member of its team.";
  }
  const isRefused = error instanceof Refused || error instanceof Conflict;
  if (error.operation === destroyCluster.operation && isRefused) {
    return "If it is protected, set isProtected to false in a separate `pulumi up` first.";
  }
  if (error.operation === startUpgrade.operation && error instanceof Conflict) {
    return "If an operation is scheduled for later, wait for it or cancel it.";
  }
  return isElsewhere(error) ? elsewhere("crunchyBridgeUrl") : undefined;
}
