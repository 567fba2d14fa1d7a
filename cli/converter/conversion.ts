import type { ConvertStateResponse } from "@pulumi/pulumi/proto/converter_pb";
import { InvalidRequest } from "../../provider/plugin/status";
import { ConfigurationError } from "../../provider/resource/errors";
import { logicalName } from "../../provider/resource/urn";
import type { CommandCall } from "../call";
import { type ImportFile, type ImportSpec, importFiles } from "../discover/files/import-file";
import { lackingRemarks, offerOf, programRemarks } from "../discover/files/offer";
import { readSecretValues } from "../discover/files/secret-values";
import { takeInventory } from "../discover/inventory";
import type { Inventory } from "../discover/model";
import { providerType } from "../stack/sessions";
import { watchedCall } from "../terminal/progress";
import { type ConverterFlags, parseArguments } from "./arguments";
import { responseOf, type Warning } from "./response";

/**
 * Lists what exists, for the engine to import. What the user has to know besides goes to the error output,
 * which the engine shows.
 *
 * @param args behind `pulumi import --from formations --`
 * @param signal aborted when the engine no longer wants the response
 * @throws FormationsError if the arguments are not valid, or nothing could be listed
 */
export async function convertState(
  args: readonly string[],
  signal: AbortSignal,
): Promise<ConvertStateResponse> {
  const flags = parseArguments(args);
  const { secretValues, stack, timeout } = flags;
  const given = secretValues === undefined ? new Map() : readSecretValues(secretValues);
  const call: CommandCall = { ...watchedCall(timeout), signal };
  const inventory = await takeInventory({ ...flags, stacks: stack && { stack } }, call);
  for (const reason of inventory.skipped) call.say(`Skipped ${reason}`);
  for (const remark of inventory.remarks) call.say(remark);
  if (inventory.listed.length === 0) throw nothingListed(inventory);

  const { taken, target, leftOut, unused } = await offerOf(inventory, { stack }, given);
  const remarks = [...programRemarks(taken), ...lackingRemarks(taken)];
  for (const one of [...leftOut, ...unused, ...remarks]) call.say(one);
  const { provider, read: withReads } = flags;
  const [first, ...later] = importFiles(taken, { target, provider, withReads });
  const resources = first ? resourcesOf(first) : [];
  return responseOf(resources, [
    ...warningsOf(inventory, taken.length, later, flags),
    ...providerWarnings(resources),
  ]);
}

/** Why there is nothing to convert. */
function nothingListed({ failures, skipped }: Inventory): Error {
  if (failures.length > 0) {
    return new InvalidRequest(`Nothing could be listed.\n${failures.join("\n")}`);
  }
  return new ConfigurationError(
    `No system is configured. ${skipped.join("\n")}\n\`pulumi import\` passes no stack configuration on to a converter: set the environment variables, or name the stack whose configuration counts, behind the dashes: \`-- --stack <name>\`.`,
  );
}

function warningsOf(
  { failures, found }: Inventory,
  taken: number,
  later: readonly ImportFile[],
  { stack: [stack] = ["<name>"] }: ConverterFlags,
): Warning[] {
  const warnings = failures.map((detail) => ({ summary: "Not everything was listed", detail }));
  if (taken === 0) {
    const detail =
      found.length === 0
        ? "Nothing exists in these accounts that the arguments ask for."
        : "Nothing that was found can be taken over; the lines above say why.";
    warnings.push({ summary: "Nothing is imported", detail });
  }
  const left = later.flatMap(({ resources }) => resources).filter(({ id }) => id !== undefined);
  if (left.length > 0) {
    const detail = `Together, Pulumi would write references between resources that only have equal names. Run this again for the other ${left.length}, with \`--stack ${stack}\` behind the dashes.`;
    warnings.push({ summary: "Not everything is imported at once", detail });
  }
  return warnings;
}

/** Pulumi's importer asks for the provider of each resource that it writes, and a provider has none. */
function providerWarnings(resources: readonly ImportSpec[]): Warning[] {
  if (!resources.some(({ type }) => type === providerType)) return [];
  return [
    {
      summary: "Pulumi may not write the program",
      detail:
        "An explicit provider is among the resources. Pulumi (3.259 at least) imports them all, and then ends with `parse resource provider reference`: pass `--generate-code=false` to it. To get a program, declare the provider in yours, run `pulumi up`, and use `formations discover --stack` with `--import`.",
    },
  ];
}

/**
 * What the engine imports. There is no name table, but an explicit provider that is declared stands for the
 * one of that URN, if the stack has it.
 *
 * @throws InvalidRequest if that is not possible
 */
function resourcesOf({ nameTable = {}, resources }: ImportFile): ImportSpec[] {
  const providers = Object.entries(nameTable).map(([name, urn]) => {
    if (urn.split("::")[2]?.includes("$")) {
      throw new InvalidRequest(
        `Provider ${logicalName(urn)} has a parent, which a converter cannot tell Pulumi: use \`formations discover --import\` and \`pulumi import --file\` instead.`,
      );
    }
    return { type: providerType, name, logicalName: logicalName(urn) };
  });
  return [...providers, ...resources];
}
