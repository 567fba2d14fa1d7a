import { simulationFolder } from "../process/simulation";
import { configNamespace, environmentVariable } from "./config";
import { MissingConfiguration } from "./errors";

/** The error for a required key that is not set. */
export function missing(
  system: string,
  key: string,
  what: string,
  secret = false,
): MissingConfiguration {
  const flags = secret ? "--secret " : "";
  const variable = environmentVariable(key);
  const cure =
    simulationFolder() === undefined
      ? `Set it with \`pulumi config set ${flags}${configNamespace}:${key}\` or in the environment variable ${variable}.`
      : `This simulation leaves ${system} out: run \`formations simulate\` without \`--system\`, or name it there too.`;
  return new MissingConfiguration(
    `${system}: ${what} is missing. ${cure}`,
    `${system}: ${what.replace(/^the (?:.*'s )?/, "no ")} is set; \`pulumi up\` will fail. ${cure}`,
    `${system}: ${what} is missing. Set it in the environment variable ${variable}, or pass \`--provider\` with the URN of a provider of the current stack: \`pulumi do\` does not read the stack's configuration.`,
  );
}

/** What to do about a credential that the server rejected. */
export function rejected(key: string): string {
  return (
    `${configNamespace}:${key} (or ${environmentVariable(key)}) was rejected: it is wrong, expired or revoked. ` +
    "After replacing it, `pulumi up` picks it up; for `refresh` and `destroy`, pass `--run-program`. " +
    "If the program no longer has the provider, the engine uses the value in the state: declare the provider again " +
    "(or, for the default one, call any function of the package) until `pulumi up` has deleted its resources."
  );
}

/**
 * What to do about an address that is not the API's, or that can't be used.
 *
 * @param standard the address that is used if none is configured. Default: not named
 */
export function elsewhere(key: string, { code, path, what }: Asked, standard?: string): string {
  const name = `${configNamespace}:${key} (or ${environmentVariable(key)})`;
  if (code === "INVALID_URL" && /plain HTTP/.test(what)) {
    return `Use an https URL in ${name}, or set ${configNamespace}:allowHttp (or ${environmentVariable("allowHttp")}) to true inside a private network.`;
  }
  const check = `Check that ${name} points to the API.`;
  if (standard === undefined) return check;
  const { pathname } = new URL(standard);
  const isPathless = pathname !== "/" && !path.startsWith(pathname);
  return isPathless
    ? `${check} It usually ends in ${pathname}; the default is ${standard}.`
    : `${check} The default is ${standard}.`;
}

/** What {@link elsewhere} has to know of a request that failed. */
interface Asked {
  code: string;
  /** With the base URL's. */
  path: string;
  what: string;
}
