import { readFileSync } from "node:fs";
import { z } from "zod";
import { resources } from "../../provider";
import { FormationsError } from "../../provider/errors";
import type { Definition } from "../../provider/resource/definition";
import { unpack } from "../../provider/resource/marks";
import type { Values } from "../../provider/resource/values";

/** An `--adopt-file` that can't be used. Its message quotes nothing that a server returned. */
export class WrongAdoptionFile extends FormationsError {
  readonly code = "WRONG_ADOPTION_FILE";
}

const text = z.string().min(1);

const entrySchema = z.strictObject({
  /** The type's name in the package: `Formation`. */
  type: text,
  /** The name in Pulumi that the program gives it. */
  name: text,
  /** As an import takes it. */
  id: text,
  /** The URN of its explicit provider. Absent: the default provider serves it. */
  provider: text.optional(),
  /** The bag that a read returned: properties and marks, secrets in plain. */
  state: z.record(z.string(), z.unknown()),
});

const fileSchema = z.strictObject({
  format: z.literal("formations adoptions"),
  version: z.literal(1),
  /** When the servers were read: RFC 3339, UTC. */
  readAt: z.iso.datetime(),
  resources: z.array(entrySchema),
});

/** What `formations discover --adopt-file` writes and `formations recover --adopt-file` reads. */
export type AdoptionFile = z.output<typeof fileSchema>;

/** A resource that the file offers to a program. */
export interface Offer {
  definition: Definition;
  name: string;
  id: string;
  provider?: string;
  state: Values;
  marks: ReturnType<typeof unpack>["marks"];
  /** When it was read. */
  readAt: string;
}

const hint = "`formations discover --adopt-file` writes such files.";

/**
 * Reads what to adopt, with all that a server said of it.
 *
 * @throws WrongAdoptionFile if it is not such a file, or if it offers something twice
 */
export function readAdoptionFile(file: string): Offer[] {
  const fail = (why: string) => new WrongAdoptionFile(`--adopt-file ${file}: ${why}. ${hint}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // A parser's message quotes what it has read.
    if (error instanceof SyntaxError) throw fail("the file is not valid JSON");
    throw fail(`the file cannot be read: ${(error as Error).message}`);
  }
  const read = fileSchema.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    const at = issue?.path.slice(0, 3).join(".") ?? "";
    throw fail(at === "" ? "it is another kind of file" : `its ${at} is missing or not valid`);
  }
  const { readAt, resources: entries } = read.data;
  const offers = entries.map((entry) => offerOf(entry, readAt, fail));
  demandUnique(offers, fail);
  return offers;
}

function offerOf(
  { type, name, id, provider, state }: z.output<typeof entrySchema>,
  readAt: string,
  fail: (why: string) => WrongAdoptionFile,
): Offer {
  const definition = resources.find((one) => one.name === type);
  if (!definition?.find) throw fail(`${name} is of a type that cannot be adopted: ${type}`);
  if (definition.isId?.(id) === false) {
    throw fail(`${name} has an ID that no ${type} has: ${id}. An ID is ${definition.id}`);
  }
  const { properties, marks } = unpack(state);
  return { definition, name, id, provider, state: properties, marks, readAt };
}

function demandUnique(offers: readonly Offer[], fail: (why: string) => WrongAdoptionFile): void {
  const names = new Set<string>();
  const ids = new Map<string, string>();
  for (const { definition, name, id, provider = "" } of offers) {
    const own = `${definition.name} ${name}`;
    if (names.has(own)) throw fail(`it has ${own} twice`);
    names.add(own);
    const place = JSON.stringify([definition.name, provider, id]);
    const other = ids.get(place);
    if (other !== undefined) throw fail(`it offers ${id} both as ${other} and as ${name}`);
    ids.set(place, name);
  }
}
