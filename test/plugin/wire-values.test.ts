import fc from "fast-check";
import type { Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import * as wire from "../../provider/plugin/wire.ts";
import { below, none, type Secrets, secretKeys, union } from "../../provider/resource/secrets.ts";
import { kindKey, type Values } from "../../provider/resource/values.ts";
import { bag, output, secret, unknown, unknownNumber, values } from "./wire.ts";

const seed = 20_260_301;
const runs = { seed, numRuns: 500 };

/** What the plugin reads of a property bag that the library writes. */
function decode(struct: Struct): wire.Decoded {
  return wire.decode(struct.serializeBinary());
}

/** What the library reads of a property bag that the plugin writes. */
function encode(values: Values, secrets: Secrets): Struct {
  return structs.Struct.deserializeBinary(wire.encode(values, secrets));
}

/** A string that no random text has by chance. */
const marked = fc.integer({ min: 0, max: 9 }).map((digit) => `hidden-${digit}`);

/**
 * Keys of an object. Left out are `__proto__`, which the protocol's own library drops, and `*`, which
 * means every key where secrets are noted: whatever is beside a secret of that name is one too.
 */
const key = fc.oneof(
  fc.string().filter((text) => ![kindKey, "__proto__", "*"].includes(text)),
  fc.constantFrom("constructor", "toString", "hasOwnProperty", "0", ""),
);

const plain = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.constant(unknown),
);

/** Values as the engine sends them: secrets hold marked strings, at any depth. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    plain,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    marked.map(secret),
    fc.tuple(marked, tie("value")).map(([mark, inner]) => secret({ mark, inner })),
  ),
}));
const property = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });

/** What is left of a value where everything secret is taken out. */
function shown(held: unknown): unknown {
  if (held === null || typeof held !== "object") return held;
  if (Array.isArray(held)) return held.map(shown);
  const isSecret = Object.hasOwn(held, kindKey);
  return isSecret ? "(secret)" : Object.entries(held).map(([name, one]) => [name, shown(one)]);
}

/** A value without the wrappers of its secrets. */
function bare(held: unknown): unknown {
  if (held === null || typeof held !== "object") return held;
  if (Array.isArray(held)) return held.map(bare);
  if (Object.hasOwn(held, kindKey)) return bare(Reflect.get(held, "value"));
  const entries = Object.entries(held).map(([name, one]) => [name, bare(one)]);
  return Object.fromEntries(entries);
}

test("what is decoded and encoded again has the same values, and no secret of it is shown", () => {
  fc.assert(
    fc.property(property, (given) => {
      const { values: plainValues, secrets } = decode(bag(given));
      const again = values(encode(plainValues, secrets));

      expect(bare(again)).toEqual(bare(JSON.parse(JSON.stringify(given))));
      expect(JSON.stringify(shown(again))).not.toMatch(/hidden-\d/);
    }),
    runs,
  );
});

test("a second round changes nothing more", () => {
  fc.assert(
    fc.property(property, (given) => {
      const first = decode(bag(given));
      const once = encode(first.values, first.secrets);
      const second = decode(once);

      expect(values(encode(second.values, second.secrets))).toEqual(values(once));
    }),
    runs,
  );
});

test("a secret stays one when the value under its key becomes another, of whatever shape", () => {
  fc.assert(
    fc.property(property, value, (given, other) => {
      const { secrets } = decode(bag(given));
      const replaced = Object.fromEntries(Object.keys(given).map((name) => [name, bare(other)]));
      const again = values(encode(replaced, secrets));

      for (const name of secretKeys(secrets)) {
        const isEmpty = JSON.stringify(again[name] ?? {}).match(/^(\{\}|\[\])$/);
        if (below(secrets, name) === true) expect(again[name]).toHaveProperty(kindKey);
        else if (!isEmpty && typeof bare(other) !== "object") {
          expect(again[name]).toHaveProperty(kindKey);
        }
      }
    }),
    runs,
  );
});

test.each([
  ["known", { value: "hidden-1", secret: true }, "hidden-1"],
  ["unknown", { secret: true, dependencies: ["urn"] }, unknown],
  ["a secret within", { value: secret("hidden-1") }, "hidden-1"],
])("an output that is %s is a secret wherever it stands", (_, content, expected) => {
  const given = { list: [{ one: output(content) }] };
  const { values: plainValues, secrets } = decode(bag(given));
  expect(plainValues).toEqual({ list: [{ one: expected }] });
  expect(values(encode(plainValues, secrets)).list).toEqual(secret([{ one: expected }]));
});

test("an unknown of any kind is unknown", () => {
  expect(decode(bag({ a: unknownNumber, b: { c: [unknown] } })).values).toEqual({
    a: unknown,
    b: { c: [unknown] },
  });
});

test("the secrets of several sides are the secrets of each", () => {
  fc.assert(
    fc.property(property, property, (one, other) => {
      const sides = [decode(bag(one)), decode(bag(other))];
      const both = union(...sides.map(({ secrets }) => secrets));
      for (const { values: plainValues } of sides) {
        expect(JSON.stringify(shown(values(encode(plainValues, both))))).not.toMatch(/hidden-\d/);
      }
    }),
    runs,
  );
});

/** Whatever the wire can hold, special keys with the wrong things under them included. */
const { anything } = fc.letrec<{ anything: Value }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 6 },
    fc.constant(new structs.Value()),
    fc.constant(new structs.Value().setNullValue(0)),
    fc.double().map((number) => new structs.Value().setNumberValue(number)),
    fc.string({ unit: "binary" }).map((text) => new structs.Value().setStringValue(text)),
    fc.boolean().map((flag) => new structs.Value().setBoolValue(flag)),
    fc
      .array(tie("anything"), { maxLength: 3 })
      .map((list) => new structs.Value().setListValue(new structs.ListValue().setValuesList(list))),
    fc
      .array(fc.tuple(fc.oneof(key, fc.constantFrom(kindKey, "__proto__", "*")), tie("anything")), {
        maxLength: 3,
      })
      .map((entries) => {
        const struct = new structs.Struct();
        for (const [name, held] of entries) struct.getFieldsMap().set(name, held);
        return new structs.Value().setStructValue(struct);
      }),
  ),
}));

test("whatever the wire can hold is decoded, and can be encoded again", () => {
  fc.assert(
    fc.property(key, anything, (name, held) => {
      const struct = new structs.Struct();
      struct.getFieldsMap().set(name, held);
      const { values: plainValues, secrets } = decode(struct);
      encode(plainValues, secrets);
    }),
    runs,
  );
});

/** What the library's own classes make of a value, without kinds that mean something else. */
const data = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));
const plainBag = fc.dictionary(key, data.value, { maxKeys: 20, noNullPrototype: true });

/** Values with the order of their keys. */
function ordered(held: unknown): unknown {
  if (held === null || typeof held !== "object") return held;
  if (Array.isArray(held)) return held.map(ordered);
  return Object.entries(held).map(([name, one]) => [name, ordered(one)]);
}

/** The bytes of a property bag whose fields come in an order of their own. */
function shuffled(struct: Struct): Uint8Array {
  const fields = [...struct.getFieldsMap().entries()].map(([name, held]: [string, Value]) => {
    const one = new structs.Struct();
    one.getFieldsMap().set(name, held);
    return one.serializeBinary();
  });
  return Buffer.concat(fields.reverse());
}

test("a bag is read as the library reads it, in the order of its keys, however it comes", () => {
  fc.assert(
    fc.property(plainBag, (given) => {
      const struct = bag(given);
      const expected = ordered(struct.toJavaScript());
      expect(ordered(decode(struct).values)).toEqual(expected);
      expect(ordered(wire.decode(shuffled(struct)).values)).toEqual(expected);
    }),
    runs,
  );
});

test("a bag is written as the library writes it", () => {
  fc.assert(
    fc.property(plainBag, (given) => {
      const written = encode(given, none);
      expect(Buffer.from(written.serializeBinary())).toEqual(
        Buffer.from(bag(given).serializeBinary()),
      );
    }),
    runs,
  );
});

test("a bag of a megabyte of text and ten thousand fields comes through", () => {
  const many = Array.from({ length: 10_000 }, (_, at) => [`key${at}`, at]);
  const given = { text: "\u{1f600}".repeat(250_000), many: Object.fromEntries(many) };
  expect(decode(encode(given, none)).values).toEqual(given);
});

test("what JSON can't hold is written as JSON has it", () => {
  const given = {
    a: Number.NaN,
    b: [undefined, -0],
    c: { d: undefined },
    e: new Date(0),
    f: undefined,
  };
  expect(values(encode(given, none))).toEqual({
    a: null,
    b: [null, 0],
    c: {},
    e: "1970-01-01T00:00:00.000Z",
  });
});

test("of a key that comes twice, the last counts, and what the protocol may add later is passed over", () => {
  const twice = Buffer.concat([bag({ a: 1 }), bag({ a: 2 })].map((one) => one.serializeBinary()));
  const unknownField = Buffer.from([0x7a, 0x02, 0x68, 0x69]);
  expect(wire.decode(Buffer.concat([unknownField, twice])).values).toEqual({ a: 2 });
});

test("bytes that are no property bag are refused in words, or read, but never crash", () => {
  const cut = fc.tuple(plainBag, fc.nat()).map(([given, at]) => {
    const bytes = bag({ ...given, last: "x" }).serializeBinary();
    return bytes.slice(0, at % bytes.length);
  });
  fc.assert(
    fc.property(fc.oneof(cut, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      try {
        wire.decode(bytes);
      } catch (error) {
        expect(String(error)).toMatch(/The engine sent properties that could not be read: \w+/);
      }
    }),
    { ...runs, numRuns: 3_000 },
  );
});
