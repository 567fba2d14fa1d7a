import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { BinaryReader, BinaryWriter } from "google-protobuf";
import { pack, type Unpacked, unpack } from "../resource/marks";
import { below, type Secrets, sealSecrets } from "../resource/secrets";
import type { CheckFailure as Failure } from "../resource/validation";
import {
  inOrder,
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
    const fields = new Fields();
    readFields(fields, new BinaryReader(bytes));
    const entries = fields.sorted().map(([key, held]): [string, unknown] => {
      if (!held.isSpecial) return [key, held.value];
      const { plain, secret } = unwrap(held.value);
      if (secret) secrets.set(key, secret);
      return [key, plain];
    });
    return { values: Object.fromEntries(entries), secrets };
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new InvalidRequest(`The engine sent properties that could not be read: ${why}`);
  }
}

/** Writes a property bag with its secrets wrapped. Undefined values are left out. */
export function encode(values: Values, secrets: Secrets): Uint8Array {
  const writer = new BinaryWriter();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    writeField([key, asJson(sealSecrets(value, below(secrets, key), asSecret))], writer);
  }
  return writer.getResultBuffer();
}

/** What a property bag can't hold (undefined, NaN) becomes what JSON makes of it. */
function asJson(value: unknown): unknown {
  const fits = typeof value === "string" || typeof value === "boolean";
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

/** The engine shows the value of the input that a failure names, so a secret is named only in the reason. */
export function encodeFailure({ property, reason, isSecret }: Failure): CheckFailure {
  return isSecret
    ? new CheckFailure().setReason(`${property} ${reason}`)
    : new CheckFailure().setProperty(property).setReason(reason);
}

/** A value as it is on the wire. */
class Held {
  value: unknown = null;
  /** Whether it, or anything in it, may stand for something else: a secret, an unknown. */
  isSpecial = false;
}

/** The fields of a struct. */
class Fields {
  readonly #entries: [key: string, held: Held][] = [];
  #isSorted = true;

  add(key: string, held: Held): void {
    const last = this.#entries.at(-1);
    this.#isSorted &&= last === undefined || last[0] < key;
    this.#entries.push([key, held]);
  }

  /** In the order of their keys, since the engine sends them in any; the library's own struct is sorted too. */
  sorted(): readonly [key: string, held: Held][] {
    return this.#isSorted ? this.#entries : this.#entries.sort(([a], [b]) => inOrder(a, b));
  }
}

function readFields(fields: Fields, reader: BinaryReader): void {
  while (reader.nextField()) {
    if (reader.getFieldNumber() === 1) reader.readMessage(fields, readField);
    else reader.skipField();
  }
}

function readField(fields: Fields, reader: BinaryReader): void {
  let key = "";
  const held = new Held();
  while (reader.nextField()) {
    if (reader.getFieldNumber() === 1) key = reader.readString();
    else if (reader.getFieldNumber() === 2) reader.readMessage(held, readValue);
    else reader.skipField();
  }
  // The library drops it as well.
  if (key !== "__proto__") fields.add(key, held);
}

/** Of a value that is sent twice, the last counts; one without a kind is null. */
function readValue(held: Held, reader: BinaryReader): void {
  while (reader.nextField()) {
    switch (reader.getFieldNumber()) {
      case 1:
        reader.readEnum();
        held.value = null;
        break;
      case 2:
        held.value = reader.readDouble();
        break;
      case 3: {
        const text = reader.readString();
        held.value = text;
        held.isSpecial ||= unknowns.has(text);
        break;
      }
      case 4:
        held.value = reader.readBool();
        break;
      case 5:
        readStruct(held, reader);
        break;
      case 6: {
        const items: Held[] = [];
        reader.readMessage(items, readItems);
        held.value = items.map(({ value }) => value);
        held.isSpecial ||= items.some(({ isSpecial }) => isSpecial);
        break;
      }
      default:
        reader.skipField();
    }
  }
}

function readStruct(held: Held, reader: BinaryReader): void {
  const fields = new Fields();
  reader.readMessage(fields, readFields);
  const entries = fields.sorted().map(([key, inner]): [string, unknown] => {
    held.isSpecial ||= inner.isSpecial || key === kindKey;
    return [key, inner.value];
  });
  held.value = Object.fromEntries(entries);
}

function readItems(items: Held[], reader: BinaryReader): void {
  while (reader.nextField()) {
    if (reader.getFieldNumber() === 1) {
      const held = new Held();
      reader.readMessage(held, readValue);
      items.push(held);
    } else reader.skipField();
  }
}

function writeField(field: [key: string, value: unknown], writer: BinaryWriter): void {
  writer.writeMessage(1, field, writeEntry);
}

function writeEntry([key, value]: [key: string, value: unknown], writer: BinaryWriter): void {
  writer.writeString(1, key);
  writer.writeMessage(2, [value], writeValue);
}

/** @param boxed of JSON; the writer leaves out what is null, and so would not call back. */
function writeValue([value]: [value: unknown], writer: BinaryWriter): void {
  switch (typeof value) {
    case "string":
      writer.writeString(3, value);
      break;
    case "number":
      writer.writeDouble(2, value);
      break;
    case "boolean":
      writer.writeBool(4, value);
      break;
    default:
      if (value === null) writer.writeEnum(1, 0);
      else if (Array.isArray(value)) writer.writeMessage(6, value, writeItems);
      else writer.writeMessage(5, value, writeFields);
  }
}

function writeFields(struct: Values, writer: BinaryWriter): void {
  for (const field of Object.entries(struct)) writeField(field, writer);
}

function writeItems(items: unknown[], writer: BinaryWriter): void {
  for (const item of items) writer.writeMessage(1, [item], writeValue);
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

function asSecret(value: unknown): Values {
  return { [kindKey]: secretKind, value };
}
