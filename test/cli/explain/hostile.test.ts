import fc from "fast-check";
import { expect, test } from "vitest";
import { read } from "../../../cli/explain/input/read.ts";
import { explain } from "../../../cli/explain/judgment/explain.ts";
import { FormationsError } from "../../../provider/errors.ts";
import type { Values } from "../../../provider/resource/values.ts";
import {
  type Change,
  explained,
  forms,
  hosts,
  type RawStep,
  saidIn,
  stepOf,
  textOf,
} from "./previews.ts";
import { rows } from "./rows.ts";

const settings = { numRuns: 150, seed: 20_261_128 };

/** In the place of every secret, so that whatever is shown of one is found. */
const planted = "sk-planted-5b1e70c4";

/** A preview of every row, in any form, with secrets that the engine has not blinded. */
const previews = fc
  .record({
    host: fc.constantFrom(...hosts),
    form: fc.constantFrom(...forms),
    changes: fc.shuffledSubarray([...rows], { minLength: 1 }),
  })
  .map(({ host, form, changes }) => {
    const steps = changes.map((row, at) => exposing(stepOf({ ...row, name: `r${at}` }, host)));
    return { form, steps, text: textOf(steps, form) };
  });

function exposing(step: RawStep): RawStep {
  const bare = (side: Values | undefined): Values | undefined =>
    side && JSON.parse(JSON.stringify(side).replaceAll('"[secret]"', JSON.stringify(planted)));
  return { ...step, oldState: bare(step.oldState), newState: bare(step.newState) };
}

/** Reads and explains; the only thing that it may throw is an explanation of what is wrong. */
function said(text: string): string {
  try {
    return saidIn(explain(read(text, "dev.json")));
  } catch (error) {
    if (!(error instanceof FormationsError)) throw error;
    return error.message;
  }
}

test("a secret at its place is never shown, nor in a message, though the engine has not blinded it", () => {
  fc.assert(
    fc.property(previews, ({ form, steps }) => {
      fc.pre(JSON.stringify(steps).includes(planted));
      const diagnostics = [
        { severity: "error", message: `${planted} was rejected`, urn: steps[0]?.urn },
        { severity: "info#err", message: `a line with ${planted}` },
      ];
      expect(said(textOf(steps, form, { diagnostics }))).not.toMatch(/sk-planted|__/);
    }),
    settings,
  );
});

test("a preview that is cut off or mutilated is refused or explained, without a crash or a secret", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(previews, share, fc.string({ maxLength: 9 }), ({ text }, where, noise) => {
      const at = Math.floor(text.length * where);
      expect(said(text.slice(0, at))).not.toContain(planted);
      expect(said(text.slice(0, at) + noise + text.slice(at + 3))).not.toContain(planted);
    }),
    settings,
  );
});

test("a preview with any value in any place is refused or explained, without a crash", () => {
  const mutated = fc.tuple(
    previews,
    fc.array(fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 4 })), { minLength: 1, maxLength: 6 }),
  );
  fc.assert(
    fc.property(mutated, ([{ steps, form }, changes]) => {
      const copy = { steps: JSON.parse(JSON.stringify(steps)) };
      for (const [at, value] of changes) {
        const places = placesIn(copy.steps);
        const place = places[at % places.length];
        if (place) place.holder[place.key] = value;
      }
      const text =
        form === "digest" ? JSON.stringify(copy) : safely(() => textOf(copy.steps, form));
      said(text);
    }),
    { ...settings, numRuns: 500 },
  );
});

function placesIn(value: unknown): { holder: Values; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Values;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

/** A step that the builder itself can't write in this form. */
function safely(make: () => string): string {
  try {
    return make();
  } catch {
    return "{}";
  }
}

test("any text is refused or explained, without a crash", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.json().map((one) => `{"steps":${one}}`),
  );
  fc.assert(
    fc.property(texts, (text) => void said(text)),
    { ...settings, numRuns: 500 },
  );
});

test("names and values with any character come through unchanged", () => {
  const change: Change = {
    ...{ type: "AppFormation", op: "update" },
    applied: { app: "shop-default", type: "web", size: "gp1", quantity: 1 },
  };
  const texts = fc
    .string({ unit: "binary", minLength: 1 })
    .filter((text) => !text.startsWith("__") && !text.includes("://"));
  fc.assert(
    fc.property(texts, texts, fc.constantFrom(...forms), (name, size, form) => {
      fc.pre(size !== "gp1" && size !== "[secret]" && !name.includes("::"));
      const desired = { ...change.applied, size };
      const { changes } = explained([{ ...change, name, desired }], { form });
      expect(changes).toMatchObject([
        { name, properties: [{ to: { kind: "value", value: size } }] },
      ]);
    }),
    settings,
  );
});

test("10,000 resources and a value of a megabyte are explained", () => {
  const long = "x".repeat(1_000_000);
  const before = { app: "shop-default", type: "web", size: "gp1", quantity: 1 };
  const changes = Array.from({ length: 10_000 }, (_, at): Change => {
    const desired = { ...before, command: at === 0 ? long : `run ${at}` };
    return { type: "AppFormation", op: "update", name: `r${at}`, applied: before, desired };
  });
  for (const form of forms) {
    const explanation = explained(changes, { form });
    expect(explanation.changes).toHaveLength(10_000);
    expect(explanation.changes[0]?.properties).toMatchObject([{ to: { value: long } }]);
  }
});
