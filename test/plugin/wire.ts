import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import {
  kindKey,
  outputKind,
  resourceKind,
  secretKind,
  unknownOf,
  type Values,
} from "../../provider/resource/values.ts";
import type { Access } from "../support/subject.ts";

/** A string, and a number, whose value a preview does not know. */
export const { string: unknown, number: unknownNumber } = unknownOf;

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
