import { isDeepStrictEqual } from "node:util";
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { conceal, createRedactor } from "../process/redact";
import { simulationFolder } from "../process/simulation";
import { addressProblem } from "../resource/addresses";
import {
  addressesIn,
  commonConfig,
  configNamespace,
  environmentVariable,
} from "../resource/config";
import { below, type Secrets, secretsOf, union } from "../resource/secrets";
import { didYouMean } from "../resource/suggestions";
import { validate } from "../resource/validation";
import { containsUnknown, type Values } from "../resource/values";
import { catalogue } from "./catalogue";
import type { Host } from "./host";
import type { Message } from "./messages";
import { encodeFailure } from "./status";
import { type Decoded, decode, decodeJson, encode } from "./wire";

/** Keys that the engine adds to a provider's own. */
const enginesOwn = new Set(["version", "pluginDownloadURL"]);

/** The configuration of every system, as one schema. */
export function configSchema(): z.ZodObject {
  const shapes = catalogue().resources.map(({ system }) => system.config.shape);
  return z.object(Object.assign({}, ...shapes));
}

/** Checks what is set. What is missing may be in the environment, and is an error of its first use. */
export async function checkConfig(
  host: Host,
  { fields: request, bags }: Message<CheckRequest, "news">,
): Promise<Message<CheckResponse, "inputs">> {
  const { values, secrets } = decode(bags.news);
  const schema = configSchema();
  const response = new CheckResponse();
  const given: Values = {};
  for (const [key, value] of Object.entries(values)) {
    if (Object.hasOwn(schema.shape, key)) given[key] = decodeJson(value);
    else if (!enginesOwn.has(key) && !key.startsWith("__")) {
      const known = Object.keys(schema.shape);
      const guess = didYouMean(key, known);
      const text = `Unknown configuration key ${configNamespace}:${key} is ignored.${guess} Known keys: ${known.join(", ")}.`;
      host.log.log({ severity: "warning", urn: request.getUrn(), text });
    }
  }
  for (const failure of validate(schema.partial(), given).failures) {
    response.addFailures(encodeFailure(failure));
  }
  for (const reason of addressProblems(schema, given, secrets)) {
    // It names the key itself, and shows the value only where that is no secret.
    response.addFailures(encodeFailure({ property: "", reason }));
  }
  const inputs = encode(values, union(secrets, secretsOf(schema)));
  return { fields: response, bags: { inputs } };
}

/** What is wrong with the addresses that are set, in whole sentences. */
function addressProblems(schema: z.ZodObject, values: Values, secrets: Secrets): string[] {
  // The environment's count instead.
  if (simulationFolder() !== undefined) return [];
  const { allowHttp = process.env[environmentVariable("allowHttp")] } = values;
  const isAllowed = containsUnknown(allowHttp) || isFlagSet(allowHttp);
  const known = Object.entries(values).filter(([, value]) => !containsUnknown(value));
  return known.flatMap(([key, value]) => {
    const isSecret = below(secrets, key) === true;
    return addressesIn(schema, { [key]: value, allowHttp: isAllowed }).flatMap(
      (address) => addressProblem({ ...address, isSecret }) ?? [],
    );
  });
}

function isFlagSet(value: unknown): boolean {
  return commonConfig.safeParse({ allowHttp: value }).data?.allowHttp === true;
}

/**
 * Compares two configurations. Never a replacement: that would replace every resource of the provider,
 * of all systems. A changed address warns.
 */
export async function diffConfig(
  host: Host,
  { fields: request, bags }: Message<DiffRequest, "olds" | "news" | "oldInputs">,
): Promise<DiffResponse> {
  const olds = decode(bags.oldInputs ?? bags.olds);
  const news = decode(bags.news);
  const schema = configSchema();
  const all = union(olds.secrets, news.secrets, secretsOf(schema));
  const before = withoutNamespace(olds.values);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(news.values)])]
    .filter((key) => !enginesOwn.has(key) && !key.startsWith("__"))
    .filter((key) => !isDeepStrictEqual(before[key], news.values[key]));
  for (const key of keys) {
    if (schema.shape[key]?.meta()?.address !== true) continue;
    const secret = below(all, key) === true;
    const [from, to] = [before[key], news.values[key]].map((value) =>
      value === undefined ? "(not set)" : secret ? "(secret)" : JSON.stringify(value),
    );
    const text = `${configNamespace}:${key} changes from ${from} to ${to}. No resource is replaced: from now on, the provider looks for existing ones at the new address.`;
    host.log.log({ severity: "warning", urn: request.getUrn(), text });
  }
  return new DiffResponse()
    .setChanges(
      keys.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
    )
    .setDiffsList(keys);
}

/**
 * A stack that moves from the classes to the plugin has the configuration of the dynamic provider at first:
 * the stack's, with whole keys.
 */
function withoutNamespace(values: Values): Values {
  const start = `${configNamespace}:`;
  const own = Object.entries(values).filter(([key]) => key.startsWith(start));
  if (own.length === 0) return values;
  return Object.fromEntries(own.map(([key, value]) => [key.slice(start.length), value]));
}

/**
 * Takes the configuration, without a request to any system: one that isn't used needs none.
 *
 * @throws PulumiTooOld
 */
export async function configure(
  host: Host,
  { fields: request, bags }: Message<ConfigureRequest, "args">,
): Promise<ConfigureResponse> {
  if (!host.isNewer) await host.log.demandSupported();
  const args = decode(bags.args);
  conceal(createRedactor(secretTexts(args)));
  // In a deployment every provider has a name.
  host.configure(configOf(request, args), request.hasName() && request.getName() === "");
  return new ConfigureResponse()
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setAcceptoutputs(false)
    .setSupportspreview(true)
    .setSupportsAutonamingConfiguration(true);
}

/** The secret arguments that are strings. */
function secretTexts({ values, secrets }: Decoded): string[] {
  return Object.entries(values)
    .filter(([key]) => below(secrets, key) === true)
    .flatMap(([, value]) => (typeof value === "string" ? value : []));
}

/** The arguments. Older engines send only variables: `formations:config:citusToken`. */
function configOf(request: ConfigureRequest, args: Decoded): Values {
  const config: Values = {};
  request.getVariablesMap().forEach((value: string, key: string) => {
    config[key.slice(key.lastIndexOf(":") + 1)] = decodeJson(value);
  });
  for (const [key, value] of Object.entries(args.values)) {
    config[key] = decodeJson(value);
  }
  return config;
}
