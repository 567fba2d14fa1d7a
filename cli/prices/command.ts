import type { Command } from "commander";
import { FormationsError } from "../../provider/errors";
import { print } from "../../provider/process/output";
import { createSession, type Session } from "../../provider/resource/session";
import { newCall } from "../call";
import { addDetails, type Details } from "../details";
import { cwdFlag, jsonFlag, stackFlag, timeoutFlag } from "../flags";
import { fail, note } from "../say";
import { hasProject } from "../stack/project";
import { Pulumi, type StackOptions } from "../stack/pulumi";
import { Sessions } from "../stack/sessions";
import { watching } from "../terminal/progress";
import { drawTable } from "../terminal/table";
import { tableWidth } from "../terminal/width";
import { textOf, writePrices } from "./file";
import { otherSystems, type PriceLists, pricedSystems, readPrices } from "./lists";

interface Flags extends StackOptions {
  output?: string;
  json?: boolean;
  timeout: number;
}

const details: Details = {
  text: [
    `Reads the prices that ${titlesOf(pricedSystems)} publish, with one request each, and shows them or writes them to a file. With that file, \`formations explain --prices FILE\` says what a change costs, without a request or a token. ${titlesOf(otherSystems)} publish no prices.`,
    "The configuration is the environment's (FORMATIONS_AKKERIS_TOKEN and so on) and the stack's; of several providers, the first one's that has a token. A system that is not configured is skipped. The file has prices only: neither tokens nor anything of an account.",
  ],
  examples: [
    "formations prices",
    "formations prices --output prices.json",
    "formations prices --stack production --output prices.json",
  ],
  exitCodes: {
    "0": "the prices of all configured systems were read",
    "1": "one failed (the others' are shown or written all the same), none is configured, or the arguments are wrong",
  },
  page: "pull-requests",
};

/** Makes `formations prices`. */
export function buildPrices(command: Command): void {
  command
    .option("-o, --output <file>", "the file to write; default: a table on standard output")
    .addOption(jsonFlag("print JSON, as the file has it").conflicts("output"))
    .addOption(stackFlag("the selected one, or none outside of a project"))
    .addOption(cwdFlag())
    .addOption(timeoutFlag("time limit", "1m"))
    .action(action);
  addDetails(command, details);
}

async function action({ output, json, timeout, ...where }: Flags): Promise<void> {
  const { skipped, failures, ...prices } = await watching("Reading prices", async ({ onWait }) =>
    readPrices(await sessionsFor(where), { ...newCall(timeout), onWait }),
  );
  for (const reason of skipped) note(`Skipped ${reason}`);
  for (const failure of failures) fail(failure);
  if (prices.lists.size === 0 || failures.length > 0) process.exitCode = 1;
  if (prices.lists.size === 0) {
    fail("No prices were read.");
    return;
  }
  if (output !== undefined) {
    writePrices(output, prices);
    print(`${output} has the prices of ${titlesOf(readOf(prices))}.`);
  } else print(json ? textOf(prices).trimEnd() : tableOf(prices));
}

/**
 * The sessions in which the command looks for configuration: those of the stack, else one with the
 * environment's alone. A stack that no flag names is no condition: if it can't be read, it is left out.
 */
async function sessionsFor({ stack, cwd }: StackOptions): Promise<Session[]> {
  const isNamed = stack !== undefined || cwd !== undefined;
  try {
    if (!isNamed && !hasProject(".")) return [createSession(() => undefined)];
    const configs = await new Sessions(new Pulumi({ stack, cwd })).all();
    return configs.map(({ values }) => createSession((key) => values[key]));
  } catch (error) {
    if (isNamed || !(error instanceof FormationsError)) throw error;
    note(`Only the environment's configuration is used: ${error.message}`);
    return [createSession(() => undefined)];
  }
}

function tableOf(prices: PriceLists): string {
  const rows = readOf(prices).flatMap(({ name, title, prices: { lines } }) =>
    lines(prices.lists.get(name)).map(([what, price]) => [title, what, price]),
  );
  return [
    drawTable(["system", "what", "US dollars per month"], rows, {
      width: tableWidth(),
      isCompact: true,
    }),
    `${titlesOf(otherSystems)} publish no prices.`,
  ].join("\n");
}

function readOf({ lists }: PriceLists) {
  return pricedSystems.filter(({ name }) => lists.has(name));
}

/** `Citus Cloud and Antfly`. */
function titlesOf(systems: readonly { title: string }[]): string {
  return systems.map(({ title }) => title).join(" and ");
}
