import {
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { FormationsError } from "../errors";
import type { Definition } from "../resource/definition";
import { Incomplete, WaitTimedOut } from "../resource/errors";
import * as lifecycle from "../resource/lifecycle";
import { type Secrets, secretsOf, union } from "../resource/secrets";
import { resourceOf } from "./catalogue";
import type { Host } from "./host";
import { importedInputs, importNotice } from "./import";
import { changeOf } from "./planning";
import { previewCreate, previewUpdate } from "./preview";
import { InitFailed } from "./status";
import { type Decoded, decode, encode } from "./wire";

/** Creates, and waits; in a preview says what will be known. */
export async function create(host: Host, request: CreateRequest): Promise<CreateResponse> {
  const definition = resourceOf(request);
  const inputs = decode(request.getProperties());
  const secrets = secretsWith(definition, inputs.secrets);
  if (request.getPreview()) {
    const { id = "", state } = previewCreate(definition, inputs.values);
    return new CreateResponse().setId(id).setProperties(encode(state, secrets));
  }
  const call = host.call(request.getUrn(), request.getTimeout());
  const { id, state } = await keeping("create", inputs, secrets, () =>
    lifecycle.create(definition, host.session, inputs.values, call),
  );
  return new CreateResponse().setId(id).setProperties(encode(state, secrets));
}

/** Carries out the plan's updates, and waits; in a preview says what will be known. */
export async function update(host: Host, request: UpdateRequest): Promise<UpdateResponse> {
  const { definition, change, news, secrets: given } = changeOf(request);
  const secrets = secretsWith(definition, given);
  if (request.getPreview()) {
    const plan = lifecycle.diff(definition, host.session, change);
    const state = previewUpdate(definition, change, plan);
    return new UpdateResponse().setProperties(encode(state, secrets));
  }
  const call = host.call(request.getUrn(), request.getTimeout());
  const { state } = await keeping("update", news, secrets, () =>
    lifecycle.update(definition, host.session, change, call),
  );
  return new UpdateResponse().setProperties(encode(state, secrets));
}

/**
 * Reads, for a refresh, an import or a `.get`. The inputs follow drift only where the program set
 * them; an import makes them from what is there.
 */
export async function read(host: Host, request: ReadRequest): Promise<ReadResponse> {
  const definition = resourceOf(request);
  const urn = request.getUrn();
  const known = decode(request.getProperties());
  const applied = decode(request.getInputs());
  const call = host.call(urn, request.getTimeout());
  const { values } = known;
  const seen = await lifecycle.read(definition, host.session, request.getId(), values, call);
  if (!seen) return new ReadResponse();

  const isImport = Object.keys(applied.values).length === 0;
  const inputs = isImport
    ? importedInputs(definition, seen.state)
    : lifecycle.projectDrift(definition, applied.values, seen.state);
  const secrets = secretsWith(definition, known.secrets, applied.secrets);
  const found = {
    id: seen.id,
    properties: encode(seen.state, secrets),
    inputs: encode(inputs, secrets),
  };
  if (isImport) tellUnread(host, definition, urn);
  const pending = lifecycle.pendingOf(definition, seen.state);
  if (pending !== undefined) {
    // A clean answer would clear the mark that this resource is not ready.
    const reason = `${definition.name} ${seen.id} is not ready yet: ${pending}. The next \`pulumi up\` goes on from there.`;
    throw new InitFailed({ ...found, reason });
  }
  return new ReadResponse().setId(found.id).setProperties(found.properties).setInputs(found.inputs);
}

/** Deletes, and waits; that it is gone already is success. */
export async function destroy(host: Host, request: DeleteRequest): Promise<Empty> {
  const definition = resourceOf(request);
  const { values } = decode(request.getProperties());
  const call = host.call(request.getUrn(), request.getTimeout());
  await within("delete", () =>
    lifecycle.destroy(definition, host.session, request.getId(), values, call),
  );
  return new Empty();
}

/** What exists but did not become ready is kept by the engine, with its inputs. */
async function keeping<T>(
  operation: Operation,
  inputs: Decoded,
  secrets: Secrets,
  verb: () => Promise<T>,
): Promise<T> {
  try {
    return await within(operation, verb);
  } catch (error) {
    if (!(error instanceof Incomplete)) throw error;
    throw new InitFailed({
      id: error.id,
      properties: encode(error.state, secrets),
      inputs: encode(inputs.values, secrets),
      reason: error.message,
    });
  }
}

/** An operation whose time the program may set, as `customTimeouts` names it. */
type Operation = "create" | "update" | "delete";

/** Says of an operation that ran out of time how it gets more. */
async function within<T>(operation: Operation, verb: () => Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (!(error instanceof FormationsError && error.outOfTime)) throw error;
    const text = `${error.message} The resource option customTimeouts says how long it may take (\`${operation}\`; an hour by default).`;
    throw error instanceof Incomplete
      ? new Incomplete(error.id, error.state, new WaitTimedOut(text, { cause: error }))
      : new WaitTimedOut(text, { cause: error });
  }
}

function tellUnread(host: Host, definition: Definition, urn: string): void {
  const text = importNotice(definition);
  if (text !== undefined) host.log.log({ severity: "info", urn, text });
}

function secretsWith({ inputs, outputs }: Definition, ...given: Secrets[]): Secrets {
  return union(secretsOf(inputs), secretsOf(outputs), ...given);
}
