import { systems } from "../../../provider";
import { isLoopback } from "../../../provider/process/base-url";
import { systemClock } from "../../../provider/process/clock";
import { withoutSecrets } from "../../../provider/process/redact";
import {
  addressKeyOf,
  commonConfig,
  configNamespace,
  credentialKeys,
  credentialVariables,
  type Setting,
  settingsIn,
} from "../../../provider/resource/config";
import type { System } from "../../../provider/resource/definition";
import { didYouMean, nearest } from "../../../provider/resource/suggestions";
import { logicalName } from "../../../provider/resource/urn";
import { Accounts, fromEnvironment, type Origin } from "../../discover/accounts/accounts";
import type { Account } from "../../discover/model";
import { otherServersKey } from "../../other-server";
import { textOf } from "../files";
import { type Check, section } from "../model";

/** A value, and where it is set: `FORMATIONS_CITUS_TOKEN`, `provider eu`. */
interface Placed {
  /** Undefined: it is the default. */
  name?: string;
  value: string;
}

/** An account, and where what matters of it is set. */
export interface Configured {
  account: Account;
  address: Placed;
  /** Undefined: there is no credential. */
  credential?: Placed & { name: string };
}

/** What is configured of a system. */
export interface Configuration {
  checks: Check[];
  configured: Configured[];
}

/**
 * Where each key of a system is set, and what is wrong with it.
 *
 * @param isUsed whether the stack or its program has resources that need it
 */
export function checkConfiguration(
  system: System,
  origins: readonly Origin[],
  isUsed: boolean,
): Configuration {
  const at = section(system.title);
  const id = `${system.name}.configuration`;
  const accounts = new Accounts([system], origins, systemClock);
  const failures = accounts.failures.map((failure) => at.problem(id, failure));
  const found = accounts.all.flatMap((account) => {
    const origin = origins.find((one) => accounts.of(one, system) === account);
    return origin ? [describe(account, origin)] : [];
  });
  const checks = [...failures, ...found.flatMap((one) => one.checks)];
  const configured = found.map((one) => one.configured);
  if (checks.length > 0) return { checks, configured };
  const empty = emptyOf(system, origins);
  const [missing] = accounts.skipped;
  const own = ownOf(
    system,
    origins.flatMap((one) => settingsOf(system, one)),
  );
  if (missing !== undefined && (isUsed || isBegun(system, own))) {
    return { checks: [at.problem(id, [missing, ...empty].join(" "))], configured };
  }
  if (empty.length > 0) return { checks: empty.map((text) => at.warning(id, text)), configured };
  // Something is set, and resources may name the rest themselves.
  const needless = origins.includes(fromEnvironment)
    ? ""
    : ", and no resource of the stack needs it";
  const unused = `${system.title} is not configured${needless}.`;
  const why = own.length > 0 && missing !== undefined ? missing : unused;
  return { checks: [section("Other systems").skipped(id, why)], configured };
}

/** Credentials that are set to nothing, as a CI system sets variables from secrets that it does not have. */
function emptyOf(system: System, origins: readonly Origin[]): string[] {
  return credentialKeys(system).flatMap((key) => {
    const [variable, file] = credentialVariables(key);
    const { [variable]: value, [file]: path } = process.env;
    return [
      ...(origins.some(({ values }) => isBlank(values[key]))
        ? [`${configNamespace}:${key} is set, but empty.`]
        : []),
      ...(isBlank(value) ? [`${variable} is set, but empty.`] : []),
      ...(path && isBlank(textOf(path)) ? [`The file that ${file} names is empty.`] : []),
    ];
  });
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

/** Whether something is set that is of no use without the credential. */
function isBegun(system: System, own: readonly Setting[]): boolean {
  const credentials = credentialKeys(system);
  return own.length > 0 && !own.some(({ key }) => credentials.includes(key));
}

function describe(account: Account, origin: Origin) {
  const { system, title, session, config } = account;
  const at = section(title);
  const id = `${system.name}.configuration`;
  const settings = settingsOf(system, origin);
  const own = ownOf(system, settings).map((one) => ({ ...one, name: placeOf(one, origin) }));
  const chosen = own.filter(({ key }, at) => own.findIndex((one) => one.key === key) === at);
  const listed = chosen.map(({ key, name }) => `${key} from ${name}`).join("; ");
  const warnings = [
    ...session.addressWarnings(system),
    ...shadowed(settings, origin),
    ...plainHttp(account),
  ];
  const [credentialKey] = credentialKeys(system);
  const credential = chosen.find(({ key }) => key === credentialKey);
  const addressKey = addressKeyOf(system);
  const configured: Configured = {
    account,
    address: {
      name: chosen.find(({ key }) => key === addressKey)?.name,
      value: String(config[addressKey]),
    },
    credential: credential && { name: credential.name, value: String(credential.value) },
  };
  return {
    configured,
    checks: [
      at.ok(id, listed === "" ? "All keys have their defaults." : `${listed}. All else: defaults.`),
      ...warnings.map((warning) => at.warning(id, warning)),
    ],
  };
}

function settingsOf(system: System, { values }: Origin): Setting[] {
  return settingsIn(system, (key) => values[key], process.env);
}

/** Those of the keys that only this system has. */
function ownOf(system: System, settings: readonly Setting[]): Setting[] {
  const own = Object.keys(system.config.shape).filter((key) => !(key in commonConfig.shape));
  return settings.filter(({ key }) => own.includes(key));
}

/** A stack's value has the same key in an explicit provider, which is another place. */
function placeOf({ name }: Setting, { provider }: Origin): string {
  const isStacks = name.startsWith(`${configNamespace}:`);
  return isStacks && provider !== undefined ? `provider ${logicalName(provider)}` : name;
}

/** Keys that are set in several places, to different values. */
function shadowed(settings: readonly Setting[], origin: Origin): string[] {
  return settings.flatMap((one, index) => {
    const first = settings.findIndex(({ key }) => key === one.key);
    const winner = settings[first];
    if (first === index || winner === undefined || String(winner.value) === String(one.value)) {
      return [];
    }
    return `${placeOf(winner, origin)} takes precedence over ${one.name}, which has another value.`;
  });
}

function plainHttp({ config, server }: Account): string[] {
  const url = URL.parse(server);
  if (url?.protocol !== "http:" || config.allowHttp !== true || isLoopback(url)) return [];
  return [withoutSecrets(`${server} is plain HTTP: the credential travels unencrypted.`)];
}

/** Keys that no system has: in the stack's configuration, and in the environment if they look like one. */
export function checkUnknownKeys(origins: readonly Origin[]): Check[] {
  const at = section("Configuration");
  const keys = [...new Set(systems.flatMap((one) => Object.keys(one.config.shape)))];
  const ofStack = origins
    .filter(({ provider }) => provider === undefined)
    .flatMap(({ values }) => Object.keys(values))
    .filter((key) => !keys.includes(key) && !ofTheEngine.includes(key))
    .map((key) => `${configNamespace}:${key} is unknown.${didYouMean(key, keys)}`);
  const variables = [...keys, otherServersKey].flatMap(credentialVariables);
  // The beginning that all variables share would make any two alike.
  const ownPart = (name: string) => name.slice(beginning.length);
  const ofEnvironment = Object.keys(process.env)
    .filter((name) => name.startsWith(beginning) && !variables.includes(name))
    .flatMap((name) => {
      const meant = nearest(ownPart(name), variables.map(ownPart));
      return meant === undefined ? [] : `${name} is unknown. Did you mean ${beginning}${meant}?`;
    });
  return [...new Set([...ofStack, ...ofEnvironment])].map((text) =>
    at.warning("unknown-key", text),
  );
}

/** How the names of all environment variables begin. */
const beginning = "FORMATIONS_";

/** Keys of every provider, which the engine reads. */
const ofTheEngine = ["version", "pluginDownloadURL"];
