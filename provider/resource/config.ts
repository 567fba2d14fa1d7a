import { readFileSync } from "node:fs";
import { z } from "zod";
import type { System } from "./definition";
import { ConfigurationError } from "./errors";
import { flag } from "./property";
import { packageName } from "./urn";
import { validate } from "./validation";
import type { Values } from "./values";

/** The namespace of every configuration key: `formations:citusToken`. */
export const configNamespace = packageName;

/** Keys that every system reads. */
export const commonConfig = z.object({
  allowHttp: flag().default(false).meta({
    description:
      "Allows plain http to servers other than this machine, for servers inside a private network. Credentials then travel unencrypted.",
  }),
});

/** The environment variable of a key: `FORMATIONS_CITUS_TOKEN` for `citusToken`. The stack's value wins. */
export function environmentVariable(key: string): string {
  return `FORMATIONS_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The environment variable that names a file with a key's value. Only credentials have one. */
export function fileVariable(key: string): string {
  return `${environmentVariable(key)}_FILE`;
}

/**
 * The configuration of one system. For each key it takes the stack's value, else the environment's, else
 * the content of the file that the environment names, else the default.
 *
 * @param read gives the stack's value of a key of the namespace, or undefined
 * @throws ConfigurationError naming every malformed key, or a file that can't be read
 */
export function resolveConfig(
  system: System,
  read: (key: string) => unknown,
  environment: NodeJS.ProcessEnv,
): Values {
  const schema = z.object({ ...commonConfig.shape, ...system.config.shape });
  const given: Values = {};
  for (const key of Object.keys(schema.shape)) {
    const isEmptyMissing = !hasMeaningEmpty(schema, key);
    const isSet = (value: unknown) => value != null && !(value === "" && isEmptyMissing);
    const value = [read(key), environment[environmentVariable(key)]].find(isSet);
    given[key] = value ?? (isSecret(schema, key) ? fromFile(key, environment) : undefined);
  }
  const { inputs, failures } = validate(schema, given);
  if (failures.length > 0) {
    const lines = failures.map(({ property, reason }) => {
      return `${configNamespace}:${property} (or ${environmentVariable(property)}) ${reason}`;
    });
    throw new ConfigurationError(`${system.title}: ${lines.join("; ")}`);
  }
  return inputs;
}

/** The error for a required key that is not set. */
export function missing(
  system: string,
  key: string,
  what: string,
  secret = false,
): ConfigurationError {
  const flags = secret ? "--secret " : "";
  return new ConfigurationError(
    `${system}: ${what} is missing. Set it with \`pulumi config set ${flags}${configNamespace}:${key}\` ` +
      `or in the environment variable ${environmentVariable(key)}.`,
  );
}

/** What to do about a credential that the server rejected. */
export function rejected(key: string): string {
  return (
    `${configNamespace}:${key} (or ${environmentVariable(key)}) was rejected: it is wrong, expired or revoked. ` +
    "After replacing it, `pulumi up` picks it up; for `refresh` and `destroy`, pass `--run-program`."
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

/** The content of the file that the environment names, trimmed. */
function fromFile(key: string, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = fileVariable(key);
  const file = environment[variable];
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigurationError(`${variable}: ${(error as Error).message}`);
  }
}

function isSecret(schema: z.ZodObject, key: string): boolean {
  return metaOf(schema, key)?.secret === true;
}

function hasMeaningEmpty(schema: z.ZodObject, key: string): boolean {
  return metaOf(schema, key)?.emptyHasMeaning === true;
}

function metaOf(schema: z.ZodObject, key: string): z.GlobalMeta | undefined {
  const property = schema.shape[key];
  return property instanceof z.ZodType ? property.meta() : undefined;
}
