import { type Metadata, status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { expect, test } from "vitest";
import { InitFailed, refusal } from "../../provider/plugin/status.ts";
import type { Values } from "../../provider/resource/values.ts";
import { heldOf } from "./resource.ts";
import { bag } from "./wire.ts";

/** What the engine's gRPC library takes of headers, in bytes. */
const clientLimit = 16 * 1024 * 1024;
const big = "x".repeat(5 * 1024 * 1024);

/** What the engine reads off a failed creation, which has to fit into a header. */
function kept(properties: Values, inputs: Values) {
  const found = {
    id: "i",
    properties: bag(properties).serializeBinary(),
    inputs: bag(inputs).serializeBinary(),
    reason: { message: "Not today.", topic: "INCOMPLETE" },
  };
  const { metadata } = refusal(new InitFailed(found));
  const bytes = detailOf(metadata);
  expect(bytes.length * (4 / 3)).toBeLessThan(clientLimit);
  const [any] = statuses.Status.deserializeBinary(bytes).getDetailsList();
  const read = pb.ErrorResourceInitFailed.deserializeBinary;
  return heldOf(any?.unpack(read, "pulumirpc.ErrorResourceInitFailed") ?? undefined);
}

function detailOf(metadata: Metadata): Uint8Array {
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (!(bytes instanceof Uint8Array)) throw new Error("no detail");
  return bytes;
}

test("a state of some MB goes whole, with its inputs", () => {
  const text = big.slice(0, 2_000_000);
  expect(kept({ text }, { text })).toEqual({ id: "i", state: { text }, inputs: { text } });
});

test("where both would be too much, the inputs stay away, which the engine has", () => {
  expect(kept({ text: big }, { text: big })).toEqual({ id: "i", state: { text: big }, inputs: {} });
});

test("where the state alone is too much, its large properties stay away, never ID and marks", () => {
  const state = { a: big, b: big, small: 1, __pending: true };
  expect(kept(state, {})).toEqual({ id: "i", state: { small: 1, __pending: true }, inputs: {} });
});

test("a message that fits into no header is cut", () => {
  expect(refusal(new Error(big)).details.length).toBeLessThan(30_000);
});

test("a fault of the provider says what to do, without a stack, however long its message is", () => {
  const { code, details } = refusal(new TypeError(`x is undefined${big}`));
  expect(code).toBe(status.INTERNAL);
  expect(details).toMatch(/^Internal error in pulumi-formations: x is undefined/);
  expect(details).toContain("`formations recover` shows whether");
  expect(details).toMatch(/\nMore: formations help troubleshooting$/);
  expect(details).not.toMatch(/\n\s+at /);
});
