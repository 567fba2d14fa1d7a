import { existsSync } from "node:fs";
import { dirname, format, parse } from "node:path";
import { replaceFile } from "../../../provider/process/replace-file";
import { logicalName } from "../../../provider/resource/urn";
import { preview } from "../../recover/creation";
import { exportState } from "../../stack/deployment";
import { Pulumi } from "../../stack/pulumi";
import { providerType } from "../../stack/sessions";
import { WrongDiscovery } from "../filters";
import type { Found, Inventory } from "../model";
import { adoptionFile } from "./adoption-file";
import { completedFile, type PreviewFile, readPreviewFile } from "./completion";
import { type ImportFile, importFiles } from "./import-file";
import { named } from "./names";
import { lackingRemarks, offerOf, programRemarks } from "./offer";
import type { FileFlags, WriteFiles, Written } from "./prepare";
import { readSecretValues } from "./secret-values";
import { countOf } from "./selection";
import { type Target, takenNames } from "./target";
import { typeScriptProgram } from "./typescript";

/** What a stack has to be known by. */
export interface FileOptions extends FileFlags {
  stack?: readonly string[];
  cwd?: string;
}

/** Of a file with secrets: its owner alone reads it. */
const privately = 0o600;

/**
 * Reads what the files need beforehand, and makes what writes them.
 *
 * @throws WrongDiscovery, WrongSecretValues, WrongImportFile: nothing was requested
 */
export function prepared(options: FileOptions): WriteFiles {
  demandFit(options);
  const { complete, secretValues } = options;
  const given = secretValues === undefined ? new Map() : readSecretValues(secretValues);
  const placeholders = complete === undefined ? undefined : readPreviewFile(complete);
  return (inventory) => write(inventory, options, given, placeholders);
}

function demandFit(options: FileOptions): void {
  const { import: list, read, provider, complete, adoptFile, typescript } = options;
  const files = [list, complete, adoptFile, typescript].filter((one) => one !== undefined);
  if (files.length === 0) {
    throw new WrongDiscovery(
      "--read, --provider and --secret-values are about a file: name one with --import, --complete, --adopt-file or --typescript.",
    );
  }
  const twice = files.find((one, at) => files.indexOf(one) !== at);
  if (twice !== undefined) throw new WrongDiscovery(`Two files cannot both be ${twice}.`);
  if (read && list === undefined && complete === undefined) {
    throw new WrongDiscovery("--read is about --import and --complete: name such a file.");
  }
  if (provider !== undefined && list === undefined) {
    throw new WrongDiscovery("--provider is about --import: name such a file.");
  }
  const lost = files.find((one) => !existsSync(dirname(one)));
  if (lost !== undefined) {
    throw new WrongDiscovery(`${lost} cannot be written: there is no folder ${dirname(lost)}.`);
  }
  if (typescript !== undefined && existsSync(typescript)) {
    throw new WrongDiscovery(
      `--typescript ${typescript}: the file exists already, and may be your program. Name another file.`,
    );
  }
}

/** @throws WrongDiscovery if the file system refuses it */
function writeWhole(path: string, text: string, mode?: number): void {
  try {
    replaceFile(path, text, mode);
  } catch (error) {
    throw new WrongDiscovery(`${path} cannot be written: ${(error as Error).message}`);
  }
}

async function write(
  inventory: Inventory,
  options: FileOptions,
  given: ReadonlyMap<string, string>,
  placeholders: PreviewFile | undefined,
): Promise<Written> {
  const { found, taken, target, ...said } = await offerOf(inventory, options, given);
  const takesAll = [options.import, options.adoptFile, options.typescript].some(Boolean);
  const lines = [...(takesAll ? said.leftOut : []), ...said.unused];
  if (options.import !== undefined)
    lines.push(...writeImports(options.import, taken, target, options));
  lines.push(...writeDynamic(taken, target, options));
  lines.push(...lackingRemarks(taken));
  if (placeholders === undefined) return { lines, isOpen: false };
  const completed = await complete(placeholders, found, options);
  return { lines: [...lines, ...completed.lines], isOpen: completed.isOpen };
}

function writeImports(
  file: string,
  taken: readonly Found[],
  target: Target,
  { provider, read: withReads }: FileOptions,
): string[] {
  const files = importFiles(taken, { target, provider, withReads });
  const { dir, name, ext } = parse(file);
  const written = files.map((content, at) => {
    const path = at === 0 ? file : format({ dir, name: `${name}-${at + 1}`, ext });
    writeWhole(path, `${JSON.stringify(content, undefined, 2)}\n`, privately);
    return path;
  });
  const commands = written.map((path, at) => {
    const program = format({ dir, name: parse(path).name, ext: ".program" });
    const output = declaredIn(files[at]).length > 0 ? "--generate-code=false" : `--out ${program}`;
    return `  pulumi import --file ${path} ${output}`;
  });
  const order =
    written.length > 1
      ? " Import the files one after the other: together, Pulumi would write references between resources that only have equal names."
      : "";
  return [
    `${written.join(", ")}: ${countOf(taken) || "nothing"}.${order}`,
    ...(taken.length > 0 ? ["Next, in the project's folder:", ...commands] : []),
    ...declarationRemarks(files),
    ...programRemarks(taken),
  ];
}

/** The explicit providers that a file declares. */
function declaredIn(file: ImportFile | undefined): string[] {
  return (file?.resources ?? [])
    .filter(({ type }) => type === providerType)
    .map(({ logicalName }) => logicalName);
}

/** The engine imports what it needs a new provider for, but cannot write the program of it (3.259). */
function declarationRemarks(files: readonly ImportFile[]): string[] {
  const names = [...new Set(files.flatMap(declaredIn))];
  return names.map(
    (name) =>
      `The stack has no provider ${name} yet, so the file declares it; Pulumi writes no program of such a file. To get one, declare the provider in yours, run \`pulumi up\`, and run this again with --stack.`,
  );
}

/** The files for the TypeScript classes, whose names agree. */
function writeDynamic(
  taken: readonly Found[],
  target: Target,
  { adoptFile, typescript }: FileOptions,
): string[] {
  if (adoptFile === undefined && typescript === undefined) return [];
  const lines: string[] = [];
  const names = named(taken, takenNames(target));
  if (typescript !== undefined) {
    const own = names.filter(({ found }) => found.account.provider === undefined);
    const { text, secrets } = typeScriptProgram(own);
    writeWhole(typescript, text);
    lines.push(`${typescript}: ${countOf(own.map(({ found }) => found)) || "nothing"}.`);
    for (const { found, name } of names) {
      const { provider } = found.account;
      if (provider === undefined) continue;
      lines.push(
        `${name} is not in ${typescript}: it is in the account of provider ${logicalName(provider)}, and the TypeScript classes take the stack's configuration alone.`,
      );
    }
    const commands = secrets.map((key) => `  pulumi config set --secret ${key}`);
    if (commands.length > 0) lines.push("It takes the values of secrets from:", ...commands);
  }
  if (adoptFile !== undefined) {
    const content = adoptionFile(names, Date.now());
    writeWhole(adoptFile, `${JSON.stringify(content, undefined, 2)}\n`, privately);
    lines.push(
      `${adoptFile}: ${countOf(taken) || "nothing"}.`,
      "Next, once the program declares them under these names:",
      `  formations recover --yes --adopt-file ${adoptFile}`,
    );
  }
  return lines;
}

/** Fills in what a program's preview left open. */
async function complete(
  placeholders: PreviewFile,
  found: readonly Found[],
  { complete: file = "", read, stack: [stack] = [], cwd }: FileOptions,
): Promise<Written> {
  const pulumi = new Pulumi({ stack, cwd });
  const { creations } = await preview(pulumi, await exportState(pulumi));
  const completed = completedFile(placeholders, creations, found, read);
  const { filled, remarks, isOpen } = completed;
  writeWhole(file, `${JSON.stringify(completed.file, undefined, 4)}\n`, privately);
  const next = [
    "Next, in the project's folder:",
    `  pulumi import --file ${file} --generate-code=false`,
  ];
  const lines = [
    `${file}: ${filled} ${filled === 1 ? "ID is" : "IDs are"} filled in.`,
    ...remarks,
    ...(isOpen ? ["Not every ID could be filled in: see above."] : next),
  ];
  return { lines, isOpen };
}
