import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Values } from "../../provider/resource/values.ts";
import type { Access } from "../support/subject.ts";

// Written down here once more: what the provider sends is held against the engine's own constants.
const kindKey = "4dabf18193072939515e22adb298388d";
const secretKind = "1b47061264138c4ac30d75fd1eb44270";
const outputKind = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceKind = "5cf8f73096256a8f31e491e813e4eb8e";

/** A string whose value a preview does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A number whose value a preview does not know. */
export const unknownNumber = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

/** A secret, as the engine sends it. */
export function secret(value: unknown): Values {
  return { [kindKey]: secretKind, value };
}

/** A secret's value; any other value as it is. */
export function revealed(value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && Object.hasOwn(value, kindKey);
  return isSecret ? Reflect.get(value, "value") : value;
}

/** Configuration as the engine sends it. */
export function configured(access: Access): Values {
  const entries = Object.entries(access).map(([key, value]) => [
    key,
    typeof value === "string" ? value : secret(value.secret),
  ]);
  return Object.fromEntries(entries);
}

/** An output value, as an engine sends it that knows dependencies; without a value it is unknown. */
export function output(content: Values): Values {
  return { [kindKey]: outputKind, ...content };
}

/** A reference to a resource. */
export function resource(content: Values): Values {
  return { [kindKey]: resourceKind, ...content };
}

/** A property bag for a request. */
export function bag(values: Values): Struct {
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

/** A property bag of an answer; secrets are as {@link secret} makes them. */
export function values(struct: Struct | undefined): Values {
  return struct?.toJavaScript() ?? {};
}
