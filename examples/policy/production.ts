import type { PolicyConfigSchema } from "@pulumi/policy";

/** A resource, as far as rules choose by it: of a program, or of a state. */
export interface Resource {
  type: string;
  urn: string;
  /** The name in the program. */
  name: string;
}

/** Names of stacks and resources; `*` stands for any characters. */
const names = { type: "array", items: { type: "string" } } as const;

/** Which stacks are production, if the configuration does not say. */
const productionStacks = ["production"];

/** The configuration of a rule: where it applies, and the list under `key` of what it leaves alone. */
export function configSchema(key: string, description: string): PolicyConfigSchema {
  return {
    properties: {
      productionStacks: {
        ...names,
        default: productionStacks,
        description: "The stacks that are production; * stands for any characters.",
      },
      [key]: { ...names, default: [], description },
    },
  };
}

/** What a rule's configuration says, with defaults for what it does not. */
export interface Config {
  productionStacks?: string[];
  exceptions?: string[];
  acknowledged?: string[];
}

/** Whether a rule applies to a resource: it is in production, and not left alone. */
export function applies({ urn, name }: Resource, config: Config): boolean {
  const { productionStacks: stacks = productionStacks } = config;
  const leftAlone = [...(config.exceptions ?? []), ...(config.acknowledged ?? [])];
  return matches(stackOf(urn), stacks) && !matches(name, leftAlone) && !leftAlone.includes(urn);
}

/** Whether a stack is production. */
export function isProduction(urn: string, config: Config): boolean {
  return matches(stackOf(urn), config.productionStacks ?? productionStacks);
}

/** Whether a resource is of this type, served by the plugin or by the dynamic host of TypeScript programs. */
export function isA(name: "Formation" | "Replica", { type }: Resource): boolean {
  return type === `formations:index:${name}` || type === `pulumi-nodejs:dynamic/formations:${name}`;
}

/** The stack and the project of a URN: `urn:pulumi:stack::project::type::name`. */
export function placeOf(urn: string): string {
  return urn.split("::").slice(0, 2).join("::");
}

function stackOf(urn: string): string {
  return placeOf(urn).split("::")[0]?.replace("urn:pulumi:", "") ?? "";
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}
