import { logicalName } from "../../../provider/resource/urn";
import type { ResourceState } from "../../stack/deployment";
import { isDefault, providerType } from "../../stack/sessions";

/** The stack that takes over what was found. */
export interface Target {
  /** What it has. Empty: no stack was named. */
  resources: readonly ResourceState[];
}

/** The names that it has given. */
export function takenNames({ resources }: Target): Set<string> {
  return new Set(resources.map(({ urn }) => logicalName(urn)));
}

/** Its explicit provider of a URN, or of a name in the program. */
export function explicitProvider({ resources }: Target, named: string): ResourceState | undefined {
  return resources.find(
    ({ type, urn, delete: isCondemned }) =>
      type === providerType &&
      !isCondemned &&
      !isDefault(urn) &&
      (urn === named || logicalName(urn) === named),
  );
}

/** The version of the plugin that its default provider has, and where that is from, as an import names them. */
export function pluginOf({ resources }: Target): { version?: string; pluginDownloadUrl?: string } {
  const provider = resources.findLast(
    ({ type, urn, delete: isCondemned }) => type === providerType && !isCondemned && isDefault(urn),
  );
  const { version, pluginDownloadURL } = provider?.inputs ?? {};
  return {
    ...(typeof version === "string" && { version }),
    ...(typeof pluginDownloadURL === "string" && { pluginDownloadUrl: pluginDownloadURL }),
  };
}
