import { type Command, InvalidArgumentError } from "commander";
import { complain, print } from "../../provider/process/output";
import { adoptingCommand } from "../../provider/resource/adoption";
import type { Snapshot } from "../../provider/resource/definition";
import { definitionOf, importState, logicalName } from "../stack/deployment";
import { Pulumi, type StackOptions, StateUnreadable } from "../stack/pulumi";
import { isSettledAtOnce, type Recovered } from "./completion";
import { cutOffNotes, setAside } from "./file-backend";
import { changesState, planRecovery, type Recovery } from "./recovery";
import { keepCopy } from "./state-copy";

interface Options extends StackOptions {
  adopt: [name: string, id: string][];
  yes?: boolean;
  preview: boolean;
}

const help = `
A run that was killed may leave a resource on the server that the stack's state does not know. This
looks for it (by name and region, parent, app and type), and for what the state has and the server
deleted, shows what it would do, and with --yes completes the state. A copy of the state before is
kept in the project's folder. The next \`pulumi up\` goes on from there: nothing is lost, and nothing
is created twice.

Ends with 0 when all is clear, with 2 when something is left for you to say, with 1 when it failed.`;

/** Adds `formations recover` to the command. */
export function describeRecover(program: Command): void {
  program
    .command("recover")
    .description("completes a stack's state after a run that was killed")
    .option("-s, --stack <name>", "the stack; default: the selected one")
    .option("-C, --cwd <folder>", "the project's folder; default: this one")
    .option(
      "--adopt <urn=id>",
      "takes this ID for that resource, by its URN or its name in the program; repeatable",
      adoption,
      [],
    )
    .option(
      "--no-preview",
      "looks at what the state lists as interrupted only, without running the program",
    )
    .option("-y, --yes", "writes the state; without it nothing is changed")
    .addHelpText("after", help)
    .action(recover);
}

/** An ID may hold neither `=` nor a space; a name in a program may. */
function adoption(given: string, before: Options["adopt"]): Options["adopt"] {
  const at = given.lastIndexOf("=");
  if (at < 1 || at === given.length - 1) {
    throw new InvalidArgumentError("It has the form URN=ID, or name=ID.");
  }
  return [...before, [given.slice(0, at), given.slice(at + 1)]];
}

async function recover({ adopt, yes, preview, ...where }: Options): Promise<void> {
  const pulumi = new Pulumi(where);
  const plan = () =>
    planRecovery(pulumi, {
      adopt,
      withPreview: preview,
      onWait: complain,
    });
  const recovery = await plan().catch(async (error) => {
    if (!(error instanceof StateUnreadable)) throw error;
    await makeReadable(error, where, yes);
    return plan();
  });
  const { recovered, removed, known } = recovery;
  for (const { urn, id } of known) {
    print(`${logicalName(urn)} is in the state already, with the ID ${id}.`);
  }
  const isEmpty = recovered.length === 0 && removed.length === 0;
  if (isEmpty && !changesState(recovery)) {
    print("Nothing to recover: no operation of this package was interrupted.");
    return;
  }
  for (const one of recovered) print(describe(one, where));
  for (const { definition, resource, why } of removed) {
    const what = `${logicalName(resource.urn)} (${definition.name})`;
    print(`${what}: ${why}, so the state forgets ${resource.id}.`);
  }
  if (!changesState(recovery)) print("\nThe state needs no change.");
  else {
    for (const line of notesOf(recovery)) print(line);
    if (yes) await write(pulumi, recovery, where.cwd);
    else print("\nNothing is changed yet: --yes completes the state so.");
  }
  const isOpen = recovered.some(({ decision }) => ["ask", "leave"].includes(decision.action));
  if (isOpen) process.exitCode = 2;
}

/** Moves what a kill has cut off beside the state out of the way, if the user says so. */
async function makeReadable(
  error: StateUnreadable,
  where: StackOptions,
  yes: boolean | undefined,
): Promise<void> {
  const notes = await cutOffNotes(where);
  const [first] = notes;
  if (first === undefined) throw error;
  const what = `The run that died was writing, and has cut off ${notes.join(", ")}. The state itself, in the file beside it, is whole: Pulumi reads it once that one is gone, and makes it anew.`;
  if (!yes) {
    throw new StateUnreadable(
      `${error.message}\n${what} Delete it, or let --yes move it into the project's folder, and try again.`,
    );
  }
  print(what);
  for (const note of notes) {
    print(`It is ${await setAside(note, where.cwd ?? ".")} now.\n`);
  }
}

/** What becomes of the interrupted operations that nothing is looked for of. */
function notesOf({ before, repeated }: Recovery): string[] {
  const again = repeated.map(({ urn, type }) => {
    const next =
      type === "deleting"
        ? "the next run deletes it, or keeps it where the program declares it"
        : "the next `pulumi up` does it again";
    return `${logicalName(urn)}: interrupted while ${type}: ${next}.`;
  });
  const others = (before.deployment.pending_operations ?? []).flatMap(({ type, resource }) => {
    if (definitionOf(resource.type)) return [];
    const what = `${logicalName(resource.urn)} (${resource.type}): interrupted while ${type}`;
    return isSettledAtOnce(type, resource)
      ? `${what}, which leaves nothing: the state forgets that.`
      : `${what}. This is another package's: look yourself what it left, for the state forgets it, and only the copy keeps it.`;
  });
  return [...again, ...others];
}

async function write(pulumi: Pulumi, { before, after }: Recovery, cwd = "."): Promise<void> {
  const copy = await keepCopy(cwd, "state", ".json", `${JSON.stringify(before, undefined, 2)}\n`);
  await importState(pulumi, after);
  print(`\nThe state is complete. Before, it was ${copy}. Next: \`pulumi up\`.`);
}

function describe({ creation, decision }: Recovered, where: StackOptions): string {
  const { definition, resource } = creation;
  const what = `${logicalName(resource.urn)} (${definition.name})`;
  switch (decision.action) {
    case "adopt":
      return `${what}: adopt ${shown(decision.snapshot)}: ${decision.why}.`;
    case "create":
      return `${what}: ${decision.why}; the next \`pulumi up\` creates it.`;
    case "leave":
      return `${what}: left as it is: ${decision.why}`;
    case "ask": {
      const lines = decision.candidates.map(
        (one) =>
          `\n  ${shown(one)}\n    ${adoptingCommand(resource.urn, one.id, optionsOf(where))}`,
      );
      return `${what}: is it this? ${decision.why}.${lines.join("")}`;
    }
  }
}

/** What names the stack again. */
function optionsOf({ stack, cwd }: StackOptions): string[] {
  return [...(stack ? ["--stack", stack] : []), ...(cwd ? ["--cwd", cwd] : [])];
}

function shown({ id, state }: Snapshot): string {
  const { createdAt, state: now } = state;
  const facts = [createdAt && `created ${createdAt}`, now && `state "${now}"`].filter(Boolean);
  return facts.length > 0 ? `${id}, ${facts.join(", ")}` : id;
}
