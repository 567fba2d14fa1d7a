import { expect, test } from "vitest";
import { packageSchema } from "../../provider/schema/package.ts";
import type { PackageSpec, PropertySpec } from "../../provider/schema/package-spec.ts";
import { subjects } from "../subjects.ts";

const { resources } = packageSchema();

test.each(subjects)(
  "$name marks the inputs that only a replacement changes",
  ({ name, unknowns }) => {
    const { inputProperties = {}, properties = {} } = resources[`formations:index:${name}`] ?? {};
    const marked = Object.entries(inputProperties)
      .filter(([, spec]) => spec.willReplaceOnChanges)
      .map(([key]) => key);

    const replaced = Object.keys(unknowns).filter((key) => unknowns[key]?.endsWith("-replace"));
    expect(marked.toSorted()).toEqual(replaced.toSorted());
    expect(Object.values(properties).filter((spec) => spec.willReplaceOnChanges)).toEqual([]);
  },
);

/** What only who gives a value needs. */
const instructions =
  /\bDefault:|\bA change\b|\b[Cc]hanged in place\b|\bOne of\b|\bRequired\b|\bIt requires\b|\bVersion \S+ requires\b|\b[Uu]p to \d|\bat (?:most|least)\b|\b(?:must|has to|can't) (?:be|equal)\b|accepted with a warning/;

/** What only who sees a value needs. */
const observations = /\bas last seen\b|\babsent until\b|\bmay be absent\b/;

/** Every described property of types, by its path: outputs and results, or inputs and arguments. */
function descriptions(side: "given" | "seen"): [path: string, description: string][] {
  const spec = packageSchema();
  const parts = [
    ...Object.entries(spec.resources).map(([token, one]) => {
      return [token, side === "given" ? one.inputProperties : one.properties] as const;
    }),
    ...Object.entries(spec.functions).map(([token, one]) => {
      return [token, (side === "given" ? one.inputs : one.outputs)?.properties ?? {}] as const;
    }),
  ];
  return parts.flatMap(([token, properties]) => described(token, properties, spec.types));
}

function described(
  path: string,
  properties: Record<string, PropertySpec>,
  types: PackageSpec["types"],
): [string, string][] {
  return Object.entries(properties).flatMap(([name, spec]) => {
    const below = (spec.items ?? spec).$ref?.replace("#/types/", "") ?? "";
    const type = types[below];
    const inner = type && "properties" in type ? type.properties : {};
    const one: [string, string] = [`${path}.${name}`, spec.description ?? ""];
    return [one, ...described(`${path}.${name}`, inner, types)];
  });
}

test.each([
  ["an output or a result", "seen", instructions],
  ["an input or an argument", "given", observations],
] as const)("no description of %s belongs to the other side", (_, side, foreign) => {
  const all = descriptions(side);
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(([, description]) => description === "")).toEqual([]);
  expect(all.filter(([, description]) => foreign.test(description))).toEqual([]);
});

test("an input says its limits, its default and what a change does", () => {
  const { inputProperties, properties } = resources["formations:index:Formation"] ?? {};
  expect(inputProperties?.workerCount?.description).toBe(
    "Number of workers. At most 40. A change replaces the resource.",
  );
  expect(inputProperties?.workerHa?.description).toContain(" Default: false. A change replaces");
  expect(properties?.workerCount?.description).toBe("Number of workers.");
});
