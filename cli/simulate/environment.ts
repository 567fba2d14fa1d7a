import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { replaceFile } from "../../provider/process/replace-file";
import { simulationVariable } from "../../provider/process/simulation";

/** What tells a process of a simulation. */
export type Variables = Readonly<Record<string, string>>;

/** The systems' own variables, and the simulation's folder. */
export function variablesOf(systems: Variables, folder: string): Variables {
  return { ...systems, [simulationVariable]: folder };
}

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
  // `FORMATIONS_ANTFLY_`: another way to say who one is would take precedence over the simulator's.
  const own = Object.keys(variables).flatMap((name) => /^(\w+_)URL$/.exec(name)?.[1] ?? []);
  const usual = Object.entries(given).filter(([name]) => !own.some((one) => name.startsWith(one)));
  const kept = given.PULUMI_BACKEND_URL;
  const backend = kept?.startsWith("file:") ? kept : pathToFileURL(join(folder, "stacks")).href;
  const hasPassphrase =
    given.PULUMI_CONFIG_PASSPHRASE !== undefined ||
    given.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  const env = {
    ...Object.fromEntries(usual),
    ...variables,
    PULUMI_BACKEND_URL: backend,
    ...(!hasPassphrase && { PULUMI_CONFIG_PASSPHRASE: "simulated" }),
  };
  return { env, backend };
}

/** Lines for a shell. */
export function exportLines(variables: Variables): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
}

/**
 * Writes the variables to a file, whole, one `NAME=value` per line: for `docker run --env-file`,
 * `>> "$GITHUB_ENV"` and, after `set -a`, for a shell.
 */
export function writeEnvFile(file: string, variables: Variables): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  replaceFile(file, lines.join(""), 0o600);
}

/** A text as a shell reads it back. */
function quoted(text: string): string {
  return /^[\w./:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
