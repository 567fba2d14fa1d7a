import { Reader, Writer } from "protobufjs/minimal";
import { pack, type Unpacked, unpack } from "../resource/marks";
import { below, type Secrets, sealSecrets } from "../resource/secrets";
import {
  asSecret,
  kindKey,
  outputKind,
  resourceKind,
  secretKind,
  unknownOf,
  unknownValue,
  type Values,
} from "../resource/values";
import { InvalidRequest } from "./status";

const unknowns: ReadonlySet<string> = new Set(Object.values(unknownOf));

/** A property bag from the wire: plain values, and where the secrets were in it. */
export interface Decoded {
  values: Values;
  secrets: Secrets;
}

/**
 * Reads a property bag, a `google.protobuf.Struct` as bytes: unwraps secrets and outputs at any depth, and
 * replaces unknowns of every type with {@link unknownValue} and resources with their IDs.
 *
 * @throws InvalidRequest when the bytes are no property bag
 */
export function decode(bytes: Uint8Array | undefined): Decoded {
  const secrets = new Map<string, Secrets>();
  if (bytes === undefined) return { values: {}, secrets };
  try {
    const special = new Set<string>();
    const reader = Reader.create(bytes);
    const values = readFields(reader, reader.len, special);
    for (const key of special) {
      const { plain, secret } = unwrap(values[key]);
      if (secret) secrets.set(key, secret);
      values[key] = plain;
    }
    return { values, secrets };
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new InvalidRequest(`The engine sent properties that could not be read: ${why}`);
  }
}

/** Writes a property bag with its secrets wrapped. Undefined values are left out. */
export function encode(values: Values, secrets: Secrets): Uint8Array {
  const writer = Writer.create();
  for (const key of Object.keys(values)) {
    const value = values[key];
    if (value === undefined) continue;
    writeField(writer, key, asJson(sealSecrets(value, below(secrets, key), asSecret)));
  }
  return writer.finish();
}

/** What a property bag can't hold (undefined, NaN) becomes what JSON makes of it. */
function asJson(value: unknown): unknown {
  const type = typeof value;
  const fits = type === "string" || type === "boolean" || Number.isFinite(value);
  return fits ? value : JSON.parse(JSON.stringify(value));
}

/** A resource's property bag from the wire: its properties, its marks, and where its secrets were. */
export interface Bag extends Unpacked {
  secrets: Secrets;
}

/** Reads a resource's property bag. */
export function decodeBag(bytes: Uint8Array | undefined): Bag {
  const { values, secrets } = decode(bytes);
  return { ...unpack(values), secrets };
}

/** Writes a resource's property bag. */
export function encodeBag(bag: Unpacked, secrets: Secrets): Uint8Array {
  return encode(pack(bag), secrets);
}

/** A value of the provider's configuration, which Node.js programs send as JSON. */
export function decodeJson(value: unknown): unknown {
  if (typeof value !== "string" || !value.includes(kindKey)) return value;
  try {
    return unwrap(JSON.parse(value)).plain;
  } catch {
    return value;
  }
}

/*
 * A property bag is a `google.protobuf.Struct`. The generated class would make an object of every field and
 * of every value; here they become plain values at once.
 */

/** The tags of what structs and lists consist of: each has the number of a field and how it is encoded. */
const tags = { field: 10, key: 10, value: 18, item: 10 } as const;

/** The tags of the kinds of values. */
const kinds = { null: 8, number: 17, text: 26, boolean: 32, struct: 42, list: 50 } as const;

/**
 * Reads a struct's fields, in the order of their keys, since the engine sends them in any.
 *
 * @param end where the struct ends
 * @param special gets the keys of what may stand for something else, or holds it: a secret, an unknown
 */
function readFields(reader: Reader, end: number, special: Set<string>): Values {
  const values: Values = {};
  let last = "";
  let isSorted = true;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== tags.field) {
      reader.skipType(tag & 7);
      continue;
    }
    const { key, value, isSpecial } = readField(reader, endOf(reader));
    // It would set the prototype; the generated class drops it as well.
    if (key === "__proto__") continue;
    values[key] = value;
    if (isSpecial) special.add(key);
    isSorted &&= last <= key;
    last = key;
  }
  return isSorted ? values : sorted(values);
}

function sorted(values: Values): Values {
  const ordered: Values = {};
  for (const key of Object.keys(values).sort()) ordered[key] = values[key];
  return ordered;
}

/** Where the message ends that begins with its length. */
function endOf(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}

interface Held {
  value: unknown;
  /** Whether it, or anything in it, may stand for something else. */
  isSpecial: boolean;
}

function readField(reader: Reader, end: number): Held & { key: string } {
  const field = { key: "", value: null, isSpecial: false };
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.key) field.key = reader.string();
    else if (tag === tags.value) readValue(reader, endOf(reader), field);
    else reader.skipType(tag & 7);
  }
  return field;
}

/** Of a value that is sent twice, the last counts; one without a kind is null. */
function readValue(reader: Reader, end: number, held: Held): void {
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
        held.isSpecial ||= unknowns.has(text);
        break;
      }
      case kinds.boolean:
        held.value = reader.bool();
        break;
      case kinds.struct: {
        const special = new Set<string>();
        const values = readFields(reader, endOf(reader), special);
        held.value = values;
        held.isSpecial ||= special.size > 0 || Object.hasOwn(values, kindKey);
        break;
      }
      case kinds.list:
        held.value = readItems(reader, endOf(reader), held);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
}

function readItems(reader: Reader, end: number, list: Held): unknown[] {
  const items: unknown[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tags.item) {
      const item: Held = { value: null, isSpecial: false };
      readValue(reader, endOf(reader), item);
      items.push(item.value);
      list.isSpecial ||= item.isSpecial;
    } else reader.skipType(tag & 7);
  }
  return items;
}

function writeField(writer: Writer, key: string, value: unknown): void {
  writer.uint32(tags.field).fork().uint32(tags.key).string(key);
  writer.uint32(tags.value).fork();
  writeValue(writer, value);
  writer.ldelim().ldelim();
}

/** @param value of JSON */
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
      else if (Array.isArray(value)) writeItems(writer, value);
      else writeStruct(writer, value as Values);
  }
}

function writeStruct(writer: Writer, struct: Values): void {
  writer.uint32(kinds.struct).fork();
  for (const key of Object.keys(struct)) writeField(writer, key, struct[key]);
  writer.ldelim();
}

function writeItems(writer: Writer, items: readonly unknown[]): void {
  writer.uint32(kinds.list).fork();
  for (const item of items) {
    writer.uint32(tags.item).fork();
    writeValue(writer, item);
    writer.ldelim();
  }
  writer.ldelim();
}

interface Unwrapped {
  plain: unknown;
  secret?: Secrets;
}

function unwrap(value: unknown): Unwrapped {
  if (typeof value === "string" && unknowns.has(value)) return { plain: unknownValue };
  if (value === null || typeof value !== "object") return { plain: value };
  if (!Array.isArray(value) && kindKey in value) return unwrapSpecial({ ...value });

  const secrets = new Map<string, Secrets>();
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const inner = unwrap(item);
    if (inner.secret) secrets.set(key, inner.secret);
    return [key, inner.plain];
  });
  const plain = Array.isArray(value)
    ? entries.map(([, item]) => item)
    : Object.fromEntries(entries);
  return secrets.size > 0 ? { plain, secret: secrets } : { plain };
}

function unwrapSpecial(value: Values): Unwrapped {
  switch (value[kindKey]) {
    case secretKind:
      return { plain: unwrap(value.value).plain, secret: true };
    case outputKind: {
      const inner: Unwrapped = "value" in value ? unwrap(value.value) : { plain: unknownValue };
      return value.secret === true ? { ...inner, secret: true } : inner;
    }
    case resourceKind: {
      const { plain } = unwrap(value.id);
      // A resource that is still to be created has an empty ID.
      if (plain === "") return { plain: unknownValue };
      return { plain: plain ?? value.urn };
    }
    default:
      // An asset, an archive or a kind that is new: no input accepts one, and the check says so.
      return { plain: value };
  }
}
