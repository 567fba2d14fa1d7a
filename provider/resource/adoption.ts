import { page } from "../process/pages";
import { AlreadyExists } from "./errors";

/** Something that exists already in the place of what is to be created. */
export interface Rival {
  /** What it is: `formation "db" in us-east-1`. */
  what: string;
  /** Its ID, as an import takes it. */
  id: string;
  /** When it was created. */
  since?: string;
  /** The URN of what was to be created, if the host knows it. */
  urn?: string;
  /** What was done, in whole sentences. Default: nothing was created. */
  outcome?: string;
  /** What else can be done, besides adopting it: `give this one another name`. */
  otherwise: string;
}

/** The error for a creation that finds its place taken: a second one is never made on a guess. */
export function alreadyExists(rival: Rival): AlreadyExists {
  const { what, id, since, urn = "NAME", outcome = "Nothing was created.", otherwise } = rival;
  const facts = since ? `ID ${id}, created ${since}` : `ID ${id}`;
  const command = `\`${adoptingCommand(urn, id)}\``;
  const where = urn === "NAME" ? ", where NAME is its name in the program" : "";
  return new AlreadyExists(
    `${what} already exists (${facts}). ${outcome} ` +
      `If an interrupted run created it, adopt it with: ${command}${where}; ${page("adopting")} tells more. ` +
      `Otherwise, ${otherwise}. ` +
      "(When replacing an unchanged resource with `--replace` or a taint, set `deleteBeforeReplace`.)",
  );
}

/**
 * The command that takes what exists into a stack's state, as a shell takes it, in the project's folder.
 *
 * @param name a URN, or a name in the program
 * @param options further options of the command
 */
export function adoptingCommand(name: string, id: string, options: readonly string[] = []): string {
  const adopted = shellWord(`${name}=${id}`);
  // Without `-p`, npx takes any package that is called formations.
  return ["npx -p pulumi-formations formations recover --yes", ...options.map(shellWord)]
    .concat(`--adopt ${adopted}`)
    .join(" ");
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
