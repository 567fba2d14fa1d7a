import type { Command } from "commander";
import { replaceFile } from "../../../provider/process/replace-file";
import { addDetails } from "../../details";
import { hasProject, withoutProject } from "../../stack/project";
import { watching } from "../../terminal/progress";
import { exportSchedules } from "../schedules/export";
import { withStacks } from "../schedules/flags";
import { WrongSchedule } from "../schedules/schedule";

interface Flags {
  stack?: string[];
  cwd?: string;
  output?: string;
  showSecrets?: boolean;
}

/** The file may contain keys. */
const ownerOnly = 0o600;

/** Adds `formations backups export`. */
export function addExport(backups: Command): void {
  const command = withStacks(backups.command("export"))
    .description("export schedules for runners without Pulumi or access to the state")
    .option("-o, --output <file>", "the file to write; default: standard output")
    .option(
      "--show-secrets",
      "include API keys; without it, runners read them from the environment",
    )
    .action(action);
  addDetails(command, {
    text: ["What is written is JSON; standard output then has nothing else."],
    examples: [
      "formations backups export --stack production > schedules.json",
      "formations backups export --output schedules.json --show-secrets",
    ],
    page: "backups",
  });
}

async function action({ stack, cwd, output, showSecrets }: Flags): Promise<void> {
  if (!stack && !hasProject(cwd ?? ".")) {
    throw new WrongSchedule(`Name a stack with --stack. ${withoutProject(cwd)}`);
  }
  const stacks = stack ? stack.map((name) => ({ stack: name, cwd })) : [{ cwd }];
  const file = await watching("Reading schedules", () =>
    exportSchedules(stacks, showSecrets === true),
  );
  const text = `${JSON.stringify(file, undefined, 2)}\n`;
  if (output === undefined) process.stdout.write(text);
  else replaceFile(output, text, ownerOnly);
}
