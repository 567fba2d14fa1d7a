import {
  Conflict,
  type HttpError,
  NotFound,
  Refused,
  ServerFailure,
  Unauthorized,
} from "../http/errors";
import { configNamespace, elsewhere, environmentVariable, rejected } from "../resource/config";
import { isMaintenance } from "./batch";

/** What a user can do about an error of Akkeris, whose own words are short. */
export function hints(error: HttpError): string | undefined {
  const words = error.serverMessage ?? "";
  if (error instanceof Unauthorized) {
    const mayNotDelete =
      error.method === "DELETE" ? " A JWT may not delete formations; a personal token may." : "";
    return `${rejected("akkerisToken")} A controller's own key goes without a scheme: ${key("akkerisAuthScheme")} set to an empty value.${mayNotDelete}`;
  }
  if (error instanceof NotFound) {
    return error.fromApi
      ? "The app, or the formation in it, does not exist: check `app` and `type`."
      : `The API answers a missing app or type with a text, so this is rather another address: check ${key("akkerisUrl")}.`;
  }
  if (isElsewhere(error)) return elsewhere("akkerisUrl");
  if (isMaintenance(error)) {
    return "The app is in maintenance mode, in which its formations can only be read: end it, then run again.";
  }
  if (error instanceof Conflict && /any formations/.test(words)) {
    return "The formation is not on the server any more: after `pulumi refresh` the next `pulumi up` creates it again.";
  }
  if (error instanceof Refused && error.status === 424) {
    return "The app waits for resources of its region, such as add-ons: try again in five minutes.";
  }
  if (error instanceof Refused && /size/.test(words)) {
    return "The function `getAppSizes` lists the sizes that there are; they are case-sensitive.";
  }
  if (error instanceof ServerFailure && error.method === "PATCH") {
    return "The change may be stored without running yet: the next `pulumi up` sends it again.";
  }
  return undefined;
}

function key(name: string): string {
  return `${configNamespace}:${name} (or ${environmentVariable(name)})`;
}
