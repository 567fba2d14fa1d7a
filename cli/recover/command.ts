import { type Command, InvalidArgumentError } from "commander";
import { complain, print } from "../../provider/process/output";
import { adoptingCommand } from "../../provider/resource/adoption";
import type { Definition } from "../../provider/resource/definition";
import { creationTimeOf } from "../../provider/resource/identity";
import type { Found } from "../../provider/resource/lifecycle";
import * as lifecycle from "../../provider/resource/lifecycle";
import { logicalName } from "../../provider/resource/urn";
import { definitionOf, importState } from "../stack/deployment";
import { Pulumi, type StackOptions, StateUnreadable } from "../stack/pulumi";
import { isSettledAtOnce, type Recovered } from "./completion";
import { incompleteAttributes, setAside } from "./file-backend";
import { changesState, planRecovery, type Recovery } from "./recovery";
import { keepCopy } from "./state-copy";

interface Flags extends StackOptions {
  adopt: [name: string, id: string][];
  yes?: boolean;
  preview: boolean;
}

const help = `
A killed run may leave a resource on the server that the stack's state does not have. This command looks
for such resources (by name and region, parent, or app and type), and for resources in the state that were
deleted on the server. It shows what it would change; with --yes it updates the state and keeps a copy of the
old one in the project's folder. The next \`pulumi up\` then continues: nothing is lost or created twice.

Exit code: 0 if everything is settled, 2 if something is left for you to decide, 1 on failure.`;

/** Adds `formations recover`. */
export function addRecover(program: Command): void {
  program
    .command("recover")
    .description("complete a stack's state after a killed run")
    .option("-s, --stack <name>", "the stack; default: the selected one")
    .option("-C, --cwd <folder>", "the project's folder; default: the current folder")
    .option(
      "--adopt <urn=id>",
      "adopt this ID for a resource, given by its URN or its name in the program; repeatable",
      adoption,
      [],
    )
    .option("--no-preview", "check interrupted operations only, without running the program")
    .option("-y, --yes", "update the state; without it nothing is changed")
    .addHelpText("after", help)
    .action(action);
}

/** An ID contains neither `=` nor a space; a name in a program may. */
function adoption(given: string, before: Flags["adopt"]): Flags["adopt"] {
  const at = given.lastIndexOf("=");
  if (at < 1 || at === given.length - 1) {
    throw new InvalidArgumentError("Use the form URN=ID or NAME=ID.");
  }
  return [...before, [given.slice(0, at), given.slice(at + 1)]];
}

async function action({ adopt, yes, preview, ...where }: Flags): Promise<void> {
  const pulumi = new Pulumi(where);
  const plan = () => planRecovery(pulumi, { adopt, withPreview: preview, onWait: complain });
  const recovery = await plan().catch(async (error) => {
    if (!(error instanceof StateUnreadable)) throw error;
    await makeReadable(error, where, yes);
    return plan();
  });
  const { recovered, removed, known } = recovery;
  for (const { urn, id } of known) {
    print(`${logicalName(urn)} is already in the state, with ID ${id}.`);
  }
  const isEmpty = recovered.length === 0 && removed.length === 0;
  if (isEmpty && !changesState(recovery)) {
    print("Nothing to recover: no operation of this package was interrupted.");
    return;
  }
  for (const one of recovered) print(describe(one, where));
  for (const { definition, resource, why } of removed) {
    const what = `${logicalName(resource.urn)} (${definition.name})`;
    print(`${what}: ${why}; ${resource.id} is removed from the state.`);
  }
  if (!changesState(recovery)) print("\nThe state needs no change.");
  else {
    for (const line of remarksOf(recovery)) print(line);
    if (yes) await write(pulumi, recovery, where.cwd);
    else print("\nNothing was changed. Run again with --yes to update the state.");
  }
  const isOpen = recovered.some(({ decision }) => ["ask", "leave"].includes(decision.action));
  if (isOpen) process.exitCode = 2;
}

/** Moves files that a killed run left incomplete out of the way, if the user agrees. */
async function makeReadable(
  error: StateUnreadable,
  where: StackOptions,
  yes: boolean | undefined,
): Promise<void> {
  const files = await incompleteAttributes(where);
  if (files.length === 0) throw error;
  const what = `The killed run left an incomplete file: ${files.join(", ")}. The state itself, in the file beside it, is intact. Pulumi does not need the incomplete file, and creates it again.`;
  if (!yes) {
    throw new StateUnreadable(
      `${error.message}\n${what} Delete the file and try again, or use --yes to move it to the project's folder.`,
    );
  }
  print(what);
  for (const file of files) {
    print(`Moved it to ${await setAside(file, where.cwd ?? ".")}.\n`);
  }
}

/** What happens to the interrupted operations that leave nothing to look for. */
function remarksOf({ before, repeated }: Recovery): string[] {
  const again = repeated.map(({ urn, type }) => {
    const next =
      type === "deleting"
        ? "the next run deletes it, or keeps it if the program declares it"
        : "the next `pulumi up` repeats that";
    return `${logicalName(urn)}: interrupted while ${type}; ${next}.`;
  });
  const others = (before.deployment.pending_operations ?? []).flatMap(({ type, resource }) => {
    if (definitionOf(resource.type)) return [];
    const what = `${logicalName(resource.urn)} (${resource.type}): interrupted while ${type}`;
    return isSettledAtOnce(type, resource)
      ? `${what}, which leaves nothing; the operation is removed from the state.`
      : `${what}. It belongs to another package: check yourself what it left, since the operation is removed from the state and only the copy keeps it.`;
  });
  return [...again, ...others];
}

async function write(pulumi: Pulumi, { before, after }: Recovery, cwd = "."): Promise<void> {
  const copy = await keepCopy(cwd, "state", ".json", `${JSON.stringify(before, undefined, 2)}\n`);
  await importState(pulumi, after);
  print(`\nThe state was updated; the old one is in ${copy}. Next, run \`pulumi up\`.`);
}

function describe({ creation, decision }: Recovered, where: StackOptions): string {
  const { definition, resource } = creation;
  const what = `${logicalName(resource.urn)} (${definition.name})`;
  switch (decision.action) {
    case "adopt":
      return `${what}: adopt ${factsOf(definition, decision.snapshot)}: ${decision.why}.`;
    case "create":
      return `${what}: ${decision.why}; the next \`pulumi up\` creates it.`;
    case "leave":
      return `${what}: left unchanged: ${decision.why}`;
    case "ask": {
      const lines = decision.candidates.map((one) => {
        const command = adoptingCommand(resource.urn, one.id, optionsOf(where));
        return `\n  ${factsOf(definition, one)}\n    ${command}`;
      });
      return `${what}: is it this? ${decision.why}.${lines.join("")}`;
    }
  }
}

/** The options that name the stack again. */
function optionsOf({ stack, cwd }: StackOptions): string[] {
  return [...(stack ? ["--stack", stack] : []), ...(cwd ? ["--cwd", cwd] : [])];
}

/** A resource's ID, when it was created, and what it still waits for. */
function factsOf(definition: Definition, found: Found): string {
  const created = creationTimeOf(found);
  const waiting = lifecycle.pendingOf(definition, found);
  return [found.id, created && `created ${created}`, waiting].filter(Boolean).join(", ");
}
