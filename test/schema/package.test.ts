import { expect, test } from "vitest";
import { packageSchema } from "../../provider/schema/package.ts";
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
