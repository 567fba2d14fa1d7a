import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
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
import { InvalidRequest } from "./status";
import { StructReader, StructWriter } from "./struct";

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
    const { values, special } = new StructReader(bytes, unknowns).read();
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
  const struct = new StructWriter();
  for (const key of Object.keys(values)) {
    const value = values[key];
    if (value === undefined) continue;
    struct.add(key, asJson(sealSecrets(value, below(secrets, key), asSecret)));
  }
  return struct.finish();
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

/** The engine shows the value of the input that a failure names, so a secret is named only in the reason. */
export function encodeFailure({ property, reason, isSecret }: Failure): CheckFailure {
  return isSecret
    ? new CheckFailure().setReason(`${property} ${reason}`)
    : new CheckFailure().setProperty(property).setReason(reason);
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
