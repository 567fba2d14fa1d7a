import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { complain, print } from "../../provider/process/output";
import { ExpectationUnreadable } from "./expectation";
import { parseFingerprint } from "./fingerprint";
import { addOutputFlags, type OutputFlags, outputHelp } from "./flags";
import { UnreadablePreview } from "./input/errors";
import type { Explanation } from "./model";

const standardInput = "-";

const help = `
What the changes of \`pulumi preview --json\` do to data and service, the worst
first, for a terminal or for a comment on a pull request. A preview that failed is
explained as far as it goes. Only --prices without a file sends requests.

Examples:
  pulumi preview --json --show-replacement-steps | formations explain
  formations explain --format markdown dev.json production.json > comment.md
  formations explain --fail-on data-loss,deletion production.json
  formations explain --expect comment.md production.json
${outputHelp}`;

/** Makes `formations explain`. */
export function buildExplain(command: Command): void {
  command
    .argument("[files...]", "previews, one per stack; `-` or none: standard input")
    .option(
      "--prices [file]",
      "say what changes cost, by a file that `formations prices` wrote; without one, by the prices that the servers list now",
    )
    .addHelpText("after", help);
  addOutputFlags(command).action(action);
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
  const { out, complaints, exitCode } = outcomeOf(await priced(explanations, prices), flags, {
    isColoured: showsColours(),
    reviewed,
  });
  print(out.replace(/\n$/, ""));
  for (const line of complaints) complain(`formations: ${line}`);
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

/** Only a terminal does, and not if its user does not want any. */
function showsColours(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return process.stdout.isTTY === true && !NO_COLOR && TERM !== "dumb";
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
