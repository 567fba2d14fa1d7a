import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Where people decide what the package's names and addresses are made of. */
const decisions = "provider/schema/publication.json";

/** What each decision is, for the person who makes it. */
const decisionSchema = z.object({
  repository: z
    .string()
    .regex(/^https:\/\/github\.com\/[\w-]+\/pulumi-formations$/)
    .describe(
      "the repository on GitHub that makes the releases, as https://github.com/OWNER/pulumi-formations; the registry finds the package by this name",
    ),
  publisher: z
    .string()
    .trim()
    .min(1)
    .describe("your name or your organisation's, as the registry is to show it"),
  domain: z
    .string()
    .regex(/^[a-z\d-]+(\.[a-z\d-]+)+$/)
    .describe(
      "a domain of yours, for the name of the Java package; if you have none, OWNER.github.io",
    ),
});

const schemaSchema = z.object({
  name: z.string(),
  version: z.string(),
  publisher: z.string(),
  repository: z.string().optional(),
});

type PackageFacts = z.infer<typeof schemaSchema>;

/** What is left to do before Pulumi's registry can list the package. */
export interface Submission {
  text: string;
  /** Whether only the pull request at the registry is left; `text` then has what to put into it. */
  isReady: boolean;
}

/**
 * What a person has to decide and to do so that Pulumi's registry lists the package. Whatever follows from
 * the decisions, `npm run generate` writes, and tests check.
 *
 * @param root the clone's root
 */
export function submission(root: string): Submission {
  const decided: unknown = JSON.parse(readFileSync(join(root, decisions), "utf8"));
  const schema = schemaSchema.parse(JSON.parse(readFileSync(join(root, "schema.json"), "utf8")));
  const steps = [...decisionsLeft(decided), ...releaseLeft(root, decided, schema)];
  if (steps.length > 0) return { text: steps.join("\n"), isReady: false };
  return { text: entries(schema), isReady: true };
}

/** The decisions that are still open, each with what it is about. */
function decisionsLeft(decided: unknown): string[] {
  const values = z.record(z.string(), z.unknown()).parse(decided);
  return Object.entries(decisionSchema.shape).flatMap(([name, schema]) => {
    const value = values[name] ?? null;
    if (schema.safeParse(value).success) return [];
    const wrong = value === null ? "" : `; ${JSON.stringify(value)} is not valid`;
    return [`Decide "${name}" in ${decisions}: ${schema.description}${wrong}.`];
  });
}

/** The release that the registry reads, as long as it is not there. */
function releaseLeft(root: string, decided: unknown, { version }: PackageFacts): string[] {
  const tag = `v${version}`;
  const { data } = decisionSchema.safeParse(decided);
  const released = schemaAt(root, tag);
  if (!released) {
    return [
      `Release it: run \`npm run generate\`, commit what it writes, push the tag ${tag}, and wait until the workflow has made the release.`,
    ];
  }
  if (released.repository === data?.repository && released.publisher === data?.publisher) return [];
  return [
    `Release it again, as another version: ${tag}, which the registry would read, does not have these decisions.`,
  ];
}

/** The package schema of a release; undefined: there is no such release. */
function schemaAt(root: string, tag: string): PackageFacts | undefined {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });
  if (git("tag", "--list", tag) === "") return undefined;
  return schemaSchema.parse(JSON.parse(git("show", `${tag}:schema.json`)));
}

/** What the pull request at the registry adds. */
function entries({ repository, publisher }: PackageFacts): string {
  const slug = new URL(repository ?? "").pathname.slice(1);
  const short = publisher
    .toLowerCase()
    .match(/[a-z\d]+/g)
    ?.join("_");
  return `Open one pull request at github.com/pulumi/registry that adds two entries.

To "include" in community-packages/package-list.json:

${JSON.stringify({ repoSlug: slug, schemaFile: "schema.json" }, null, 2)}

To tools/resourcedocsgen/pkg/publishers/publisher-names.json:

${JSON.stringify(publisher)}: ${JSON.stringify(short)}`;
}
