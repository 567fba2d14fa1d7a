import { isElsewhere } from "../http/elsewhere";
import { type HttpError, Unauthorized } from "../http/errors";
import { elsewhere, rejected } from "../resource/config";

/** What to do about an error, where the server's words don't say it. */
export function hints(error: HttpError): string | undefined {
  if (error instanceof Unauthorized) return rejected("citusToken");
  return isElsewhere(error) ? elsewhere("citusUrl") : undefined;
}
