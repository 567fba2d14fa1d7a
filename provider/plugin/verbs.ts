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
import type { Definition } from "../resource/definition";
import { projectDrift } from "../resource/drift";
import { Incomplete } from "../resource/errors";
import { importedInputs } from "../resource/imported";
import * as lifecycle from "../resource/lifecycle";
import type { Kept } from "../resource/marks";
import { previewCreate, previewUpdate } from "../resource/preview";
import { type Secrets, secretsOf, union } from "../resource/secrets";
import { type Operation, withAdvice } from "../resource/timeouts";
import { importNotice } from "../resource/unreadable";
import type { Values } from "../resource/values";
import { resourceOf } from "./catalogue";
import type { Host } from "./host";
import type { Message } from "./messages";
import { type ChangeBag, changeOf } from "./planning";
import { InitFailed } from "./status";
import { type Bag, decodeBag, encode, encodeBag } from "./wire";

/** Creates and waits. In a preview, returns what is known beforehand. */
export async function create(
  host: Host,
  { fields: request, bags }: Message<CreateRequest, "properties">,
): Promise<Message<CreateResponse, "properties">> {
  const definition = resourceOf(request);
  const inputs = decodeBag(bags.properties);
  const secrets = secretsWith(definition, inputs.secrets);
  if (request.getPreview()) {
    const { id = "", state } = previewCreate(definition, inputs.properties);
    const fields = new CreateResponse().setId(id);
    return { fields, bags: { properties: encode(state, secrets) } };
  }
  const call = host.call(request.getUrn(), request.getTimeout());
  const kept = await keeping(host, "create", inputs, secrets, () =>
    lifecycle.create(definition, host.session, inputs.properties, call),
  );
  const fields = new CreateResponse().setId(kept.id);
  return { fields, bags: { properties: encodeState(kept, secrets) } };
}

/** Carries out the plan's updates and waits. In a preview, returns what is known beforehand. */
export async function update(
  host: Host,
  message: Message<UpdateRequest, ChangeBag>,
): Promise<Message<UpdateResponse, "properties">> {
  const { fields: request } = message;
  const { definition, change, news, secrets: given } = changeOf(message);
  const secrets = secretsWith(definition, given);
  if (request.getPreview()) {
    const state = previewUpdate(definition, change, lifecycle.diffInPlace(definition, change));
    return { fields: new UpdateResponse(), bags: { properties: encode(state, secrets) } };
  }
  const call = host.call(request.getUrn(), request.getTimeout());
  const kept = await keeping(host, "update", news, secrets, () =>
    lifecycle.update(definition, host.session, change, call),
  );
  return { fields: new UpdateResponse(), bags: { properties: encodeState(kept, secrets) } };
}

/**
 * Reads, for a refresh, an import or a `.get`. A refresh projects drift only into inputs that the program
 * set; an import makes the inputs from what it finds.
 */
export async function read(
  host: Host,
  { fields: request, bags }: Message<ReadRequest, "properties" | "inputs">,
): Promise<Message<ReadResponse, "properties" | "inputs">> {
  const definition = resourceOf(request);
  const urn = request.getUrn();
  const { properties: state, marks, secrets: known } = decodeBag(bags.properties);
  const applied = decodeBag(bags.inputs);
  const before = { id: request.getId(), state, marks };
  const call = host.call(urn, request.getTimeout());
  const seen = await lifecycle.read(definition, host.session, before, call).catch((error) => {
    throw advised(host, "read", error);
  });
  const isImport = Object.keys(applied.properties).length === 0;
  if (!seen) {
    if (isImport) tellAbsent(host, definition, request);
    return { fields: new ReadResponse(), bags: {} };
  }
  const inputs = isImport
    ? importedInputs(definition, seen.state)
    : projectDrift(definition, applied.properties, seen.state);
  const secrets = secretsWith(definition, known, applied.secrets);
  const found = {
    properties: encodeState(seen, secrets),
    inputs: encodeBag({ properties: inputs, marks: applied.marks }, secrets),
  };
  const { id } = seen;
  if (isImport && !host.isDirect) tellUnread(host, definition, urn, inputs);
  const pending = lifecycle.pendingOf(definition, seen);
  if (pending !== undefined) {
    const text = `${definition.name} ${id} is not ready yet: ${pending}.`;
    // A successful response would clear the mark that this resource is not ready.
    if (!host.isDirect) {
      const message = `${text} The next \`pulumi up\` resumes.`;
      throw new InitFailed({ id, ...found, reason: { message, topic: "INCOMPLETE" } });
    }
    host.log.log({ severity: "warning", text });
  }
  return { fields: new ReadResponse().setId(id), bags: found };
}

/** Deletes and waits. It is a success if the resource is gone already. */
export async function destroy(
  host: Host,
  { fields: request, bags }: Message<DeleteRequest, "properties">,
): Promise<Empty> {
  const definition = resourceOf(request);
  const known = { id: request.getId(), state: decodeBag(bags.properties).properties };
  const call = host.call(request.getUrn(), request.getTimeout());
  await lifecycle.destroy(definition, host.session, known, call).catch((error) => {
    throw advised(host, "delete", error);
  });
  host.session.release(request.getUrn());
  return new Empty();
}

/** Runs a verb. The engine keeps what exists but did not become ready, with its inputs. */
async function keeping<T>(
  host: Host,
  operation: Operation,
  inputs: Bag,
  secrets: Secrets,
  verb: () => Promise<T>,
): Promise<T> {
  try {
    return await verb();
  } catch (thrown) {
    const error = advised(host, operation, thrown);
    if (!(error instanceof Incomplete)) throw error;
    const { id, message, topic } = error;
    throw new InitFailed({
      id,
      properties: encodeState(error, secrets),
      inputs: encodeBag(inputs, secrets),
      reason: { message: host.isDirect ? unkept(error) : message, topic },
    });
  }
}

/** The error of an operation. If that ran out of time, the error says how to allow more. */
function advised(host: Host, operation: Operation, error: unknown): unknown {
  // `pulumi do` has no program, and so no resource options.
  return withAdvice(error, host.isDirect ? undefined : operation);
}

/** What `pulumi do` says of a resource that is not ready: it shows the reason alone, and keeps nothing. */
function unkept({ id, message }: Incomplete): string {
  return `${message} It exists with the ID ${id}, and no state has it: \`read\` shows whether it is ready, \`delete\` deletes it.`;
}

function encodeState({ state, marks }: Kept, secrets: Secrets): Uint8Array {
  return encodeBag({ properties: state, marks }, secrets);
}

/** An import of forty resources says it once. */
function tellUnread(host: Host, definition: Definition, urn: string, inputs: Values): void {
  const text = importNotice(definition, inputs);
  if (text !== undefined && host.session.isNew(text)) {
    host.log.log({ severity: "info", urn, text });
  }
}

/** The engine says only that the resource does not exist. */
function tellAbsent(host: Host, { name, system, id }: Definition, request: ReadRequest): void {
  const text = `${system.title} has no ${name} with the ID "${request.getId()}". An ID is ${id}.`;
  host.log.log({ severity: "warning", urn: request.getUrn(), text });
}

function secretsWith({ inputs, outputs }: Definition, ...given: Secrets[]): Secrets {
  return union(secretsOf(inputs), secretsOf(outputs), ...given);
}
