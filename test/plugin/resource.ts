import type {
  CheckResponse,
  CreateResponse,
  DiffResponse,
  ErrorResourceInitFailed,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Values } from "../../provider/resource/values.ts";
import type { Failure, Plugin } from "./plugin.ts";
import { bag, values } from "./wire.ts";

/** A resource as the engine holds it between two calls; secrets are wrapped. */
export interface Held {
  id: string;
  inputs: Values;
  state: Values;
}

/** What a call may say besides the resource. */
export interface Options {
  preview?: boolean;
  /** Seconds, of `customTimeouts`. */
  timeout?: number;
}

/** What the engine makes of `pulumi:autonaming` for a resource. */
export interface Naming {
  mode: "PROPOSE" | "ENFORCE" | "DISABLE";
  proposedName: string;
}

const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

/** The calls that the engine makes about one resource. */
export class Resource {
  readonly urn: string;
  readonly #plugin: Plugin;

  constructor(plugin: Plugin, type: string, name = "it", stack = "dev") {
    this.#plugin = plugin;
    this.urn = `urn:pulumi:${stack}::project::formations:index:${type}::${name}`;
  }

  /** The checked inputs, and the failures as `property reason`. */
  async check(
    news: Values,
    olds: Values = {},
    naming?: Naming,
  ): Promise<{ inputs: Values; failures: string[] }> {
    const request = new pb.CheckRequest().setUrn(this.urn).setNews(bag(news)).setOlds(bag(olds));
    if (naming) {
      const { AutonamingOptions } = pb.CheckRequest;
      const { mode, proposedName } = naming;
      const asked = new AutonamingOptions().setMode(AutonamingOptions.Mode[mode]);
      request.setAutonaming(asked.setProposedName(proposedName));
    }
    const answer = await this.#plugin.call<CheckResponse>("check", request);
    const failures = answer
      .getFailuresList()
      .map((one) => `${one.getProperty()} ${one.getReason()}`);
    return { inputs: values(answer.getInputs()), failures };
  }

  async diff(held: Held, news: Values) {
    const answer = await this.#plugin.call<DiffResponse>("diff", this.diffRequest(held, news));
    const detailed: Record<string, string | undefined> = {};
    answer.getDetaileddiffMap().forEach((diff: { getKind(): number }, key: string) => {
      detailed[key] = kinds[diff.getKind()];
    });
    return {
      changes: answer.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      detailed,
    };
  }

  diffRequest({ id, inputs, state }: Held, news: Values) {
    return new pb.DiffRequest()
      .setUrn(this.urn)
      .setId(id)
      .setOlds(bag(state))
      .setOldInputs(bag(inputs))
      .setNews(bag(news));
  }

  /** Checks and creates. */
  async create(news: Values, options: Options = {}): Promise<Held> {
    const { inputs, failures } = await this.check(news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const request = this.createRequest(inputs, options);
    const answer = await this.#plugin.call<CreateResponse>("create", request);
    return { id: answer.getId(), inputs, state: values(answer.getProperties()) };
  }

  /** Checks and creates, which must end incomplete or fail. */
  async createFailing(news: Values, options: Options = {}): Promise<Failure> {
    const { inputs } = await this.check(news);
    return this.#plugin.failure("create", this.createRequest(inputs, options));
  }

  createRequest(inputs: Values, { preview = false, timeout = 0 }: Options = {}) {
    return new pb.CreateRequest()
      .setUrn(this.urn)
      .setProperties(bag(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
  }

  /** Checks and updates. */
  async update(held: Held, news: Values, { preview = false, timeout = 0 }: Options = {}) {
    const { inputs } = await this.check(news, held.inputs);
    const request = new pb.UpdateRequest()
      .setUrn(this.urn)
      .setId(held.id)
      .setOlds(bag(held.state))
      .setOldInputs(bag(held.inputs))
      .setNews(bag(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
    const answer = await this.#plugin.call<UpdateResponse>("update", request);
    return { id: held.id, inputs, state: values(answer.getProperties()) } satisfies Held;
  }

  /** Reads for a refresh; an ID alone is an import. An empty ID means that it is gone. */
  async read(held: Held | string, timeout = 0): Promise<Held> {
    const request = this.readRequest(held).setTimeout(timeout);
    const answer = await this.#plugin.call<ReadResponse>("read", request);
    return {
      id: answer.getId(),
      inputs: values(answer.getInputs()),
      state: values(answer.getProperties()),
    };
  }

  readRequest(held: Held | string) {
    if (typeof held === "string") return new pb.ReadRequest().setUrn(this.urn).setId(held);
    return new pb.ReadRequest()
      .setUrn(this.urn)
      .setId(held.id)
      .setProperties(bag(held.state))
      .setInputs(bag(held.inputs));
  }

  delete({ id, state }: Held, timeout = 0): Promise<unknown> {
    const request = new pb.DeleteRequest()
      .setUrn(this.urn)
      .setId(id)
      .setProperties(bag(state))
      .setTimeout(timeout);
    return this.#plugin.call("delete", request);
  }
}

/** What the engine keeps of a resource that exists but is not ready. */
export function heldOf(init: ErrorResourceInitFailed | undefined): Held {
  if (!init) throw new Error("the failure has no resource with it");
  return {
    id: init.getId(),
    inputs: values(init.getInputs()),
    state: values(init.getProperties()),
  };
}
