import { Argument, type Command } from "commander";
import { print } from "../../provider/process/output";
import { addDetails } from "../details";
import { type Shell, scriptFor, shells } from "./scripts";

/** Makes `formations completion`. */
export function buildCompletion(command: Command): void {
  command
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .action((shell: Shell) => print(scriptFor(shell).trimEnd()));
  addDetails(command, {
    text: [
      "The script completes commands, flags, values that are chosen from a list, files, folders and the names of stacks, which `pulumi stack ls` lists. `formations` has to be on the PATH.",
    ],
    examples: [
      'eval "$(formations completion bash)"    # in ~/.bashrc',
      'eval "$(formations completion zsh)"     # in ~/.zshrc, after compinit',
      "formations completion fish > ~/.config/fish/completions/formations.fish",
    ],
    page: "command-line",
  });
}

/** Makes `formations complete`, which the scripts run. It never fails: a shell would show the error. */
export function buildComplete(command: Command): void {
  command
    .argument("[words...]", "the command line after `formations`, up to the word to complete")
    .action(async (words: string[]) => {
      const { complete } = await import("./complete.js");
      const { programOf } = await import("../program.js");
      const [first = "", second = ""] = words.slice(0, -1);
      const named = first === "help" ? second : first;
      // Without a command, the list of commands suffices: it loads none of them.
      const program = await programOf(named.startsWith("-") || named === "" ? [] : [named]);
      const { kind, words: found } = await complete(program, words);
      print([kind, ...found.map(({ word, meaning }) => `${word}\t${meaning}`)].join("\n"));
    });
}
