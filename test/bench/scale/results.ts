import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../../build/repository.ts";
import { hosts } from "../contender.ts";
import { roles } from "./processes.ts";

const operationSchema = z.object({
  seconds: z.number(),
  /** Seconds of CPU of all processes of the run. */
  cpu: z.number(),
  /** The most memory that a process of each role had, in MB. */
  memory: z.record(z.enum(roles), z.number()),
  /** To the API. */
  requests: z.number(),
});
export type Operation = z.infer<typeof operationSchema>;

/** The runs of `pulumi` that are measured, in their order. */
export const operations = ["create", "preview", "up", "refresh", "export"] as const;
export type OperationName = (typeof operations)[number];

/** How the state is written: as users have it, compressed, or only at the end of a run. */
export const writings = ["plain", "gzip", "end"] as const;
export type Writing = (typeof writings)[number];

const trafficSchema = z.object({
  requests: z.number(),
  uploads: z.number(),
  /** That the store made itself: of the state, before each upload. */
  copies: z.number(),
  /** Bytes of the uploads. */
  uploaded: z.number(),
});
export type Traffic = z.infer<typeof trafficSchema>;

const stackSchema = z.object({
  host: z.enum(hosts),
  /** How many resources the stack has. */
  size: z.number(),
  /** Bytes of the state file. */
  state: z.number(),
  /** Bytes that one `pulumi up` without changes adds to the backend: a backup and a history entry. */
  kept: z.number(),
  /** Whether the state was written after each step of the creation. */
  checkpoints: z.boolean(),
  operations: z.record(z.enum(operations), operationSchema),
  /** What a run that creates everything sends to an object store, by how the state is written. */
  creation: z.partialRecord(z.enum(writings), trafficSchema),
  /** What a run without changes sends to an object store. */
  unchanged: trafficSchema.optional(),
});
export type StackResult = z.infer<typeof stackSchema>;

const resultsSchema = z.object({ machine: z.string(), stacks: z.array(stackSchema) });
/** What the bench has measured, as `docs/scale.json` keeps it. */
export type Results = z.infer<typeof resultsSchema>;

/** Where the results are kept, beside the page that is made from them. */
export const resultsFile = join(repository, "docs", "scale.json");

/** The kept results. @throws Error when the file is missing or something else */
export function readResults(): Results {
  return resultsSchema.parse(JSON.parse(readFileSync(resultsFile, "utf8")));
}

/**
 * The kept results with new ones in place of those of the same host and size. What was sent to an object
 * store stays where the new ones have none: it does not depend on the machine.
 */
export function merge(kept: Results, measured: Results): Results {
  const sameAs = (stack: StackResult) => (one: StackResult) =>
    one.host === stack.host && one.size === stack.size;
  const others = kept.stacks.filter((one) => !measured.stacks.some(sameAs(one)));
  const renewed = measured.stacks.map((stack): StackResult => {
    const before = kept.stacks.find(sameAs(stack));
    return { ...before, ...stack, creation: { ...before?.creation, ...stack.creation } };
  });
  const order = ({ host, size }: StackResult) => hosts.indexOf(host) * 1e9 + size;
  const stacks = [...others, ...renewed].sort((a, b) => order(a) - order(b));
  return { machine: measured.machine, stacks };
}
