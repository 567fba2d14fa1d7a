import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { CheckFailure, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct, type Value } from "google-protobuf/google/protobuf/struct_pb";
import { FormationsError } from "../errors";
import { toldInFull } from "../process/more";
import { withoutSecrets } from "../process/redact";
import type { CheckFailure as Failure } from "../resource/validation";

/** A request that makes no sense: an unknown resource, a malformed URN. */
export class InvalidRequest extends FormationsError {
  readonly code = "INVALID_REQUEST";
}

/** A part of the protocol that this provider does not have. */
export class Unsupported extends FormationsError {
  readonly code = "UNSUPPORTED";
}

// Needed only for a resource that is not ready.
const statusMessages = (): typeof import("@pulumi/pulumi/proto/status_pb") =>
  require("@pulumi/pulumi/proto/status_pb");

const statuses: Partial<Record<string, status>> = {
  CANCELLED: status.CANCELLED,
  CHANGE_REFUSED: status.FAILED_PRECONDITION,
  CONFIGURATION: status.FAILED_PRECONDITION,
  INVALID_ARGUMENTS: status.INVALID_ARGUMENT,
  INVALID_REQUEST: status.INVALID_ARGUMENT,
  NO_SUCH_RESOURCE: status.NOT_FOUND,
  PULUMI_TOO_OLD: status.FAILED_PRECONDITION,
  UNSUPPORTED: status.UNIMPLEMENTED,
  WAIT_TIMED_OUT: status.DEADLINE_EXCEEDED,
};

/** What to do about a fault of the provider, which has no code. */
const internalAdvice =
  "This is a fault of the provider. `formations recover` shows whether the run created something that the " +
  "state lacks. Please report the fault, with this message.\nMore: formations help troubleshooting";

/** The longest message, in characters: it is sent as a header. */
const longestText = 20_000;

/** A gRPC status, as the library takes it. */
export type Refusal = Pick<ServiceError, "code" | "details" | "metadata">;

/** An error for the engine: its message, never a stack trace. */
export function refusal(error: unknown): Refusal {
  const metadata = new Metadata();
  if (error instanceof FormationsError) {
    const code = statuses[error.code] ?? status.UNKNOWN;
    return { code, details: explanation(error), metadata };
  }
  if (error instanceof InitFailed) return error.refusal();
  const what = error instanceof Error ? error.message : error;
  const details = `${brief(`Internal error in pulumi-formations: ${what}`)}\n${internalAdvice}`;
  return { code: status.INTERNAL, details, metadata };
}

/**
 * In bytes. The engine's gRPC library accepts 16 MB of headers; if there are more, it closes the
 * connection with every call on it. The detail is sent as a header in Base64, a third longer.
 */
const detailLimit = 8 * 1024 * 1024;

/** The largest property that stays if the detail has to be cut, in bytes. */
const propertyLimit = 64 * 1024;

/** A resource that exists but is not ready. The engine keeps it, with the reason. */
export class InitFailed extends Error {
  readonly #detail: ErrorResourceInitFailed;

  /** @param found as the engine has to keep it; the reason's `topic` is the code that explains it */
  constructor(found: {
    id: string;
    properties: Uint8Array;
    inputs: Uint8Array;
    reason: Pick<FormationsError, "message" | "topic">;
  }) {
    const reason = explanation(found.reason);
    super(reason);
    this.#detail = new ErrorResourceInitFailed()
      .setId(found.id)
      .setProperties(Struct.deserializeBinary(found.properties))
      .setInputs(Struct.deserializeBinary(found.inputs))
      .setReasonsList([reason]);
  }

  /** The status with the resource as its detail, in gRPC's richer error model. */
  refusal(): Refusal {
    const any = new Any();
    any.pack(fitting(this.#detail), "pulumirpc.ErrorResourceInitFailed");
    const { Status } = statusMessages();
    const rich = new Status()
      .setCode(status.UNKNOWN)
      .setMessage(this.message)
      .setDetailsList([any]);
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
    return { code: status.UNKNOWN, details: this.message, metadata };
  }
}

/**
 * The detail, cut if it would not arrive: first the inputs, of which the engine has a copy, then large
 * properties of the state, which the next update or refresh restores. ID and marks are always kept.
 */
function fitting(detail: ErrorResourceInitFailed): Uint8Array {
  const whole = detail.serializeBinary();
  if (whole.length <= detailLimit) return whole;
  detail.clearInputs();
  const withoutInputs = detail.serializeBinary();
  if (withoutInputs.length <= detailLimit) return withoutInputs;
  const fields = detail.getProperties()?.getFieldsMap();
  const large: string[] = [];
  fields?.forEach((value: Value, key: string) => {
    if (value.serializeBinary().length > propertyLimit) large.push(key);
  });
  for (const key of large) fields?.del(key);
  return detail.serializeBinary();
}

/** What a person reads of an error, in a form that fits into a header. */
function explanation({ message, topic }: Pick<FormationsError, "message" | "topic">): string {
  return toldInFull({ message: brief(message), topic });
}

/** A message that fits into a header, without secrets. */
function brief(message: string): string {
  const text = withoutSecrets(message);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** The engine shows the value of the input that a failure names, so a secret is named only in the reason. */
export function encodeFailure({ property, reason, isSecret }: Failure): CheckFailure {
  return isSecret
    ? new CheckFailure().setReason(`${property} ${reason}`)
    : new CheckFailure().setProperty(property).setReason(reason);
}
