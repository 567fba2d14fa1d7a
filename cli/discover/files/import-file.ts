import type { z } from "zod";
import { commonConfig } from "../../../provider/resource/config";
import { normalised } from "../../../provider/resource/names";
import { sealSecrets, secretsOf } from "../../../provider/resource/secrets";
import { logicalName, token } from "../../../provider/resource/urn";
import type { Values } from "../../../provider/resource/values";
import { concealed } from "../../stack/deployment";
import { providerType } from "../../stack/sessions";
import type { Found } from "../model";
import { type Properties, propertiesOf, sealed, stateId } from "./entry";
import { type Importable, withoutWrongLinks } from "./links";
import { type Named, named } from "./names";
import { secretInputs } from "./secret-values";
import { explicitProvider, pluginOf, type Target, takenNames } from "./target";

/** A resource in a file for `pulumi import --file`. */
export interface ImportSpec {
  type: string;
  /** The program's variable. */
  name: string;
  /** The name in Pulumi. */
  logicalName: string;
  id?: string;
  /** The name of an explicit provider, in the file or its name table. */
  provider?: string;
  version?: string;
  pluginDownloadUrl?: string;
  inputs?: Values;
  /** All that a read returns: with it the engine reads nothing. */
  outputs?: Values;
}

/** A file for `pulumi import --file`. */
export interface ImportFile {
  /** URNs of what the stack has, by the names that the file gives them. */
  nameTable?: Record<string, string>;
  resources: ImportSpec[];
}

/** How the file is to be. */
export interface ImportOptions {
  target: Target;
  /** The explicit provider of what the environment's or the stack's own configuration found. */
  provider?: string;
  /** Whether the engine is to read each resource itself: the form for engines older than 3.254. */
  withReads?: boolean;
}

/** A resource of the file, and what Pulumi's importer looks at. */
interface Entry extends Importable {
  spec: ImportSpec;
  /** The provider that it needs. */
  provider?: ExplicitProvider;
}

/** An explicit provider of resources in the file. */
interface ExplicitProvider {
  name: string;
  /** In the stack; absent: the file declares it. */
  urn?: string;
  /** Those that it serves. */
  accounts: Set<Found["account"]>;
}

/**
 * Makes the files for `pulumi import --file`, to be imported one after the other: one, unless Pulumi's
 * importer would write wrong references (see {@link withoutWrongLinks}).
 *
 * @param found what the stack takes over
 */
export function importFiles(found: readonly Found[], options: ImportOptions): ImportFile[] {
  const providers = new Map<string, ExplicitProvider>();
  for (const { account } of found) {
    const name = providerNameOf(account, options);
    if (name === undefined) continue;
    const { urn } = explicitProvider(options.target, account.provider ?? name) ?? {};
    const known = providers.get(name) ?? { name, urn, accounts: new Set() };
    known.accounts.add(account);
    providers.set(name, known);
  }
  const taken = [...takenNames(options.target), ...providers.keys()];
  const names = named(found, taken, [...providers.keys()].map(variableOf));
  const entries = names.map((one) => {
    const provider = providers.get(providerNameOf(one.found.account, options) ?? "");
    return entryOf(one, provider, options);
  });
  return withoutWrongLinks(entries).map(fileOf);
}

/** The explicit provider of an account's resources; undefined: the default one serves them. */
function providerNameOf(
  { provider }: Found["account"],
  options: ImportOptions,
): string | undefined {
  return provider === undefined ? options.provider : logicalName(provider);
}

function entryOf(
  { found, name, variable }: Named,
  provider: ExplicitProvider | undefined,
  { target, withReads }: ImportOptions,
): Entry {
  const { definition } = found;
  const id = withReads ? found.id : stateId(found);
  const properties = propertiesOf(found);
  const spec: ImportSpec = {
    ...{ type: token(definition.name), name: variable, logicalName: name, id },
    ...(provider ? { provider: variableOf(provider.name) } : pluginOf(target)),
    ...(withReads ? unreadable(found, properties) : sealed(found, properties)),
  };
  return { kind: definition.name, id, ...properties, spec, provider };
}

/** What a read by the engine would not find: the values of secrets that the user gave. */
function unreadable(found: Found, { inputs }: Properties): Partial<Properties> {
  const given = secretInputs(found.definition).filter((key) => inputs[key] !== undefined);
  if (given.length === 0) return {};
  const kept = Object.fromEntries(given.map((key) => [key, inputs[key]]));
  return { inputs: sealed(found, { inputs: kept, outputs: {} }).inputs };
}

function fileOf(entries: readonly Entry[]): ImportFile {
  const providers = [...new Set(entries.flatMap(({ provider }) => provider ?? []))];
  const nameTable = Object.fromEntries(
    providers.flatMap(({ name, urn }) => (urn === undefined ? [] : [[variableOf(name), urn]])),
  );
  const declared = providers.filter(({ urn }) => urn === undefined).map(declarationOf);
  return {
    ...(Object.keys(nameTable).length > 0 && { nameTable }),
    resources: [...declared, ...entries.map(({ spec }) => spec)],
  };
}

/** An explicit provider that the stack does not have yet, with the configuration of its accounts. */
function declarationOf({ name, accounts }: ExplicitProvider): ImportSpec {
  const inputs: Values = {};
  for (const { system, config } of accounts) {
    const schema: z.ZodObject = commonConfig.extend(system.config.shape);
    const set = Object.entries(config).filter(
      ([key, value]) => normalised(schema.shape[key], undefined) !== value,
    );
    Object.assign(inputs, sealSecrets(Object.fromEntries(set), secretsOf(schema), concealed));
  }
  return { type: providerType, name: variableOf(name), logicalName: name, inputs };
}

/** A provider's variable in the program: its name, as far as languages allow. */
function variableOf(provider: string): string {
  const variable = provider.replaceAll(/[^A-Za-z0-9_-]+/g, "_");
  return /^[A-Za-z_]/.test(variable) ? variable : `_${variable}`;
}
