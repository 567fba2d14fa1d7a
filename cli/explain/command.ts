import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { print } from "../../provider/process/output";
import { UnreadablePreview } from "./input/errors";
import type { Explanation, ResourceChange } from "./model";

const standardInput = "-";

/** Adds `formations explain`. */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .argument("[files...]", "previews, one per stack; `-` or none: standard input")
    .description("say what the changes of a preview do to data and service")
    .option(
      "--prices [file]",
      "say what changes cost, by a file that `formations prices` wrote; without one, by the prices that the servers list now",
    )
    .action(async (files: string[], { prices }: { prices?: string | true }) => {
      const sources = files.length > 0 ? files : [standardInput];
      const explanations: Explanation[] = [];
      for (const file of sources) explanations.push(await explained(file));
      for (const one of await priced(explanations, prices)) print(described(one));
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

function described({ stack, source, changes, messages }: Explanation): string {
  const title = `${stack ?? source}: ${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
  const said = messages.map(({ severity, text }) => `${severity}: ${text}`);
  return [title, ...changes.flatMap(linesOf), ...said].join("\n");
}

function linesOf({ operation, name, type, effect, reasons, notes, messages }: ResourceChange) {
  const effects = effect ? [`${effect.kind}: ${effect.text}`] : [];
  const said = messages.map(({ severity, text }) => `${severity}: ${text}`);
  const details = [...effects, ...reasons, ...notes, ...said].map((text) => `  ${text}`);
  return [`${operation} ${name} (${type})`, ...details];
}
