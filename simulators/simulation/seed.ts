import { z } from "zod";
import { platformApps, platformBucket, platformPrimary } from "../platform-world.ts";
import { checked, type Kind } from "./kind.ts";
import { SimulationProblem } from "./problem.ts";

/** What exists before the first request: by kind, in the order in which it is made. */
export type Seed = Readonly<Record<string, readonly unknown[]>>;

/** The seed's keys, in the order in which they are made: a replica needs its cluster. */
const keys = [
  ...["formations", "clusters", "replicas", "apps", "appFormations"],
  ...["tables", "connections", "backups", "secrets"],
];

const seedSchema = z.strictObject({
  $schema: z.string().optional(),
  ...Object.fromEntries(keys.map((key) => [key, z.array(z.unknown()).optional()])),
});

/** What exists if no seed says otherwise: what the documentation's programs and examples name. */
export const defaultSeed: Seed = {
  clusters: [platformPrimary],
  apps: ["demo-default", ...platformApps].map((name) => ({ name })),
  tables: [{ name: "users", documents: { ada: { name: "Ada" }, alan: { name: "Alan" } } }],
  connections: [
    { name: "bk", protocol: "filesystem" },
    { name: "backups", protocol: "s3", buckets: [platformBucket] },
  ],
};

/**
 * Reads a seed: a JSON object with a list for each kind.
 *
 * @param file what messages call it.
 * @throws SimulationProblem where it is none.
 */
export function parseSeed(text: string, file: string): Seed {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new SimulationProblem(`${file} is not JSON: ${(error as Error).message}`);
  }
  const { $schema: _, ...lists } = checked(seedSchema, content, `${file} is not a seed`);
  return lists as Seed;
}

/**
 * Makes what a seed says, in the systems that are simulated; what it says of others is passed over.
 *
 * @param file what messages call it.
 * @throws SimulationProblem naming the entry that can't be made.
 */
export function plant(seed: Seed, kinds: readonly Kind[], file: string): void {
  for (const key of keys) {
    const kind = kinds.find(({ plural }) => plural === key);
    if (kind === undefined) continue;
    for (const [at, values] of (seed[key] ?? []).entries()) {
      try {
        kind.add(values);
      } catch (error) {
        throw new SimulationProblem(`${file}, ${key}[${at}]: ${(error as Error).message}`);
      }
    }
  }
}
