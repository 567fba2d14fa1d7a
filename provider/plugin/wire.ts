import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { pack, type Unpacked, unpack } from "../resource/marks";
import { below, type Secrets, sealSecrets } from "../resource/secrets";
import type { CheckFailure as Failure } from "../resource/validation";
import {
  kindKey,
  outputKind,
  resourceKind,
  secretKind,
  unknownOf,
  unknownValue,
  type Values,
} from "../resource/values";

const unknowns: ReadonlySet<string> = new Set(Object.values(unknownOf));

/** A property bag from the wire: plain values, and where the secrets were in it. */
export interface Decoded {
  values: Values;
  secrets: Secrets;
}

/**
 * Reads a property bag: unwraps secrets and outputs at any depth, and replaces unknowns of every type with
 * {@link unknownValue} and resources with their IDs.
 */
export function decode(struct: Struct | undefined): Decoded {
  const secrets = new Map<string, Secrets>();
  const entries = entriesOf(struct, (value, key) => {
    const { plain, secret } = unwrap(plainOf(value));
    if (secret) secrets.set(key, secret);
    return plain;
  });
  return { values: Object.fromEntries(entries), secrets };
}

/** Writes a property bag with its secrets wrapped. Undefined values are left out. */
export function encode(values: Values, secrets: Secrets): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    fields.set(key, encodeValue(sealSecrets(value, below(secrets, key), asSecret)));
  }
  return struct;
}

/** A value as a property bag has it. What one can't hold (undefined, NaN) becomes what JSON makes of it. */
function encodeValue(value: unknown): Value {
  const fits = typeof value === "string" || typeof value === "boolean";
  return Value.fromJavaScript(fits ? value : JSON.parse(JSON.stringify(value)));
}

/** A resource's property bag from the wire: its properties, its marks, and where its secrets were. */
export interface Bag extends Unpacked {
  secrets: Secrets;
}

/** Reads a resource's property bag. */
export function decodeBag(struct: Struct | undefined): Bag {
  const { values, secrets } = decode(struct);
  return { ...unpack(values), secrets };
}

/** Writes a resource's property bag. */
export function encodeBag(bag: Unpacked, secrets: Secrets): Struct {
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

/** Like the library's `toJavaScript`, which fails on a value without a kind and drops `__proto__`. */
function plainOf(value: Value): unknown {
  switch (value.getKindCase()) {
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(plainOf);
    case Value.KindCase.STRUCT_VALUE:
      return Object.fromEntries(entriesOf(value.getStructValue(), plainOf));
    default:
      return null;
  }
}

/** Entries rather than an object: `Object.fromEntries` takes `__proto__` for a key like any other. */
function entriesOf(
  struct: Struct | undefined,
  read: (value: Value, key: string) => unknown,
): [key: string, value: unknown][] {
  const entries: [string, unknown][] = [];
  struct?.getFieldsMap().forEach((value: Value, key: string) => {
    entries.push([key, read(value, key)]);
  });
  return entries;
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
