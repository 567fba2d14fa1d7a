import { describe, expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { subjects } from "../subjects.ts";
import type { Subject } from "../support/subject.ts";
import { revealed, unknown } from "./wire.ts";
import { worldOf } from "./world.ts";

/*
 * What a preview shows has to come true: each property is what it was previewed to be, or was shown as
 * not known yet. An output whose causes its definition does not name would break this.
 */

/** Changes of a resource, from one program to the next. */
function changesOf({ inputs, more, changing, life }: Subject): [title: string, Values, Values][] {
  const { inputs: before, changed } = life(1);
  const all: Values = { ...inputs, ...more };
  const [first, second] = changing.inputs;
  return [
    ["its changed inputs", first, second],
    ["its changed inputs, back", second, first],
    ["what changes in a long life", before, changed],
    ...Object.keys(more ?? {}).flatMap((key): [string, Values, Values][] => {
      const { [key]: _, ...others } = all;
      return [
        [`${key} set`, others, all],
        [`${key} removed`, all, others],
      ];
    }),
  ];
}

/** The properties that a preview showed as something else than they became. */
function untrue(
  previewed: Values,
  real: Values,
): [name: string, previewed: unknown, real: unknown][] {
  const names = new Set([...Object.keys(previewed), ...Object.keys(real)]);
  return [...names]
    .filter((name) => !name.startsWith("__") && revealed(previewed[name]) !== unknown)
    .filter((name) => JSON.stringify(previewed[name]) !== JSON.stringify(real[name]))
    .map((name) => [name, previewed[name], real[name]]);
}

describe.each(subjects)("a $name", (subject) => {
  test("is created as it is previewed", async () => {
    const { resource, inputs } = await worldOf(subject);
    const given: Values = { ...inputs, ...subject.more };
    const previewed = await resource.create(given, { preview: true });
    const real = await resource.create(given);
    expect(untrue(previewed.state, real.state)).toEqual([]);
  });

  test.each(changesOf(subject))("becomes what is previewed: %s", async (_, before, after) => {
    const { resource } = await worldOf(subject);
    const held = await resource.create(before);
    const { inputs } = await resource.check(after, held.inputs);
    if ((await resource.diff(held, inputs)).replaces.length > 0) return;
    const previewed = await resource.update(held, after, { preview: true });
    const real = await resource.update(held, after);
    expect(untrue(previewed.state, real.state)).toEqual([]);
  });
});
