import { readFileSync } from "node:fs";
import { z } from "zod";
import { milliseconds } from "../process/duration";
import { simulationFolder } from "../process/simulation";
import { type Address, addressProblem, addressWarning } from "./addresses";
import type { System } from "./definition";
import { ConfigurationError, InvalidConfiguration } from "./errors";
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
  timeout: z
    .string()
    .refine((text) => milliseconds(text) !== undefined, "it must be a duration: 90s, 30m, 1h30m")
    .default("1h")
    .meta({
      description:
        "How long each operation may take, retries and waits included: `90s`, `30m`, `1h30m`. The resource option `customTimeouts` takes precedence.",
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

/** The environment variables of a credential: the one that has it, and the one that names its file. */
export function credentialVariables(key: string): [value: string, file: string] {
  return [environmentVariable(key), fileVariable(key)];
}

/** Every environment variable from which the keys of a system alone are taken. */
export function environmentVariables({ config }: System): string[] {
  const own = Object.keys(config.shape).filter((key) => !Object.hasOwn(commonConfig.shape, key));
  const files = own.filter((key) => isSecret(config, key)).map(fileVariable);
  return [...own.map(environmentVariable), ...files];
}

/** Gives the stack's value of a key of the namespace, or undefined. */
type Read = (key: string) => unknown;

/**
 * The configuration of one system. For each key it takes the stack's value, else the environment's, else
 * the content of the file that the environment names, else the default. Credentials and addresses are
 * taken without the white space around them, which a file or a copied text often has. In a simulation, the
 * stack's values of the system's own keys don't count: they are of a real account.
 *
 * @param read gives the stack's value of a key of the namespace, or undefined
 * @throws ConfigurationError naming every malformed key, or a file that can't be read
 */
export function resolveConfig(system: System, read: Read, environment: NodeJS.ProcessEnv): Values {
  const { schema, given, names } = settingsOf(system, read, environment);
  const { inputs, failures } = validate(schema, given);
  const lines = failures.map(({ property, reason }) => {
    return `${configNamespace}:${property} (or ${environmentVariable(property)}) ${reason}`;
  });
  if (lines.length > 0) throw new InvalidConfiguration(`${system.title}: ${lines.join("; ")}`);
  const unusable = credentialProblems(schema, inputs, names);
  if (unusable.length > 0) throw new ConfigurationError(`${system.title}: ${unusable.join(" ")}`);
  return inputs;
}

/**
 * Checks the addresses of one system, by the places where they are set.
 *
 * @param read gives the stack's value of a key of the namespace, or undefined
 * @returns what is allowed but unlikely to be meant, in whole sentences
 * @throws InvalidConfiguration naming every address that can't be used, with the likely right one
 */
export function checkAddresses(
  system: System,
  read: Read,
  environment: NodeJS.ProcessEnv,
): string[] {
  const { schema, given, names } = settingsOf(system, read, environment);
  const addresses = addressesIn(schema, validate(schema, given).inputs, names);
  const problems = addresses.flatMap((address) => addressProblem(address) ?? []);
  if (problems.length > 0) {
    throw new InvalidConfiguration(`${system.title}: ${problems.join(" ")}`);
  }
  const warnings = addresses.flatMap((address) => addressWarning(address) ?? []);
  return warnings.map((text) => `${system.title}: ${text}`);
}

/**
 * How long an operation may take that has no limit of its own, in milliseconds. What is malformed counts
 * as absent: {@link resolveConfig} refuses it.
 */
export function resolveTimeout(read: Read, environment: NodeJS.ProcessEnv): number {
  const given = settingOf(commonConfig, "timeout", read, environment)?.value;
  const fallback = milliseconds(defaultOf(commonConfig, "timeout")) ?? 0;
  return milliseconds(String(given)) ?? fallback;
}

function schemaOf({ config }: System): z.ZodObject {
  return z.object({ ...commonConfig.shape, ...config.shape });
}

/** What is set of a system's keys, and what the user calls the place where each is set. */
function settingsOf(system: System, read: Read, environment: NodeJS.ProcessEnv) {
  const schema = schemaOf(system);
  const given: Values = {};
  const names: Partial<Record<string, string>> = {};
  const isSimulated = simulationFolder(environment) !== undefined;
  for (const key of Object.keys(schema.shape)) {
    const isReal = isSimulated && !Object.hasOwn(commonConfig.shape, key);
    const found = settingOf(schema, key, isReal ? () => undefined : read, environment);
    if (!found) continue;
    given[key] = found.value;
    names[key] = found.name;
  }
  return { schema, given, names };
}

/**
 * The addresses among values, by the schema of their keys.
 *
 * @param names how messages call a key, if not by the stack's
 */
export function addressesIn(
  schema: z.ZodObject,
  values: Values,
  names: Partial<Record<string, string>> = {},
): Address[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (metaOf(schema, key)?.address !== true || typeof value !== "string") return [];
    if (names[key] === undefined && value === defaultOf(schema, key)) return [];
    const name = names[key] ?? `${configNamespace}:${key}`;
    const allowHttpKey = `${configNamespace}:allowHttp`;
    const allowHttp = values.allowHttp === true;
    return [{ name, value, usual: defaultOf(schema, key), allowHttp, allowHttpKey }];
  });
}

/** A credential travels in a header, which can have neither a line break nor characters beyond Latin-1. */
function credentialProblems(
  schema: z.ZodObject,
  values: Values,
  names: Partial<Record<string, string>>,
): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (!isSecret(schema, key) || typeof value !== "string") return [];
    const characters = [...value];
    if (characters.some((one) => one < " " || one === "\x7f")) {
      return `${names[key]} contains a line break or another control character. A credential is one line: set it again.`;
    }
    if (characters.some((one) => one > "\xff")) {
      return `${names[key]} contains a character that no credential has, such as a typographic quotation mark, a dash or an ellipsis. Copy it again, without formatting.`;
    }
    return [];
  });
}

function defaultOf(schema: z.ZodObject, key: string): string | undefined {
  const property = schema.shape[key];
  const value = property instanceof z.ZodType ? property.safeParse(undefined).data : undefined;
  return typeof value === "string" ? value : undefined;
}

/** A value that is set for a key. */
export interface Setting {
  key: string;
  /** What the user calls the place where it is: `formations:citusToken`, `FORMATIONS_CITUS_TOKEN_FILE`. */
  name: string;
  value: unknown;
}

/**
 * All values that are set of a system's keys, in the order of keys, the one that counts first.
 *
 * @throws ConfigurationError if a file can't be read
 */
export function settingsIn(system: System, read: Read, environment: NodeJS.ProcessEnv): Setting[] {
  const schema = schemaOf(system);
  return Object.keys(schema.shape).flatMap((key) => [...settings(schema, key, read, environment)]);
}

/** The keys of a system that are credentials. */
export function credentialKeys({ config }: System): string[] {
  return Object.keys(config.shape).filter((key) => isSecret(config, key));
}

/** The key of a system's address; empty: it has none. */
export function addressKeyOf({ config }: System): string {
  return Object.keys(config.shape).find((key) => metaOf(config, key)?.address === true) ?? "";
}

/** The first value that is set for a key. */
function settingOf(schema: z.ZodObject, key: string, read: Read, environment: NodeJS.ProcessEnv) {
  for (const setting of settings(schema, key, read, environment)) return setting;
  return undefined;
}

function* settings(
  schema: z.ZodObject,
  key: string,
  read: Read,
  environment: NodeJS.ProcessEnv,
): Generator<Setting> {
  const variable = environmentVariable(key);
  const isTrimmed = isSecret(schema, key) || metaOf(schema, key)?.address === true;
  const isEmptyMissing = !hasMeaningEmpty(schema, key);
  for (const [name, given] of [
    [`${configNamespace}:${key}`, () => read(key)],
    [variable, () => environment[variable]],
    [fileVariable(key), () => (isSecret(schema, key) ? fromFile(key, environment) : undefined)],
  ] as const) {
    const found = given();
    const value = isTrimmed && typeof found === "string" ? found.trim() : found;
    if (value != null && !(value === "" && isEmptyMissing)) yield { key, name, value };
  }
}

/** The content of the file that the environment names. */
function fromFile(key: string, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = fileVariable(key);
  const file = environment[variable];
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = (error as Error).message;
    throw new ConfigurationError(
      `${variable}: ${why}. It has to name a file that this user may read: ${file} is not one.`,
    );
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
