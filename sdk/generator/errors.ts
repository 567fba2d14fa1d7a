import { code } from "./markdown";

/** The errors that every resource can meet, each explained on the page of errors. */
const shared = [
  "CONFIGURATION",
  "INVALID_URL",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "NOT_FOUND",
  "GONE",
  "CONFLICT",
  "REFUSED",
  "RATE_LIMITED",
  "SERVER_FAILURE",
  "NO_ANSWER",
  "BAD_ANSWER",
  "CHANGE_REFUSED",
  "INVALID_ARGUMENTS",
  "NO_SUCH_RESOURCE",
  "CANCELLED",
] as const;

const links = shared.map((name) => `[${code(name)}](../troubleshooting.md#${name.toLowerCase()})`);

/** The paragraph that ends each resource's list of errors. */
export const sharedErrors = `Any resource can also meet ${new Intl.ListFormat("en-GB").format(links)}.`;
