import type { Argument, Command, Option } from "commander";
import { pages } from "../../provider/process/pages";
import { type Flags, valuesOf } from "./values";

/** What a command line can go on with. */
export interface Completion {
  /** `files` and `folders`: the shell lists them. */
  kind: "words" | "files" | "folders";
  words: { word: string; meaning: string }[];
}

/** A command line up to the word to complete, taken apart. */
interface Line {
  command: Command;
  /** The arguments that the command has before that word. */
  arguments: string[];
  /** The flags with a value, by their long names without hyphens. */
  flags: Flags;
  /** The flag that the word to complete is the value of. */
  open?: Option;
  /** Whether only arguments follow, after `--`. */
  isOver: boolean;
}

/** What a flag calls its value where it is, or can be, a file. */
const filePlaceholders: ReadonlySet<string> = new Set(["file", "fingerprint"]);

/** What a flag calls its value where it is several, with commas between them. */
const lists: ReadonlySet<string> = new Set(["kinds", "names"]);

/** The arguments that are files, or commands of the user's own, by their names. */
const fileArguments: ReadonlySet<string> = new Set(["files", "command"]);

const nothing: Completion = { kind: "words", words: [] };

/**
 * What can be in place of the last of some words.
 *
 * @param program with the flags of the command that the words name
 * @param words what follows `formations`; the last one is incomplete, or empty
 */
export async function complete(program: Command, words: readonly string[]): Promise<Completion> {
  // Bash makes a word of its own of the sign in `--stack=dev`; the flag before it suffices.
  const parts = words.filter((word, at) => word !== "=" || at === words.length - 1);
  const current = parts.at(-1) === "=" ? "" : (parts.at(-1) ?? "");
  const line = readLine(program, parts.slice(0, -1));
  const [, flag, begun] = /^(--[\w-]+=)(.*)$/s.exec(current) ?? [];
  if (flag !== undefined && begun !== undefined && !line.isOver) {
    const option = optionNamed(line.command, flag.slice(0, -1));
    return option ? prefixed(flag, await ofValue(option, line, begun)) : nothing;
  }
  if (line.open && isValueOf(line.open, current)) return ofValue(line.open, line, current);
  if (current.startsWith("-") && !line.isOver) return ofFlags(line.command, current);
  return ofArguments(line, current);
}

/** Takes the words before the one to complete apart. Words that make no sense are skipped. */
function readLine(program: Command, words: readonly string[]): Line {
  const line: Line = { command: program, arguments: [], flags: {}, isOver: false };
  for (const word of words) {
    if (line.open && isValueOf(line.open, word)) {
      keep(line, line.open, word);
      line.open = undefined;
      continue;
    }
    line.open = undefined;
    if (word === "--") line.isOver = true;
    else if (word.startsWith("-") && !line.isOver) readFlag(line, word);
    else readWord(line, word);
  }
  return line;
}

function readFlag(line: Line, word: string): void {
  const [name = word, ...value] = word.split("=");
  const option = optionNamed(line.command, name);
  if (!option || option.isBoolean()) return;
  if (value.length > 0) keep(line, option, value.join("="));
  else line.open = option;
}

/** Whether a word is the value of the flag before it, which may need none. */
function isValueOf({ optional }: Option, word: string): boolean {
  return !optional || !word.startsWith("-");
}

function readWord(line: Line, word: string): void {
  const command = line.command.commands.find((one) => one.name() === word);
  if (command && line.arguments.length === 0 && !line.isOver) line.command = command;
  else line.arguments.push(word);
}

function keep({ flags }: Line, option: Option, value: string): void {
  const name = nameOf(option);
  flags[name] = [...(flags[name] ?? []), value];
}

function optionNamed(command: Command, name: string): Option | undefined {
  return command
    .createHelp()
    .visibleOptions(command)
    .find(({ short, long }) => name === short || name === long);
}

function nameOf({ long }: Option): string {
  return long?.replace(/^--/, "") ?? "";
}

async function ofValue(option: Option, { flags }: Line, begun: string): Promise<Completion> {
  if (option.argChoices) return wordsOf(option.argChoices, begun);
  const [, placeholder = ""] = /[<[]([\w=-]+)[\]>]/.exec(option.flags) ?? [];
  if (filePlaceholders.has(placeholder)) return { kind: "files", words: [] };
  if (placeholder === "folder") return { kind: "folders", words: [] };
  // Of a list, only what follows its last comma is incomplete.
  const [list = ""] = lists.has(placeholder) ? (/^.*,/.exec(begun) ?? []) : [];
  const values = await valuesOf(nameOf(option), flags);
  return prefixed(list, wordsOf(values, begun.slice(list.length)));
}

function ofFlags(command: Command, begun: string): Completion {
  const options = command.createHelp().visibleOptions(command);
  const words = options.flatMap((option) => {
    const word = begun.startsWith("--") ? option.long : (option.long ?? option.short);
    return word?.startsWith(begun) ? [{ word, meaning: inOneLine(option.description) }] : [];
  });
  return { kind: "words", words };
}

async function ofArguments({ command, ...line }: Line, begun: string): Promise<Completion> {
  const before = line.arguments.length;
  // A group's own `help` takes the name of one of its commands.
  const isHelp = before === 1 && line.arguments[0] === "help" && command.commands.length > 0;
  const isOpen = (before === 0 || isHelp) && !line.isOver;
  const commands = isOpen ? command.createHelp().visibleCommands(command) : [];
  const words = commands
    .filter((one) => one.name().startsWith(begun))
    .map((one) => ({ word: one.name(), meaning: inOneLine(one.description()) }));
  if (words.length > 0 || commands.length > 0) return { kind: "words", words };
  const argument = argumentAt(command.registeredArguments, before);
  if (!argument) return nothing;
  if (argument.argChoices) return wordsOf(argument.argChoices, begun);
  if (argument.name() === "topic") {
    return wordsOf(await topicsOf(command.parent, line.arguments, begun), begun);
  }
  return fileArguments.has(argument.name()) ? { kind: "files", words: [] } : nothing;
}

/** What `formations help` shows. Error codes are many: they are offered to somebody who begins one. */
async function topicsOf(
  program: Command | null,
  words: readonly string[],
  begun: string,
): Promise<string[]> {
  // Loaded here, since nothing else needs the pages.
  const { commandAt, errorCodes } = await import("../topic.js");
  const at = program && commandAt(program, words);
  const commands = at
    ? at
        .createHelp()
        .visibleCommands(at)
        .map((one) => one.name())
    : [];
  if (words.length > 0) return commands.filter((name) => name !== "help");
  const codes = /^[A-Z]/.test(begun) ? errorCodes() : [];
  return [...new Set([...pages, ...commands, ...codes])];
}

function argumentAt(all: readonly Argument[], at: number): Argument | undefined {
  const last = all.at(-1);
  return all[at] ?? (last?.variadic ? last : undefined);
}

function wordsOf(values: readonly string[], begun: string): Completion {
  const fitting = values.filter((one) => one.startsWith(begun));
  return { kind: "words", words: fitting.map((word) => ({ word, meaning: "" })) };
}

function prefixed(prefix: string, { kind, words }: Completion): Completion {
  return { kind, words: words.map(({ word, meaning }) => ({ word: prefix + word, meaning })) };
}

/** A shell shows the meaning in one line, and the columns of a tab would end it. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
