import { type Command, InvalidArgumentError } from "commander";
import { addDetails, type Details } from "../details";
import { cwdFlag, jsonFlag, stackFlag } from "../flags";
import { note, printJson, tell } from "../say";
import { Pulumi, type StackOptions, StateUnreadable } from "../stack/pulumi";
import { watching } from "../terminal/progress";
import { readAdoptionFile } from "./adoption-file";
import { incompleteAttributes, setAside } from "./file-backend";
import { changesState, planRecovery, type Recovery } from "./recovery";
import { describe, type Questions, questionsOf, remarksOf } from "./report";
import { writeState } from "./state-copy";

type Adoptions = [name: string, id: string][];

interface Flags extends StackOptions {
  adopt?: Adoptions;
  adoptFile?: string;
  adoptMatching?: boolean;
  yes?: boolean;
  preview: boolean;
  json?: boolean;
}

const details: Details = {
  text: [
    "A killed run may leave a resource on the server that the stack's state does not have. This command looks for such resources (by name and region, parent, or app and type), and for resources in the state that were deleted on the server. It shows what it would change; with --yes it updates the state and keeps a copy of the old one in the project's folder. The next `pulumi up` then continues: nothing is lost or created twice.",
    "It takes resources that exist already into a stack, too: declare them in the program, and run it. If it can't tell whether a resource is yours, it asks, and prints one command that answers all its questions.",
  ],
  examples: [
    "formations recover --stack dev",
    "formations recover --stack dev --yes --adopt web=shop-dev/web",
    "formations recover --stack dev --yes --adopt-matching",
    "formations recover --stack dev --yes --adopt-file fleet.json",
  ],
  exitCodes: { "0": "everything is settled", "2": "something is left for you to decide" },
  page: "recovering",
};

/** Makes `formations recover`. */
export function buildRecover(command: Command): void {
  command
    .addOption(stackFlag())
    .addOption(cwdFlag())
    .option(
      "--adopt <name=id>",
      "adopt this ID for a resource, given by its name in the program or its URN; repeatable",
      adoption,
    )
    .option(
      "--adopt-file <file>",
      "adopt what the file of `formations discover --adopt-file` has, without a request for it",
    )
    .option(
      "--adopt-matching",
      "adopt every resource that is the only one with its name or place and equals the program in all properties",
    )
    .option("--no-preview", "check interrupted operations only, without running the program")
    .option("-y, --yes", "update the state; without it nothing is changed")
    .addOption(jsonFlag())
    .action(action);
  addDetails(command, details);
}

/** An ID contains neither `=` nor a space; a name in a program may. */
function adoption(given: string, before: Adoptions = []): Adoptions {
  const at = given.lastIndexOf("=");
  if (at < 1 || at === given.length - 1) {
    throw new InvalidArgumentError("Use the form NAME=ID or URN=ID.");
  }
  return [...before, [given.slice(0, at), given.slice(at + 1)]];
}

async function action(flags: Flags): Promise<void> {
  const { adopt = [], adoptFile, yes = false, preview, json = false, stack, cwd } = flags;
  const recovery = await recoveryFor(flags);
  const isUpdate = changesState(recovery);
  // With JSON, standard output has nothing else.
  const write = json ? () => {} : tell;
  for (const line of describe(recovery)) write(line);
  const remarks = isUpdate ? remarksOf(recovery) : [];
  for (const line of remarks) write(line);
  const isDone = yes && isUpdate;
  const copy = isDone
    ? await watching("Updating the state", () =>
        writeState(new Pulumi({ stack, cwd }), recovery, cwd),
      )
    : undefined;
  if (copy) write(`\nThe state was updated; the old one is in ${copy}.`);
  const questions = questionsOf(recovery, {
    ...{ stack, cwd, preview },
    ...(isDone ? { adopt: [] } : { adopt, adoptFile }),
  });
  write(ending(recovery, questions, isDone));
  if (isOpen(recovery)) process.exitCode = 2;
  if (!json) return;
  const { inJson } = await import("./json.js");
  printJson(
    inJson(recovery, { isSettled: !isOpen(recovery), copy, command: questions?.command, remarks }),
  );
}

/** Finds what a killed run left, after files that a killed run left incomplete are out of the way. */
async function recoveryFor(flags: Flags): Promise<Recovery> {
  const { adopt = [], adoptFile, adoptMatching = false, preview, stack, cwd } = flags;
  const offers = adoptFile === undefined ? [] : readAdoptionFile(adoptFile);
  const pulumi = new Pulumi({ stack, cwd });
  const plan = () =>
    watching("Looking for what a killed run left", ({ onWait }) =>
      planRecovery(pulumi, { adopt, offers, adoptMatching, withPreview: preview, onWait }),
    );
  return plan().catch(async (error) => {
    if (!(error instanceof StateUnreadable)) throw error;
    await makeReadable(error, flags);
    return plan();
  });
}

/** What is left to do. */
function ending(recovery: Recovery, questions: Questions | undefined, isDone: boolean): string {
  const { recovered, removed } = recovery;
  const isUpdate = changesState(recovery);
  if (questions) {
    const { head, command } = questions;
    return `\n${isDone ? "" : "Nothing was changed. "}${head}\n\n  ${command}\n`;
  }
  if (isOpen(recovery)) {
    const again = "Solve what is said above, then run this again.";
    return `\n${isDone ? "" : "Nothing was changed. "}Not everything could be settled. ${again}`;
  }
  if (isDone) return "Next, run `pulumi up`.";
  if (isUpdate) return "\nNothing was changed. Run again with --yes to update the state.";
  return recovered.length === 0 && removed.length === 0
    ? "Nothing to recover: no operation of this package was interrupted."
    : "\nThe state needs no change.";
}

/** Whether something is left to decide. */
function isOpen({ recovered, left }: Recovery): boolean {
  return (
    left.length > 0 || recovered.some(({ decision }) => ["ask", "leave"].includes(decision.action))
  );
}

/** Moves files that a killed run left incomplete out of the way, if the user agrees. */
async function makeReadable(error: StateUnreadable, flags: Flags): Promise<void> {
  const { stack, cwd, yes, json } = flags;
  const where = { stack, cwd };
  const write = json ? note : tell;
  const files = await incompleteAttributes(where);
  if (files.length === 0) throw error;
  const what = `The killed run left an incomplete file: ${files.join(", ")}. The state itself, in the file beside it, is intact. Pulumi does not need the incomplete file, and creates it again.`;
  if (!yes) {
    throw new StateUnreadable(
      `${error.message}\n${what} Delete the file and try again, or use --yes to move it to the project's folder.`,
    );
  }
  write(what);
  for (const file of files) {
    write(`Moved it to ${await setAside(file, where.cwd ?? ".")}.\n`);
  }
}
