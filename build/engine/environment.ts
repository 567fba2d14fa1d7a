import { delimiter, dirname, join } from "node:path";
import { type Engine, withEngine } from "./engine.ts";
import { vaultVariable } from "./vault.ts";

/** Set by the test run's set-up: a folder that holds all workspaces and is removed at the end. */
export const runDirectoryVariable = "FORMATIONS_TEST_DIRECTORY";

/** What each Node.js process of a scenario loads first. */
const preloaded = ["late-modules.cjs", "typescript-option.cjs"]
  .map((file) => `--require ${JSON.stringify(join(import.meta.dirname, file))}`)
  .join(" ");

/** What programs need of the machine; all else, tokens and proxies included, is left out. */
const inherited = ["PATH", "LANG", "SystemRoot", "ComSpec", "PATHEXT", "TZ"];

/**
 * The environment in which a scenario's `pulumi` runs: this Node.js and the engine first on PATH,
 * home and temporary folder inside the workspace, state in files, and none of the user's own settings.
 */
export function scenarioEnvironment(
  engine: Engine,
  workspace: {
    directory: string;
    stack: string;
    /** Undefined: the stand-in for Vault that the run has started keeps the key. */
    passphrase: string | undefined;
    typeCheck: boolean;
  },
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const name of inherited) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  env.PATH = [dirname(process.execPath), env.PATH ?? ""].join(delimiter);
  const temporary = join(workspace.directory, "tmp");
  const runDirectory = process.env[runDirectoryVariable];
  return {
    ...withEngine(engine, env),
    HOME: workspace.directory,
    USERPROFILE: workspace.directory,
    // The provider keeps its rate budgets in the temporary folder: each workspace has its own.
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    NO_COLOR: "1",
    PULUMI_HOME: join(workspace.directory, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(workspace.directory, "state").replaceAll("\\", "/")}`,
    // A stack that a scenario makes itself has a passphrase in any case.
    PULUMI_CONFIG_PASSPHRASE: workspace.passphrase ?? "scenario",
    ...(workspace.passphrase === undefined && {
      VAULT_SERVER_URL: process.env[vaultVariable],
      VAULT_SERVER_TOKEN: "scenario",
    }),
    PULUMI_STACK: workspace.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Offers --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    ...(workspace.typeCheck ? {} : { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }),
    // Only tests start as quickly as they can: measurements start what users start.
    ...(runDirectory && {
      NODE_COMPILE_CACHE: join(runDirectory, "node-cache"),
      NODE_OPTIONS: preloaded,
      // A command is over before its garbage is worth collecting.
      GOGC: "400",
    }),
  };
}
