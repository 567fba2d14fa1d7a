import * as pulumi from "@pulumi/pulumi";
import { packageName, token } from "../provider/resource/urn";

/*
 * Resource options that Pulumi's dynamic providers can't honour. Each is refused, or warned about, in the
 * program's own process where it is used, with what to do instead. All others work.
 */

/** What messages need to name a resource. */
interface Labelled {
  /** The resource's name in the package. */
  type: string;
}

/** The package of the provider that serves the classes. */
const servingPackage = "pulumi-nodejs";

/**
 * Refuses options without which the resource would be another one than the program means.
 *
 * @throws RunError naming the option, and what does it instead
 */
export function refuseOptions(
  { type }: Labelled,
  name: string,
  { import: id, provider }: pulumi.CustomResourceOptions,
): void {
  const label = `${name} (${type})`;
  if (id !== undefined) {
    throw new pulumi.RunError(
      `${label}: the TypeScript classes can't import (Pulumi's dynamic providers have no import). ` +
        "Remove the option `import` and use `formations recover --adopt NAME=ID`, or the plugin's SDK.",
    );
  }
  if (packageOf(provider) === packageName) {
    throw new pulumi.RunError(
      `${label}: the TypeScript classes can't use an explicit provider: they have the accounts of the stack's configuration and no others. ` +
        "Remove the option `provider`, or use the plugin's SDK, which takes several accounts per stack.",
    );
  }
}

/** Warns of options that have no effect. */
export function warnOfOptions(
  { type }: Labelled,
  name: string,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const text of [...withoutEffect(opts), ...inherited(type, opts)]) {
    // Told at the resource, it would wait until that is created, and so would all that is told later.
    void pulumi.log.warn(`${name} (${type}): ${text}`);
  }
}

function withoutEffect(opts: pulumi.CustomResourceOptions): string[] {
  const { customTimeouts, provider } = opts;
  const limits = (["delete", "read"] as const).filter((one) => customTimeouts?.[one] !== undefined);
  const plugins = (["version", "pluginDownloadURL"] as const).filter((one) => opts[one]);
  const other = packageOf(provider) ?? servingPackage;
  return [
    ...limits.map(
      (operation) =>
        `customTimeouts.${operation} has no effect: Pulumi does not pass it on to its dynamic providers, which serve the TypeScript classes. ` +
        "Set formations:timeout, which limits every operation of the stack, or use the plugin's SDK.",
    ),
    ...plugins.map(
      (option) =>
        `${option} has no effect: it is about a plugin, and the TypeScript classes have none. package.json says which version of pulumi-formations serves them.`,
    ),
    ...(other === servingPackage
      ? []
      : [`provider has no effect: it is a provider of ${other}. Remove the option.`]),
  ];
}

/** A component's provider is its children's too, except for the classes. */
function inherited(type: string, { parent }: pulumi.CustomResourceOptions): string[] {
  if (parent?.getProvider(token(type)) === undefined) return [];
  return [
    "the provider of its parent has no effect: the TypeScript classes have the accounts of the stack's configuration and no others. Use the plugin's SDK for another account.",
  ];
}

/** The package that a provider is of, which Pulumi's types hide. */
function packageOf(provider: pulumi.ProviderResource | undefined): string | undefined {
  const name: unknown = provider && Reflect.get(provider, "pkg");
  return typeof name === "string" ? name : undefined;
}
