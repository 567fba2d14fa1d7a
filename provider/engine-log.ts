import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { PulumiTooOld, supportedRange } from "./process/pulumi-version";
import { withoutSecrets } from "./process/redact";

// Most calls send no message.
const messages = (): typeof import("@pulumi/pulumi/proto/engine_pb") =>
  require("@pulumi/pulumi/proto/engine_pb");
const service = (): typeof import("@pulumi/pulumi/proto/engine_grpc_pb") =>
  require("@pulumi/pulumi/proto/engine_grpc_pb");

/** The severities of the engine, by their numbers in its protocol. */
const severities = { info: 1, warning: 2, error: 3 } as const;

const deadlineMs = 5000;

/** A message for the engine's user. */
export interface Message {
  severity: keyof typeof severities;
  /** The resource that it is about. Default: the stack. */
  urn?: string;
  text: string;
  /** A line beside the resource that the next one replaces. */
  ephemeral?: boolean;
}

/**
 * What is told to the engine, for its user, and asked of it. Without an engine messages are dropped, and
 * nothing fails.
 */
export class EngineLog {
  #address: string | undefined;
  #client: EngineClient | undefined;
  /** The least severity that messages are sent with: a milder one is raised to it. */
  mildest: Message["severity"] = "info";
  readonly #sending = new Set<Promise<void>>();

  /** Takes the address at which the engine listens: `127.0.0.1:41873`. */
  attach(address: string): void {
    if (address === "" || address === this.#address) return;
    this.#address = address;
    this.#client?.close();
    this.#client = undefined;
  }

  /** Sends a message; {@link flush} waits for it. */
  log(message: Message): void {
    if (this.#address === undefined) return;
    const sent = this.#send(message, this.#address);
    this.#sending.add(sent);
    sent.finally(() => this.#sending.delete(sent));
  }

  /** Waits until every message is sent, so that they precede the response to the call; undefined: all are. */
  flush(): Promise<unknown> | undefined {
    return this.#sending.size > 0 ? Promise.all(this.#sending) : undefined;
  }

  /**
   * Asks the engine whether its version is supported. One that can't be reached counts as supported: other
   * calls say so better.
   *
   * @throws PulumiTooOld if it isn't
   */
  async demandSupported(): Promise<void> {
    if (this.#address === undefined) return;
    const client = this.#connect(this.#address);
    const { RequirePulumiVersionRequest } = messages();
    const request = new RequirePulumiVersionRequest().setPulumiVersionRange(supportedRange);
    const deadline = Date.now() + deadlineMs;
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.requirePulumiVersion(request, new Metadata(), { deadline }, resolve);
    });
    if (error?.code === status.UNIMPLEMENTED) throw new PulumiTooOld(undefined);
    const [, version] = /version (\S+) does not satisfy/.exec(error?.details ?? "") ?? [];
    if (version !== undefined) throw new PulumiTooOld(version);
  }

  #connect(address: string): EngineClient {
    this.#client ??= new (service().EngineClient)(address, credentials.createInsecure());
    return this.#client;
  }

  #send({ severity, urn, text, ephemeral }: Message, address: string): Promise<void> {
    const { LogRequest } = messages();
    const client = this.#connect(address);
    const request = new LogRequest()
      .setSeverity(Math.max(severities[severity], severities[this.mildest]))
      .setMessage(withoutSecrets(text))
      .setUrn(urn ?? "")
      .setEphemeral(ephemeral ?? false);
    return new Promise((resolve) => {
      const deadline = Date.now() + deadlineMs;
      client.log(request, new Metadata(), { deadline }, () => resolve());
    });
  }
}
