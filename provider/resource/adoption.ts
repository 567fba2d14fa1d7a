import { shellWord } from "../process/shell";
import { AlreadyExists, type Rival } from "./errors";
import type { Holder } from "./session";
import { logicalName } from "./urn";

/** The error for a creation that finds its place taken: a second one is never made on a guess. */
export function alreadyExists(rival: Rival): AlreadyExists {
  const { what, urn = "NAME", otherwise } = rival;
  const command = `\`${adoptingCommand([[urn, rival.id]])}\``;
  const where = urn === "NAME" ? ", where NAME is its name in the program" : "";
  const lines = [
    `${what} already exists (${factsOf(rival)}). ${outcomeOf(rival)}`,
    `If it is this resource, adopt it: ${command}${where}.`,
    `If it is not, ${otherwise}.`,
    "If the resource was only renamed in the program, keep it with the option `aliases`; if it is being replaced without a change (`--replace`, a taint), set `deleteBeforeReplace`.",
  ];
  return new AlreadyExists(lines.join("\n"), { rival });
}

/**
 * The error of a creation. Where the stack itself has the place, there is nothing to adopt.
 *
 * @param holderOf finds the stack's own resource with an ID
 */
export function explained(error: unknown, holderOf: (id: string) => Holder | undefined): unknown {
  const rival = error instanceof AlreadyExists ? error.rival : undefined;
  const holder = rival && holderOf(rival.id);
  return rival && holder ? alreadyManaged(rival, holder) : error;
}

function alreadyManaged(rival: Rival, holder: Holder): AlreadyExists {
  const { what, urn, otherwise } = rival;
  const by = holder.urn === undefined ? "" : ` as ${logicalName(holder.urn)}`;
  const isItself = urn !== undefined && holder.urn === urn;
  const advice = isItself
    ? "It is being replaced without a change (`--replace`, a taint): set `deleteBeforeReplace`, so that the old one is deleted first."
    : `Two resources cannot share it: remove one of them from the program, or ${otherwise}. If the resource was only renamed in the program, keep it with the option \`aliases\`.`;
  return new AlreadyExists(
    `${what} already exists (${factsOf(rival)}). ${outcomeOf(rival)}\nThis stack manages it${by}. ${advice}`,
    { rival },
  );
}

function factsOf({ id, since }: Rival): string {
  return since ? `ID ${id}, created ${since}` : `ID ${id}`;
}

function outcomeOf({ outcome = "Nothing was created." }: Rival): string {
  return outcome;
}

/**
 * The command that takes what exists into a stack's state, as a shell takes it, in the project's folder.
 *
 * @param adopted pairs of a URN or a name in the program, and an ID; each has a line if there are several
 * @param options further options of the command
 */
export function adoptingCommand(
  adopted: readonly (readonly [name: string, id: string])[],
  options: readonly string[] = [],
): string {
  const answers = adopted.map(([name, id]) => `--adopt ${shellWord(`${name}=${id}`)}`);
  // Without `-p`, npx takes any package that is called formations.
  const command = ["npx -p pulumi-formations formations recover --yes", ...options.map(shellWord)];
  return answers.length > 1
    ? [command.join(" "), ...answers].join(" \\\n    ")
    : [...command, ...answers].join(" ");
}
