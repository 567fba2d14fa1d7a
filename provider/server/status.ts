import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { FormationsError } from "../errors";

/** A request that makes no sense: an unknown resource, a URN that is none. */
export class InvalidRequest extends FormationsError {
  readonly code = "INVALID_REQUEST";
}

/** Something of the protocol that this provider does not have. */
export class Unsupported extends FormationsError {
  readonly code = "UNSUPPORTED";
}

const statuses: Partial<Record<string, status>> = {
  CANCELLED: status.CANCELLED,
  CHANGE_REFUSED: status.FAILED_PRECONDITION,
  CONFIGURATION: status.FAILED_PRECONDITION,
  INVALID_ARGUMENTS: status.INVALID_ARGUMENT,
  INVALID_REQUEST: status.INVALID_ARGUMENT,
  NO_SUCH_RESOURCE: status.NOT_FOUND,
  UNSUPPORTED: status.UNIMPLEMENTED,
  WAIT_TIMED_OUT: status.DEADLINE_EXCEEDED,
};

/** A gRPC status, as the library takes it for an answer. */
export type Refusal = Pick<ServiceError, "code" | "details" | "metadata">;

/** What the engine is told of an error: the message, never a stack trace. */
export function refusal(error: unknown): Refusal {
  const metadata = new Metadata();
  if (error instanceof FormationsError) {
    return { code: statuses[error.code] ?? status.UNKNOWN, details: error.message, metadata };
  }
  if (error instanceof InitFailed) return error.refusal();
  const details = `An error inside pulumi-formations: ${error instanceof Error ? error.message : error}`;
  return { code: status.INTERNAL, details, metadata };
}

/** A resource that exists but is not ready: the engine keeps it, with the reason. */
export class InitFailed extends Error {
  private readonly detail: ErrorResourceInitFailed;

  constructor(found: { id: string; properties: Struct; inputs: Struct; reason: string }) {
    super(found.reason);
    this.detail = new ErrorResourceInitFailed()
      .setId(found.id)
      .setProperties(found.properties)
      .setInputs(found.inputs)
      .setReasonsList([found.reason]);
  }

  /** The detail travels beside the status, in the way of gRPC's richer errors. */
  refusal(): Refusal {
    const { Status } =
      require("@pulumi/pulumi/proto/status_pb") as typeof import("@pulumi/pulumi/proto/status_pb");
    const any = new Any();
    any.pack(this.detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const rich = new Status()
      .setCode(status.UNKNOWN)
      .setMessage(this.message)
      .setDetailsList([any]);
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
    return { code: status.UNKNOWN, details: this.message, metadata };
  }
}
