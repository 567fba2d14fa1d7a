import { BadAnswer, type HttpError, InvalidUrl, NoAnswer, NotFound } from "./errors";

/**
 * Whether a request seems to have gone to another address than the API's: nothing is there, or what
 * answers does so with web pages, redirects or a 404 without words.
 */
export function isElsewhere(error: HttpError): boolean {
  return (
    error instanceof InvalidUrl ||
    (error instanceof NoAnswer && error.sent === false && !error.outOfTime) ||
    (error instanceof NotFound && !error.fromApi) ||
    (error instanceof BadAnswer && (error.reason === "html" || error.reason === "redirect"))
  );
}
