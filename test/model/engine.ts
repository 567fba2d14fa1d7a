import type { CreateResponse, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Values } from "../../provider/resource/values.ts";
import { CallFailed, type Plugin } from "../plugin/plugin.ts";
import { type Held, heldOf, type Resource } from "../plugin/resource.ts";
import { bag, values } from "../plugin/wire.ts";

/** A process of the plugin, and the resource as it is asked there. */
export interface Process {
  plugin: Plugin;
  resource: Resource;
  /** Has it forget what it knows, as the process of another run would know nothing. */
  begin(): Promise<void>;
}

/** What a run makes of a resource. */
export interface Step {
  kind: "same" | "create" | "update" | "replace";
  /** The checked inputs. */
  inputs: Values;
  /** For a replacement: the old one is deleted before the new one is created. */
  oldFirst: boolean;
  /** The properties that change. */
  changes: string[];
  /** What was said beside the resource. */
  warnings: string[];
}

/** The program's inputs are wrong. */
export class CheckFailed extends Error {}

/** A resource as the engine keeps it. */
interface Kept extends Held {
  /** Its last creation or change did not end: the next run updates it, whatever the diff says. */
  isUnfinished: boolean;
}

/**
 * As much of the engine as one resource sees of it: what it asks in which order, and what it keeps in
 * between. Previews and runs are processes of their own, as the engine has them.
 */
export class ModelEngine {
  /** The resource in the state. */
  kept: Kept | undefined;
  /** Replaced ones that could not be deleted yet. */
  readonly left: Held[] = [];
  readonly #previews: Process;
  readonly #ups: Process;

  constructor(previews: Process, ups: Process) {
    this.#previews = previews;
    this.#ups = ups;
  }

  /**
   * What a run of a program would do.
   *
   * @throws CheckFailed or CallFailed where it would be refused
   */
  async preview(program: Values): Promise<Step> {
    const step = await this.#plan(this.#previews, program);
    const { plugin, resource } = this.#previews;
    if (step.kind === "create" || step.kind === "replace") {
      await plugin.call("create", resource.createRequest(step.inputs, { preview: true }));
    } else if (step.kind === "update" && this.kept) {
      await plugin.call("update", this.#updateRequest(this.kept, step.inputs, true));
    }
    return step;
  }

  /**
   * Runs a program.
   *
   * @throws CheckFailed or CallFailed; what exists by then is kept, as the engine keeps it
   */
  async up(program: Values): Promise<Step> {
    await this.#ups.begin();
    const step = await this.#plan(this.#ups, program);
    const before = this.kept;
    if (step.kind === "same" && before) this.kept = { ...before, inputs: step.inputs };
    if (step.kind === "update" && before) await this.#update(before, step.inputs);
    if (step.kind === "create") await this.#create(step.inputs);
    if (step.kind === "replace" && before) {
      if (step.oldFirst) {
        await this.#ups.resource.delete(before);
        this.kept = undefined;
      }
      await this.#create(step.inputs);
      if (!step.oldFirst) this.left.push(before);
    }
    await this.#deleteLeft();
    return step;
  }

  /** Reads the resource back, as a refresh does. */
  async refresh(): Promise<void> {
    const before = this.kept;
    if (!before) return;
    const request = this.#ups.resource.readRequest(before);
    await this.#keeping(before, async () => {
      const answer = await this.#ups.plugin.call<InstanceType<typeof pb.ReadResponse>>(
        "read",
        request,
      );
      if (answer.getId() === "") return undefined;
      const inputs = values(answer.getInputs());
      return { id: answer.getId(), inputs, state: values(answer.getProperties()) };
    }).catch((error: unknown) => {
      // That something is not ready yet is told, and ends no refresh.
      if (!(error instanceof CallFailed && error.failure.init)) throw error;
    });
  }

  /** Deletes what is in the state. */
  async destroy(): Promise<void> {
    await this.#ups.begin();
    await this.#deleteLeft();
    if (this.kept) await this.#ups.resource.delete(this.kept);
    this.kept = undefined;
  }

  async #plan({ plugin, resource }: Process, program: Values): Promise<Step> {
    const from = plugin.logs.length;
    const step = (kind: Step["kind"], inputs: Values, more: Partial<Step> = {}): Step => ({
      ...{ kind, inputs, oldFirst: false, changes: [] },
      warnings: plugin.logs
        .slice(from)
        .filter(({ severity }) => severity === "warning")
        .map(({ text }) => text),
      ...more,
    });
    const { kept } = this;
    const inputs = await checked(resource, program, kept?.inputs);
    if (!kept) return step("create", inputs);
    const diff = await resource.diff(kept, inputs);
    const changes = Object.keys(diff.detailed);
    if (diff.replaces.length > 0) {
      // What was carried over from the old resource, such as its name, is made anew.
      const anew = await checked(resource, program);
      return step("replace", anew, { changes, oldFirst: diff.deleteBeforeReplace });
    }
    const isUpdate = diff.changes || kept.isUnfinished;
    return step(isUpdate ? "update" : "same", inputs, { changes });
  }

  async #create(inputs: Values): Promise<void> {
    const { plugin, resource } = this.#ups;
    await this.#keeping(this.kept, async () => {
      const request = resource.createRequest(inputs);
      const answer = await plugin.call<CreateResponse>("create", request);
      return { id: answer.getId(), inputs, state: values(answer.getProperties()) };
    });
  }

  async #update(before: Kept, inputs: Values): Promise<void> {
    await this.#keeping(before, async () => {
      const request = this.#updateRequest(before, inputs, false);
      const answer = await this.#ups.plugin.call<UpdateResponse>("update", request);
      return { id: before.id, inputs, state: values(answer.getProperties()) };
    });
  }

  #updateRequest({ id, inputs, state }: Held, news: Values, preview: boolean) {
    return new pb.UpdateRequest()
      .setUrn(this.#ups.resource.urn)
      .setId(id)
      .setOlds(bag(state))
      .setOldInputs(bag(inputs))
      .setNews(bag(news))
      .setPreview(preview);
  }

  /** Keeps what a call answers, and what a failure says that exists. */
  async #keeping(before: Kept | undefined, call: () => Promise<Held | undefined>) {
    try {
      const held = await call();
      this.kept = held && { ...held, isUnfinished: false };
    } catch (error) {
      const init = error instanceof CallFailed ? error.failure.init : undefined;
      this.kept = init ? { ...heldOf(init), isUnfinished: true } : before;
      throw error;
    }
  }

  async #deleteLeft(): Promise<void> {
    for (const old of [...this.left]) {
      await this.#ups.resource.delete(old);
      this.left.splice(this.left.indexOf(old), 1);
    }
  }
}

async function checked(resource: Resource, program: Values, olds: Values = {}): Promise<Values> {
  const { inputs, failures } = await resource.check(program, olds);
  if (failures.length > 0) throw new CheckFailed(failures.join("\n"));
  return inputs;
}
