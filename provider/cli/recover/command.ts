import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Snapshot } from "../../resource/definition";
import { Pulumi, type StackOptions } from "../pulumi";
import type { Recovered } from "./completion";
import { importState, logicalName } from "./deployment";
import { changesState, planRecovery, type Recovery } from "./recovery";

interface Options extends StackOptions {
  adopt: Map<string, string>;
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
      new Map<string, string>(),
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
function adoption(given: string, before: Map<string, string>): Map<string, string> {
  const at = given.lastIndexOf("=");
  if (at < 1 || at === given.length - 1) {
    throw new InvalidArgumentError("It has the form URN=ID, or name=ID.");
  }
  return new Map(before).set(given.slice(0, at), given.slice(at + 1));
}

async function recover({ adopt, yes, preview, ...where }: Options): Promise<void> {
  const pulumi = new Pulumi(where);
  const recovery = await planRecovery(pulumi, {
    adopt,
    withPreview: preview,
    onWait: (text) => console.error(text),
  });
  const { recovered, removed, repeated } = recovery;
  const isEmpty = [recovered, removed, repeated].every(({ length }) => length === 0);
  if (isEmpty && !changesState(recovery)) {
    console.log("Nothing to recover: no operation of this package was interrupted.");
    return;
  }
  for (const one of recovered) console.log(describe(one));
  for (const { definition, resource, why } of removed) {
    const what = `${logicalName(resource.urn)} (${definition.name})`;
    console.log(`${what}: ${why}, so the state forgets ${resource.id}.`);
  }
  for (const { urn, type } of repeated) {
    const next =
      type === "deleting"
        ? "the next run deletes it, or keeps it where the program declares it"
        : "the next `pulumi up` does it again";
    console.log(`${logicalName(urn)}: interrupted while ${type}: ${next}.`);
  }
  if (!changesState(recovery)) console.log("\nThe state needs no change.");
  else if (yes) await write(pulumi, recovery, where.cwd);
  else console.log("\nNothing is changed yet: --yes completes the state so.");
  const isOpen = recovered.some(({ decision }) => ["ask", "leave"].includes(decision.action));
  if (isOpen) process.exitCode = 2;
}

async function write(pulumi: Pulumi, { before, after }: Recovery, cwd = "."): Promise<void> {
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const copy = join(cwd, `state-before-recovery-${time}.json`);
  await writeFile(copy, `${JSON.stringify(before, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  await importState(pulumi, after);
  console.log(`\nThe state is complete. Before, it was ${copy}. Next: \`pulumi up\`.`);
}

function describe({ creation, decision }: Recovered): string {
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
          `\n  ${shown(one)}\n    formations recover --yes --adopt '${resource.urn}=${one.id}'`,
      );
      return `${what}: is it this? ${decision.why}.${lines.join("")}`;
    }
  }
}

function shown({ id, state }: Snapshot): string {
  const { createdAt, state: now } = state;
  const facts = [createdAt && `created ${createdAt}`, now && `state "${now}"`].filter(Boolean);
  return facts.length > 0 ? `${id}, ${facts.join(", ")}` : id;
}
