import { readFileSync } from "node:fs";
import { z } from "zod";
import { FormationsError } from "../../../provider/errors";
import { unpack } from "../../../provider/resource/marks";
import { isReplaceOnly } from "../../../provider/resource/plan";
import { logicalName } from "../../../provider/resource/urn";
import { containsUnknown, type Values } from "../../../provider/resource/values";
import type { InterruptedCreation } from "../../recover/creation";
import { differencesOf } from "../../recover/decision";
import { definitionOf, providerOf, revealed } from "../../stack/deployment";
import { isDefault } from "../../stack/sessions";
import type { Found } from "../model";
import { propertiesOf, sealed, stateId } from "./entry";
import { obstacleTo } from "./selection";

/** A `--complete` file that is not what `pulumi preview --import-file` writes. */
export class WrongImportFile extends FormationsError {
  readonly code = "WRONG_IMPORT_FILE";
}

/** What the file has in place of an ID that nobody has filled in. */
export const placeholder = "<PLACEHOLDER>";

const entrySchema = z.looseObject({
  type: z.string(),
  name: z.string(),
  logicalName: z.string().optional(),
  id: z.string().optional(),
  parent: z.string().optional(),
});

const fileSchema = z.looseObject({ resources: z.array(entrySchema) });

type Entry = z.output<typeof entrySchema>;

/** A file of `pulumi preview --import-file`; what is not named here is kept. */
export type PreviewFile = z.output<typeof fileSchema>;

/** Reads such a file. @throws WrongImportFile if it is another kind of file */
export function readPreviewFile(file: string): PreviewFile {
  const hint = "`pulumi preview --import-file` writes such files.";
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // A parser's message quotes what it has read.
    const why =
      error instanceof SyntaxError ? "the file is not valid JSON" : (error as Error).message;
    throw new WrongImportFile(`--complete ${file}: ${why}. ${hint}`);
  }
  const read = fileSchema.safeParse(content);
  if (read.success) return read.data;
  throw new WrongImportFile(`--complete ${file}: it is another kind of file. ${hint}`);
}

/** A file whose IDs are filled in, as far as they are certain. */
export interface Completion {
  file: PreviewFile;
  /** How many IDs were filled in. */
  filled: number;
  /** What is left, and what will change: whole sentences. */
  remarks: string[];
  /** Whether a placeholder of this package's resources is left. */
  isOpen: boolean;
}

/** What an entry is, by the same program's preview. */
interface Wanted {
  entry: Entry;
  creation: InterruptedCreation;
  /** What the program asks, as far as it is known. */
  inputs: Values;
}

/** What fits an entry. */
interface Match {
  wanted: Wanted;
  candidates: Found[];
}

/**
 * Fills in the IDs of what the program declares and the servers have. Each resource has to be the only one
 * that fits, and to be left in place by the next `pulumi up`.
 *
 * @param creations what a preview of the program would create
 * @param withReads whether the engine is to read each resource itself
 */
export function completedFile(
  file: PreviewFile,
  creations: readonly InterruptedCreation[],
  found: readonly Found[],
  withReads = false,
): Completion {
  const remarks: string[] = [];
  const isOurs = ({ type, id }: Entry) => id === placeholder && definitionOf(type) !== undefined;
  const matches = new Map<Entry, Match>();
  for (const entry of file.resources.filter(isOurs)) {
    const wanted = wantedOf(entry, file, creations);
    if (!wanted) remarks.push(`${labelOf(entry)}: a preview of the program does not create it.`);
    else matches.set(entry, { wanted, candidates: found.filter((one) => fits(one, wanted)) });
  }
  const takers = Map.groupBy(
    [...matches.values()].filter(({ candidates }) => candidates.length === 1),
    ({ candidates: [only] }) => only,
  );
  let filled = 0;
  const resources = file.resources.map((entry) => {
    const match = matches.get(entry);
    if (!match) return entry;
    const problem = problemOf(match, takers, found);
    const [only] = match.candidates;
    if (problem !== undefined || !only) {
      remarks.push(`${labelOf(entry)}: ${problem}`);
      return entry;
    }
    filled++;
    remarks.push(...changesTo(match.wanted, only));
    if (withReads) return { ...entry, id: only.id };
    return { ...entry, id: stateId(only), ...sealed(only, propertiesOf(only)) };
  });
  const isOpen = resources.some(isOurs);
  return { file: { ...file, resources }, filled, remarks, isOpen };
}

function wantedOf(
  entry: Entry,
  { resources }: PreviewFile,
  creations: readonly InterruptedCreation[],
): Wanted | undefined {
  const nameOf = ({ name, logicalName: other = name }: Entry) => other;
  const parent = resources.find(({ name }) => entry.parent !== undefined && name === entry.parent);
  const all = creations.filter(
    ({ resource }) => resource.type === entry.type && logicalName(resource.urn) === nameOf(entry),
  );
  const own = all.filter(
    ({ resource }) => parent && resource.parent && logicalName(resource.parent) === nameOf(parent),
  );
  const [creation] = all.length > 1 ? own : all;
  if (!creation) return undefined;
  const inputs = revealed(creation.resource.inputs ?? {}) as Values;
  const known = Object.entries(inputs).filter(([, value]) => !containsUnknown(value));
  return { entry, creation, inputs: Object.fromEntries(known) };
}

/** Whether something that exists can be what an entry means, and stays in place. */
function fits(one: Found, wanted: Wanted): boolean {
  return isCandidate(one, wanted) && hasName(one, wanted) && inTheWay(one, wanted).length === 0;
}

/** Whether it is of the entry's type, in its account, and nobody's. */
function isCandidate(one: Found, { creation: { definition, resource } }: Wanted): boolean {
  const [provider] = providerOf(resource);
  const own = isDefault(provider) ? undefined : provider;
  return (
    one.definition === definition &&
    one.account.provider === own &&
    one.managers.length === 0 &&
    !one.isLeaving
  );
}

/** Whether it is called as the program calls it. What is made from a logical name may have that name itself. */
function hasName(
  { state }: Found,
  { creation: { definition, resource }, inputs }: Wanted,
): boolean {
  const key = definition.plan.autoname;
  if (key === undefined) return true;
  const { properties, marks } = unpack(inputs);
  const isMade = marks.autonamed || properties[key] === undefined;
  return (
    state[key] === properties[key] || (isMade === true && state[key] === logicalName(resource.urn))
  );
}

/** What of it only a replacement would bring to what the program asks. */
function inTheWay({ state }: Found, { creation: { definition }, inputs }: Wanted): string[] {
  const { plan } = definition;
  return differencesOf(definition, inputs, state, (key) => {
    const isOwnName = key === plan.autoname && unpack(inputs).marks.autonamed === true;
    return isReplaceOnly(key, plan) && !isOwnName;
  });
}

function problemOf(
  { wanted, candidates }: Match,
  takers: ReadonlyMap<Found | undefined, Match[]>,
  found: readonly Found[],
): string | undefined {
  const [only, ...others] = candidates;
  if (wanted.creation.isDynamic) {
    return "Pulumi cannot import into the TypeScript classes. Use `formations discover --adopt-file` and `formations recover --adopt-file`.";
  }
  if (!only) return absence(wanted, found);
  const choose = `Put the right ID in place of ${placeholder}.`;
  if (others.length > 0) {
    return `${candidates.length} resources fit: ${candidates.map(({ id }) => id).join(", ")}. ${choose}`;
  }
  const rivals = takers.get(only) ?? [];
  if (rivals.length > 1) {
    const names = rivals.map(({ wanted: { entry } }) => labelOf(entry)).join(" and ");
    return `${only.id} fits ${names}. ${choose}`;
  }
  return obstacleTo(only);
}

/** Why nothing fits, with what comes near. */
function absence(wanted: Wanted, found: readonly Found[]): string {
  const [provider] = providerOf(wanted.creation.resource);
  const isSearched = found.some(({ account }) => account.provider === provider);
  if (!isDefault(provider) && !isSearched) {
    return `nothing was found in the account of provider ${logicalName(provider)}. If the stack does not have the provider yet, create it first: \`pulumi up --target '${provider}'\`.`;
  }
  const near = found.filter((one) => isCandidate(one, wanted) && isNear(one, wanted));
  if (near.length === 0) return "nothing that exists has its name or place.";
  const facts = near.map((one) => `${one.id} (${inTheWay(one, wanted).join(", ")})`);
  return `what has its name differs in what only a replacement changes: ${facts.join("; ")}. Put what the server has into the program first.`;
}

/** Whether it is called so, or is the only one of several properties that say where it is. */
function isNear(one: Found, wanted: Wanted): boolean {
  return wanted.creation.definition.plan.autoname !== undefined && hasName(one, wanted);
}

/** What the next `pulumi up` will change of a resource that was filled in. */
function changesTo(
  { entry, creation: { definition }, inputs }: Wanted,
  { state }: Found,
): string[] {
  const differences = differencesOf(
    definition,
    inputs,
    state,
    (key) => !isReplaceOnly(key, definition.plan),
  );
  const named = differences.filter((text) => !text.startsWith(`${definition.plan.autoname} `));
  if (named.length === 0) return [];
  return [`${labelOf(entry)}: the next \`pulumi up\` changes it, since ${named.join(", ")}.`];
}

function labelOf({ type, name, logicalName: other = name }: Entry): string {
  return `${other} (${definitionOf(type)?.name ?? type})`;
}
