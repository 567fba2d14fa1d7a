import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, differencesOf } from "../../../cli/environments/matrix.ts";
import { inJson } from "../../../cli/environments/output/json.ts";
import { inMarkdown } from "../../../cli/environments/output/markdown.ts";
import { inTable } from "../../../cli/environments/output/table.ts";
import type { ResourceState, StackState } from "../../../cli/stack/deployment.ts";
import { resources } from "../../../provider/index.ts";
import { kindKey, secretKind } from "../../../provider/resource/values.ts";
import { isExhaustive } from "../../support/exhaustive.ts";
import type { Host } from "../command.ts";
import { foreign, resource } from "./world.ts";

/** In everything that nobody may see. */
const hidden = "TOP-SECRET";

const secret = fc.constant({
  ...{ [kindKey]: secretKind, ciphertext: hidden, plaintext: JSON.stringify(hidden) },
});

const leaf = fc.oneof(
  ...[fc.string({ unit: "binary" }), fc.integer(), fc.boolean(), fc.constant(null), secret],
);

/** Any value that a state can have, with secrets and hidden keys at any depth. */
const value = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), leaf, { maxKeys: 3 }),
  fc.constant({ __hidden: hidden, image: "a|b" }),
);

const marks = fc.record(
  {
    ...{ __pending: fc.boolean(), __autoname: fc.boolean(), __provider: fc.constant(hidden) },
    __unfinished: fc.oneof(fc.array(fc.string()), fc.string()),
    __applied: fc.constant({ value: hidden }),
  },
  { requiredKeys: [] },
);

/** A resource of this package, with any values in its properties; what is always a secret is plain. */
const own = fc.constantFrom(...resources).chain(({ name, inputs, outputs }) => {
  const keys = [...Object.keys(inputs.shape), ...Object.keys(outputs.shape)];
  const always: Record<string, fc.Arbitrary<unknown>> = {
    value: fc.constant(hidden),
    databaseUrl: fc.constant(hidden),
    options: fc.constant({ image: "jobs:1", env: { KEY: hidden } }),
  };
  const bag = fc.record(Object.fromEntries(keys.map((key) => [key, always[key] ?? value])), {
    requiredKeys: [],
  });
  return fc
    .record({
      ...{ bag, seen: bag, marks, host: fc.constantFrom<Host>("plugin", "dynamic") },
      name: fc.oneof(fc.constantFrom("events", "__proto__"), fc.string({ unit: "binary" })),
      parents: fc.array(fc.string({ maxLength: 4 }), { maxLength: 2 }),
      also: fc.record(
        {
          ...{ protect: fc.boolean(), delete: fc.boolean(), pendingReplacement: fc.boolean() },
          initErrors: fc.array(fc.constant(hidden)),
        },
        { requiredKeys: [] },
      ),
    })
    .map(({ bag, seen, marks, also, name: at, ...sketch }) =>
      resource(at, name, { ...bag, ...marks }, { ...sketch, outputs: { ...seen, ...marks }, also }),
    );
});

const others = fc.string({ unit: "binary" }).map((name) => foreign(`aws:s3:${name}`, name));

function stateOf(all: ResourceState[], pending: ResourceState[]): StackState {
  const operations = pending.map((one) => ({ type: "creating", resource: one }));
  return { version: 3, deployment: { resources: all, pending_operations: operations } };
}

const stacks = fc
  .array(
    fc.tuple(fc.array(fc.oneof(own, others), { maxLength: 4 }), fc.array(own, { maxLength: 1 })),
    {
      ...{ minLength: 1, maxLength: 4 },
    },
  )
  .map((all) =>
    all.map(([some, pending], at) => ({
      ...{ name: at === 0 ? "__proto__" : `stack-${at}`, state: stateOf(some, pending) },
      isBusy: at === 1,
    })),
  );

test("whatever a state has, nothing fails, nothing hidden is shown, and the same is always the same", () => {
  fc.assert(
    fc.property(stacks, (all) => {
      const whole = compare(all);
      for (const matrix of [whole, differencesOf(whole)]) {
        const readings = all.map(({ name, state }) => ({ name, state, holders: [] }));
        const comparison = { ...{ readings, matrix, remarks: [] }, isDifferencesOnly: false };
        const texts = [inTable(comparison, 80), inMarkdown(comparison), inJson(comparison)];
        expect(
          texts.filter((text) => /TOP|__(?:pro|pen|unf|app|auto|hid)(?!to)/.test(text)),
        ).toEqual([]);
        const lines = [texts[0], texts[1]].join("\n").split("\n");
        expect(lines.filter((line) => /[^\P{C}]/u.test(line))).toEqual([]);
        JSON.parse(texts[2] ?? "");
      }
      const mirrored = compare(all.map((one) => ({ ...one, state: structuredClone(one.state) })));
      expect(mirrored).toEqual(whole);
    }),
    { seed: 7, numRuns: isExhaustive ? 200 : 20, endOnFailure: true },
  );
});
