import { expect } from "vitest";
import type { ResourceState } from "../../../cli/stack/deployment.ts";
import { kindKey, secretKind, type Values } from "../../../provider/resource/values.ts";
import { type Host, type OtherStack, type StackContent, stubStack } from "../command.ts";

/** A resource of a stack's state. */
export interface Sketch {
  outputs?: Values;
  host?: Host;
  /** The types of the components that it is in. */
  parents?: readonly string[];
  project?: string;
  /** Further fields of the state. */
  also?: Partial<ResourceState>;
}

/** A resource of this package, as a stack's state has it; its outputs are its inputs and what is given. */
export function resource(
  name: string,
  definition: string,
  inputs: Values,
  { outputs = {}, host = "plugin", parents = [], project = "shop", also }: Sketch = {},
): ResourceState {
  const type =
    host === "plugin"
      ? `formations:index:${definition}`
      : `pulumi-nodejs:dynamic/formations:${definition}`;
  return {
    // The stack's name is in the URN too; nothing may depend on it.
    urn: `urn:pulumi:some::${project}::${[...parents, type].join("$")}::${name}`,
    ...{ type, custom: true, id: `${name}-id`, inputs, outputs: { ...inputs, ...outputs } },
    ...also,
  };
}

/** A resource of another provider. */
export function foreign(type: string, name: string): ResourceState {
  return { urn: `urn:pulumi:some::shop::${type}::${name}`, type, custom: true, id: name };
}

/** A secret, as a stack encrypts it. */
export function secret(ciphertext: string): Values {
  return { [kindKey]: secretKind, ciphertext };
}

/** A project with stacks of these resources. */
export function project(
  stacks: Readonly<Record<string, readonly ResourceState[]>>,
  content: Partial<StackContent> = {},
) {
  const all = Object.entries(stacks).map(
    ([name, resources]): OtherStack => ({ name, resources: [...resources] }),
  );
  const { formations } = stubStack({ config: {}, stacks: all, ...content });
  const run = (...args: string[]) => formations("environments", ...args);
  return { run, json: async (...args: string[]) => read(await run("--format", "json", ...args)) };
}

/** What a test reads of the JSON. */
export interface Report {
  version: number;
  stacks: { name: string; status: string; problem?: string; holders?: string[] }[];
  resources: {
    name: string;
    type: string;
    isDifferent: boolean;
    stacks: Record<string, { isMissing: boolean; marks: string[] }>;
    properties: {
      name: string;
      isDifferent: boolean;
      values: Record<string, { value: unknown; from: string } | null>;
    }[];
  }[];
  others: { type: string; isDifferent: boolean; counts: Record<string, number> }[];
}

function read({ code, out, err }: { code: number; out: string; err: string }): Report {
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

/** The properties that differ, by resource. */
export function differences({ resources }: Report): Record<string, string[]> {
  const of = (one: Report["resources"][number]) =>
    one.properties.filter(({ isDifferent }) => isDifferent).map(({ name }) => name);
  return Object.fromEntries(resources.map((one) => [one.name, of(one)]));
}
