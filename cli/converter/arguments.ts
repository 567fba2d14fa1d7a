import { Command, CommanderError } from "commander";
import { InvalidRequest } from "../../provider/plugin/status";
import {
  addFilterFlags,
  addImportFlags,
  type FilterFlags,
  type ImportFlags,
} from "../discover/flags";
import { timeoutFlag } from "../flags";

/** What the user asks for, after `--`. */
export interface ConverterFlags extends FilterFlags, ImportFlags {
  /** In milliseconds. */
  timeout: number;
}

const help = `
Lists what exists, as \`formations discover\` does, and has \`pulumi import\` take it
into the stack. \`pulumi import\` passes no stack configuration on to a converter:
the environment configures the accounts (FORMATIONS_CITUS_TOKEN and so on), and so
does the stack that --stack names. What that stack has already is left out.

Examples:
  pulumi import --from formations -- --system citus --region us-east-1
  pulumi import --from formations --stack dev -- --stack dev --app shop-dev

Everything about it: \`npx -p pulumi-formations formations help discovering\``;

/**
 * Reads the arguments of \`pulumi import --from formations -- …\`.
 *
 * @throws InvalidRequest if they are not valid, or ask for help, which is then its message
 */
export function parseArguments(args: readonly string[]): ConverterFlags {
  const written: string[] = [];
  const keep = (text: string) => void written.push(text);
  const command = new Command("pulumi import --from formations --")
    .helpOption("-h, --help", "show this help")
    .exitOverride()
    .configureOutput({ writeOut: keep, writeErr: keep });
  addImportFlags(addFilterFlags(command).optionsGroup("How it is imported:"))
    .addOption(timeoutFlag("time limit"))
    .addHelpText("after", help);
  try {
    return command.parse(args, { from: "user" }).opts();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const text = written.join("").trim();
    // The engine would put an empty line behind each of its lines, were it on the error output.
    if (error.code === "commander.helpDisplayed") {
      throw new InvalidRequest(`With --help, nothing is imported.\n\n${text}`);
    }
    throw new InvalidRequest(
      `${text.replace(/^error: /, "")}. \`pulumi import --from formations -- --help\` lists the flags.`,
    );
  }
}
