import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { formations, type Outcome } from "../../cli/command.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

const effectSchema = z.object({ kind: z.string(), text: z.string() });

const propertySchema = z.object({
  property: z.string(),
  from: z.unknown(),
  to: z.unknown(),
  why: z.string().optional(),
  effect: effectSchema.optional(),
});

const messagesSchema = z.array(z.object({ severity: z.string(), text: z.string() }));

const changeSchema = z.object({
  urn: z.string(),
  name: z.string(),
  operation: z.string(),
  order: z.string().optional(),
  effect: effectSchema.optional(),
  reasons: z.array(z.string()),
  properties: z.array(propertySchema),
  notes: z.array(z.string()),
  messages: messagesSchema,
});

const stackSchema = z.object({
  failed: z.boolean(),
  fingerprint: z.string(),
  engineCounts: z.record(z.string(), z.number()).optional(),
  changes: z.array(changeSchema),
  messages: messagesSchema,
});

const documentSchema = z.object({ stacks: z.array(stackSchema) });

/** What `formations explain --format json` says of one stack. */
export type Explained = z.output<typeof stackSchema>;

/** What it says of one resource. */
export type ExplainedChange = z.output<typeof changeSchema>;

/** Runs `formations explain` on a preview, from a file. */
export async function explain(preview: string, ...flags: string[]): Promise<Outcome> {
  const file = join(ownTemporaryFolder(), "preview.json");
  await writeFile(file, preview);
  return formations("explain", file, ...flags);
}

/** What `formations explain` says of a preview of one stack. */
export async function explained(preview: string): Promise<Explained> {
  const { code, out, err } = await explain(preview, "--format", "json");
  const { stacks } = documentSchema.parse(JSON.parse(out || "{}"));
  const [stack] = stacks;
  if (code !== 0 || !stack || stacks.length > 1)
    throw new Error(`explain ended with ${code}: ${err}`);
  return stack;
}

/** All that is said of a change, except for its values. */
export function saidOf({ effect, reasons, properties, notes, messages }: ExplainedChange): string {
  return [
    effect?.text,
    ...reasons,
    ...properties.flatMap((one) => [one.why, one.effect?.text]),
    ...notes,
    ...messages.map(({ text }) => text),
  ].join("\n");
}
