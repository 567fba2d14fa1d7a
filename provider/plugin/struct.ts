import { Reader, Writer } from "protobufjs/minimal";
import { inOrder, kindKey, type Values } from "../resource/values";

/*
 * A property bag is a `google.protobuf.Struct`. The generated class would make an object of every field and
 * of every value; here they become plain values at once.
 */

/** The tags of what structs and lists consist of: each has the number of a field and how it is encoded. */
const tags = { field: 10, key: 10, value: 18, item: 10 } as const;

/** The tags of the kinds of values. */
const kinds = { null: 8, number: 17, text: 26, boolean: 32, struct: 42, list: 50 } as const;

/** A struct, read. */
export interface Struct {
  /** In the order of their keys, since the engine sends them in any. */
  values: Values;
  /** The keys of values that may stand for something else, or hold such a one: a secret, an unknown. */
  special: ReadonlySet<string>;
}

/** A value as it is read. */
interface Held {
  value: unknown;
  /** Whether it, or anything in it, may stand for something else. */
  isSpecial: boolean;
}

/** Reads a struct. */
export class StructReader {
  readonly #reader: Reader;
  readonly #specialTexts: ReadonlySet<string>;

  /** @param specialTexts texts that stand for something else */
  constructor(bytes: Uint8Array, specialTexts: ReadonlySet<string>) {
    this.#reader = Reader.create(bytes);
    this.#specialTexts = specialTexts;
  }

  /** @throws Error when the bytes are not a struct */
  read(): Struct {
    return this.#struct(this.#reader.len);
  }

  #struct(end: number): Struct {
    const reader = this.#reader;
    const special = new Set<string>();
    const values: Values = {};
    let isSorted = true;
    let last = "";
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag !== tags.field) {
        reader.skipType(tag & 7);
        continue;
      }
      const { key, value, isSpecial } = this.#field(endOf(reader));
      // The library drops it as well.
      if (key === "__proto__") continue;
      values[key] = value;
      if (isSpecial) special.add(key);
      isSorted &&= last <= key;
      last = key;
    }
    return { values: isSorted ? values : sorted(values), special };
  }

  #field(end: number): Held & { key: string } {
    const reader = this.#reader;
    const field = { key: "", value: null, isSpecial: false };
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === tags.key) field.key = reader.string();
      else if (tag === tags.value) this.#value(endOf(reader), field);
      else reader.skipType(tag & 7);
    }
    return field;
  }

  /** Of a value that is sent twice, the last counts; one without a kind is null. */
  #value(end: number, held: Held): void {
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.uint32();
      switch (tag) {
        case kinds.null:
          reader.uint32();
          held.value = null;
          break;
        case kinds.number:
          held.value = reader.double();
          break;
        case kinds.text: {
          const text = reader.string();
          held.value = text;
          held.isSpecial ||= this.#specialTexts.has(text);
          break;
        }
        case kinds.boolean:
          held.value = reader.bool();
          break;
        case kinds.struct: {
          const { values, special } = this.#struct(endOf(reader));
          held.value = values;
          held.isSpecial ||= special.size > 0 || Object.hasOwn(values, kindKey);
          break;
        }
        case kinds.list:
          held.value = this.#list(endOf(reader), held);
          break;
        default:
          reader.skipType(tag & 7);
      }
    }
  }

  #list(end: number, held: Held): unknown[] {
    const reader = this.#reader;
    const items: unknown[] = [];
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag !== tags.item) {
        reader.skipType(tag & 7);
        continue;
      }
      const item: Held = { value: null, isSpecial: false };
      this.#value(endOf(reader), item);
      items.push(item.value);
      held.isSpecial ||= item.isSpecial;
    }
    return items;
  }
}

/** Where a message ends that begins with its length. */
function endOf(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}

function sorted(values: Values): Values {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => inOrder(a, b)));
}

/** Writes a struct, field by field. */
export class StructWriter {
  readonly #writer = Writer.create();

  /** @param value of JSON */
  add(key: string, value: unknown): void {
    writeField(this.#writer, key, value);
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}

function writeField(writer: Writer, key: string, value: unknown): void {
  writer.uint32(tags.field).fork().uint32(tags.key).string(key);
  writer.uint32(tags.value).fork();
  writeValue(writer, value);
  writer.ldelim().ldelim();
}

function writeValue(writer: Writer, value: unknown): void {
  switch (typeof value) {
    case "string":
      writer.uint32(kinds.text).string(value);
      break;
    case "number":
      writer.uint32(kinds.number).double(value);
      break;
    case "boolean":
      writer.uint32(kinds.boolean).bool(value);
      break;
    default:
      if (value === null) writer.uint32(kinds.null).uint32(0);
      else if (Array.isArray(value)) writeList(writer, value);
      else writeStruct(writer, value as Values);
  }
}

function writeStruct(writer: Writer, struct: Values): void {
  writer.uint32(kinds.struct).fork();
  for (const key of Object.keys(struct)) writeField(writer, key, struct[key]);
  writer.ldelim();
}

function writeList(writer: Writer, items: readonly unknown[]): void {
  writer.uint32(kinds.list).fork();
  for (const item of items) {
    writer.uint32(tags.item).fork();
    writeValue(writer, item);
    writer.ldelim();
  }
  writer.ldelim();
}
