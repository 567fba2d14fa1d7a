import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { systems } from "../../provider/index";
import { replaceFile } from "../../provider/process/replace-file";
import { shellWord } from "../../provider/process/shell";
import { simulationVariable } from "../../provider/process/simulation";
import { credentialVariables, environmentVariables } from "../../provider/resource/config";
import { otherServersKey } from "../other-server";

/** What tells a process of a simulation. */
export type Variables = Readonly<Record<string, string>>;

/**
 * What a process needs to take part: how each system is reached, and the simulation's folder. Empty are the
 * variables of systems that are left out: a shell may have them for a real account.
 */
export function variablesOf(simulated: Variables, folder: string): Variables {
  const others = systems.map(environmentVariables).filter((names) => {
    return !names.some((name) => Object.hasOwn(simulated, name));
  });
  const empty = Object.fromEntries(others.flat().map((name) => [name, ""]));
  return { ...empty, ...simulated, [simulationVariable]: folder };
}

/** The variables that name servers, or say who one is to them. */
const ofAccounts: ReadonlySet<string> = new Set([
  ...systems.flatMap(environmentVariables),
  ...credentialVariables(otherServersKey),
]);

/**
 * The environment of a command: this process's, with the simulation's in place of what names real accounts.
 *
 * Its stacks are in a folder that ends with the simulation, unless the environment names a folder: in the
 * user's usual backend are the states of real resources, which a simulation knows nothing of.
 */
export function environmentFor(
  variables: Variables,
  folder: string,
  given: NodeJS.ProcessEnv = process.env,
): { env: NodeJS.ProcessEnv; backend: string } {
  const kept = given.PULUMI_BACKEND_URL;
  const backend = kept?.startsWith("file:") ? kept : pathToFileURL(join(folder, "stacks")).href;
  const hasPassphrase =
    given.PULUMI_CONFIG_PASSPHRASE !== undefined ||
    given.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  const simulated = Object.entries(variables).filter(([, value]) => value !== "");
  const env = {
    ...Object.fromEntries(Object.entries(given).filter(([name]) => !ofAccounts.has(name))),
    ...Object.fromEntries(simulated),
    PULUMI_BACKEND_URL: backend,
    ...(!hasPassphrase && { PULUMI_CONFIG_PASSPHRASE: "simulated" }),
  };
  return { env, backend };
}

/** Lines for a shell. */
export function exportLines(variables: Variables): string[] {
  return Object.entries(variables).map(([name, value]) => {
    return `export ${name}=${value === "" ? "" : shellWord(value)}`;
  });
}

/**
 * Writes the variables to a file, whole, one `NAME=value` per line: for `docker run --env-file`,
 * `>> "$GITHUB_ENV"` and, after `set -a`, for a shell.
 */
export function writeEnvFile(file: string, variables: Variables): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  replaceFile(file, lines.join(""), 0o600);
}
