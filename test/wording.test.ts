import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../build/repository.ts";

/**
 * Wordings that have been in use here and that a reader stumbles over, each with what to write
 * instead. A space stands for any white space, also over the end of a comment's line.
 */
const wordings: readonly (readonly [phrase: string, better: string])[] = [
  // One word for one thing.
  ["nought", "zero, or `0`"],
  ["for ever", "forever, or: without end"],
  ["who(?:ever|mever)", "anyone who, or name the actor"],
  ["for want of", "for lack of"],
  ["save (?:to th(?:is|e) machine|for|that)", "except"],
  ["goes before", "takes precedence over"],
  ["the error stream", "standard error"],
  ["interrupted shortly", "interrupted briefly"],
  ["by (?:itself|themselves)", "automatically, on its own, or leave it out"],
  ["(?:to|can't|cannot|can not) be had", "(not) available"],
  ["stands? (?:in|there|beside|before|after|together)", "is in, appears in"],
  ["(?:`|fail) behind it", "appended"],
  ["what there is", "what exists"],
  ["only `?https`? is spoken", "HTTPS only"],
  // "Per", not a second "a".
  ["(?:requests?|looks?|five|six) an? (?:minute|second)", "per minute"],
  [
    "(?:archive|line|object|row|stack|folder|column|operations|state|definition|class|endpoint|once|system) an? " +
      "(?:line|environment|stack|system|resource|slot|property|type|core|key|request|method)",
    "one … per …",
  ],
  // Subject first, and "not a valid" rather than "no".
  ["there already is", "… already exists"],
  [
    "(?<!there )(?:is|are) no (?:URNs?|IDs?|inputs?|configuration|URLs?|creations?)",
    "is not a valid …, or: is not a …",
  ],
  ["(?:is|are) none (?:that|of)", "is unknown to, or: is not one of"],
  ["has none of that ID", "has no … with this ID"],
  ["Two types are", "Type … is defined twice with different shapes"],
  ["An error inside pulumi-formations", "Internal error in pulumi-formations"],
  ["does not start:", "could not start:"],
  ["does not fit together", "conflicts with …"],
  ["value of [^\n]{1,60} is not accepted", "… was rejected"],
  ["the API's address\\?", "Check that … points to the API."],
  ["what can't be is refused", "impossible values are rejected"],
  ["destruction destroys", "destroy leaves nothing running"],
  ["taken for the same as", "treated as equal to"],
  ["(?:is|are) let through(?=,? (?:with|to|since))", "is accepted"],
  ["of the (?:provider|program|server|user)'s(?=[.,;:)]| in )", "the provider's …"],
  // An actor for every verb.
  ["(?:is|are|was|were) (?:looked|waited) for", "the provider looks (waits) for …"],
  ["(?:is|are) told with", "the runner posts to, or: reports"],
  ["was said wrong", "the arguments are invalid"],
  ["say whose", "… is required"],
  ["nobody tells", "its … is unknown"],
  ["(?:does|do|did) not tell (?:when|whether|of|what|which)", "does not report"],
  ["tells? (?:no|nothing|times) ", "reports no …"],
  ["the state forgets", "… is removed from the state"],
  ["left as it is", "left unchanged"],
  // Retry, response, deadline, rate limit.
  ["whether it took effect is not known", "It may have taken effect."],
  ["(?:is|are|was|were) (?:not )?tried again", "is (not) retried, or: retrying"],
  ["(?:goes?|going|went) on waiting", "resumes waiting, or: keeps waiting"],
  ["the time for it (?:was|is|ends)", "the deadline …"],
  ["as the server asks", "the server asked for …"],
  ["answers? (?:was|were|is|are) lost|lost answers?", "the response was lost, or: lost response"],
  ["look(?:s|ing|ed)? whether", "checks whether"],
  ["looking for it in the list before", "Checking the list before retrying."],
];

const roots = [
  "docs",
  ...["*.md", ".github"],
  ...["provider", "sdk", "cli", "build", "simulators", "examples"],
  // The page of guarantees names tests.
  "test",
];

/** Sources and pages of a folder, or files by a pattern; what is generated follows from its source. */
function filesOf(root: string): string[] {
  const pattern = root.includes("*") ? root : `${root}/**/*.{md,ts,mts,yaml,yml,py,go,js}`;
  return globSync(pattern, { cwd: repository })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !/node_modules|(?:^|\/)(?:bin|state|venv)\/|^sdk\/generated\//.test(file))
    .filter((file) => !/^docs\/(?:reference|functions\/\w+)\.md$/.test(file))
    .filter((file) => !/^test\/(?:fixtures\/|wording\.test\.ts$)/.test(file));
}

/** The text, without what is generated; lines stay where they are. */
function textOf(file: string): string {
  return readFileSync(join(repository, file), "utf8").replaceAll(
    /<!-- begin (.+?) -->[\s\S]*?<!-- end \1 -->/g,
    (section) => section.replaceAll(/[^\n]/g, ""),
  );
}

/** Where a text has one of the wordings: `file:line: "as it is there": what to write`. */
function wordingsIn(file: string, text: string): string[] {
  return wordings.flatMap(([phrase, better]) =>
    [...text.matchAll(regexOf(phrase))].map((match) => {
      const line = text.slice(0, match.index).split("\n").length;
      return `${file}:${line}: "${match[0].replaceAll(/[\s*/#]+/g, " ")}": ${better}`;
    }),
  );
}

function regexOf(phrase: string): RegExp {
  const spaced = phrase.replaceAll(" ", "(?:\\s|[*/#])+");
  const [start, end] = [/^\w|^\(\?:\w/, /\w$|\w\)$/].map((edge) => edge.test(phrase));
  return new RegExp(`${start ? "\\b" : ""}(?:${spaced})${end ? "\\b" : ""}`, "gi");
}

test.each(roots)("%s has none of the wordings that readers stumble over", (root) => {
  const files = filesOf(root);
  expect(files).not.toEqual([]);
  expect(files.flatMap((file) => wordingsIn(file, textOf(file)))).toEqual([]);
});

test("a wording is found over the end of a comment's line, with its place", () => {
  const text = "/**\n * What nobody knows goes on\n * waiting.\n */";
  expect(wordingsIn("a.ts", text)).toEqual([
    'a.ts:2: "goes on waiting": resumes waiting, or: keeps waiting',
  ]);
});
