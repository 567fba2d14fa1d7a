import { FormationsError } from "../errors";

/** A list of backups whose pages do not go on. */
export class EndlessList extends FormationsError {
  readonly code = "ENDLESS_LIST";

  constructor(location: string, cursor: string) {
    super(
      `Antfly: could not list the backups at ${location}: the page after "${cursor}" says again that the next one starts there.`,
    );
  }
}

/** The server does not list backups at a location: what is wrong with it is in the server's words. */
export class LocationUnusable extends FormationsError {
  readonly code = "LOCATION_UNUSABLE";
}

/** Something that lives in the stack's state only: there is nothing to import. */
export class NotImportable extends FormationsError {
  readonly code = "NOT_IMPORTABLE";
}

/** What a server answered where documents were asked for cannot be read as such. */
export class UnreadableDocuments extends FormationsError {
  readonly code = "UNREADABLE_DOCUMENTS";
}
