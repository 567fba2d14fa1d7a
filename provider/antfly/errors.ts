import { FormationsError } from "../errors";
import { type HttpError, Refused, ServerFailure, withoutDoubt } from "../http/errors";
import { show } from "../resource/values";
import type { BackupPlace } from "./endpoints";

/** The pages of a list of backups never end. */
export class EndlessList extends FormationsError {
  readonly code = "ENDLESS_LIST";

  constructor(location: string, cursor: string) {
    super(
      `Antfly: could not list the backups at ${location}: the page after "${cursor}" names itself as the next one, which is a fault of the server. ` +
        "Run the command again; if it fails again, list the location with its own tools.",
    );
  }
}

/** The server does not list the backups at a location; its own words say why. */
export class LocationUnusable extends FormationsError {
  readonly code = "LOCATION_UNUSABLE";

  constructor({ location, connection }: BackupPlace, cause: HttpError) {
    const through = connection === undefined ? "" : ` through the connection ${show(connection)}`;
    super(`${location} cannot be used${through}: ${cause.message}`, { cause });
  }
}

/** The server has no store for secrets: up to 0.2.5, because it is one of several nodes. Nothing changed. */
export class NoSecretStore extends FormationsError {
  readonly code = "NO_SECRET_STORE";

  constructor(cause: HttpError) {
    super(withoutDoubt(cause), { cause });
  }
}

/** The response to a request for documents does not consist of documents. */
export class UnreadableDocuments extends FormationsError {
  readonly code = "UNREADABLE_DOCUMENTS";
}

/** Whether a server refuses, or fails, to list a location. */
export function isAboutLocation(error: unknown): error is HttpError {
  return error instanceof Refused || error instanceof ServerFailure;
}

/** Whether a server says that it stores no secrets at all. */
export function saysNoSecretStore(error: unknown): error is HttpError {
  if (!(error instanceof ServerFailure)) return false;
  const { status, serverMessage = "" } = error;
  // A proxy's 503 speaks of no secrets.
  return status === 503 && /\b(secrets?|store)\b/i.test(serverMessage);
}
