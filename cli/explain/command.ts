import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { print } from "../../provider/process/output";
import { addDetails, type Details } from "../details";
import { fail } from "../say";
import { hasColours } from "../terminal/colour";
import { textWidth } from "../terminal/width";
import { ExpectationUnreadable } from "./expectation";
import { parseFingerprint } from "./fingerprint";
import { addOutputFlags, type OutputFlags } from "./flags";
import { UnreadablePreview } from "./input/errors";
import type { Explanation } from "./model";

const standardInput = "-";

const details: Details = {
  text: [
    "What the changes of `pulumi preview --json` do to data and service, the worst first, for a terminal or for a comment on a pull request. A preview that failed is explained as far as it goes. Only --prices without a file sends requests.",
  ],
  examples: [
    "pulumi preview --json --show-replacement-steps | formations explain",
    "formations explain --format markdown dev.json prod.json > comment.md",
    "formations explain --fail-on data-loss,deletion production.json",
    "formations explain --expect comment.md production.json",
  ],
  exitCodes: {
    "0": "nothing is in the way",
    "1": "the previews or the arguments can't be read",
    "2": "something matches --fail-on",
    "3": "the changes are not those that --expect names",
  },
  page: "pull-requests",
};

/** Makes `formations explain`. */
export function buildExplain(command: Command): void {
  command
    .argument("[files...]", "previews, one per stack; `-` or none: standard input")
    .option(
      "--prices [file]",
      "say what changes cost, by a file that `formations prices` wrote; without one, by the prices that the servers list now",
    );
  addDetails(addOutputFlags(command).action(action), details);
}

async function action(
  files: string[],
  { prices, ...flags }: OutputFlags & { prices?: string | true },
): Promise<void> {
  const sources = files.length > 0 ? files : [standardInput];
  const explanations: Explanation[] = [];
  for (const file of sources) explanations.push(await explained(file));
  const reviewed = flags.expect === undefined ? undefined : await reviewedText(flags.expect);
  const { outcomeOf } = await import("./outcome.js");
  const chosen: OutputFlags = flags.json ? { ...flags, format: "json" } : flags;
  const { out, complaints, exitCode } = outcomeOf(await priced(explanations, prices), chosen, {
    terminal: { colours: hasColours(), width: textWidth() },
    reviewed,
  });
  print(out.replace(/\n$/, ""));
  for (const line of complaints) fail(line);
  if (exitCode !== 0) process.exitCode = exitCode;
}

/** The fingerprint itself, or what the file of that name has. */
async function reviewedText(given: string): Promise<string> {
  if (parseFingerprint(given)) return given;
  return readFile(given, "utf8").catch((error: Error) => {
    throw new ExpectationUnreadable(
      `--expect: "${given}" is neither a fingerprint (\`f1.…\`) nor a file that can be read: ${error.message}`,
    );
  });
}

/** Loaded for the flag only: reading prices may send requests. */
async function priced(
  explanations: readonly Explanation[],
  prices: string | true | undefined,
): Promise<readonly Explanation[]> {
  if (prices === undefined) return explanations;
  const { withPrices } = await import("../prices/explaining.js");
  return await withPrices(explanations, prices);
}

async function explained(file: string): Promise<Explanation> {
  const isStandard = file === standardInput;
  const bytes = isStandard ? await buffer(process.stdin) : await readFile(file).catch(unreadable);
  const source = isStandard ? "standard input" : file;
  const [{ decode, read }, { explain }] = [
    await import("./input/read.js"),
    await import("./judgment/explain.js"),
  ];
  return explain(read(decode(bytes), source));

  function unreadable(error: Error): never {
    throw new UnreadablePreview(`${file} can't be read: ${error.message}`);
  }
}
