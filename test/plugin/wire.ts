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

/** A string, and a number, whose value a preview does not know. */
export const { string: unknown, number: unknownNumber } = unknownOf;

/** A secret, as the engine sends it. */
export function secret(value: unknown): Values {
  return { [kindKey]: secretKind, value };
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
