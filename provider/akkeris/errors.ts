import { FormationsError } from "../errors";
import { Conflict, type FailureFacts, HttpError } from "../http/errors";

/** An error of the API in the terms of formations, by default in the API's words. */
abstract class Translated extends FormationsError {
  override readonly outOfTime: boolean;

  constructor(cause: HttpError, message = cause.message) {
    super(message, { cause });
    this.outOfTime = cause.outOfTime;
  }
}

/** The app already has a formation of this type. */
export class TypeTaken extends Translated {
  readonly code = "TYPE_TAKEN";

  constructor(cause: HttpError) {
    super(
      cause,
      `${cause.message} No read shows that formation yet: run \`pulumi up\` again in a minute.`,
    );
  }
}

/**
 * The region failed, in most cases after the server had stored what was asked: GET then shows what the
 * region does not have.
 */
export class RegionFailed extends Translated {
  readonly code = "REGION_FAILED";
  override readonly mayHaveTakenEffect = true;
}

/** The change took effect, but the formation could not be read back. */
export class ReadBackFailed extends Translated {
  readonly code = "READ_BACK_FAILED";

  constructor(cause: HttpError) {
    super(
      cause,
      `The change took effect, but reading it back failed. ${cause.message} \`pulumi refresh\` reads it again.`,
    );
  }
}

/**
 * How the API answers when the region fails: 503 where the region's own API failed, 500 where the
 * controller failed as a result, 424 while the region waits for resources of the app.
 */
const regionStatuses = { failed: 503, controllerFailed: 500, waiting: 424 };

/** The error of a write, as a {@link RegionFailed} where the region failed. */
export function translated(error: unknown): unknown {
  return isRegionFailure(error) ? new RegionFailed(error) : error;
}

/** A proxy's error page says nothing about the region: there, only the response was lost. */
function isRegionFailure(error: unknown): error is HttpError {
  if (!(error instanceof HttpError)) return false;
  return error.fromApi === true && Object.values(regionStatuses).includes(error.status ?? 0);
}

/** Whether the region waits for resources of the app, such as add-ons. */
export function isRegionWaiting({ status }: FailureFacts): boolean {
  return status === regionStatuses.waiting;
}

/** Whether the app is in maintenance mode, which no single update is to blame for. */
export function isMaintenance(failure: { code: string; serverMessage?: string }): boolean {
  const { code, serverMessage = "" } = failure;
  return code === "CONFLICT" && /maintenance/i.test(serverMessage);
}

/** Whether the app already has a formation of this type. */
export function isTaken(error: unknown): error is Conflict {
  return error instanceof Conflict && !isMaintenance(error);
}
