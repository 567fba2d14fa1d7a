import * as pulumi from "@pulumi/pulumi";
import { autonameMark } from "../provider/resource/marks";
import { dynamicType } from "../provider/resource/urn";
import { unknownValue } from "../provider/resource/values";
import { type CallNote, callMark } from "./dynamic/call";
import { type MadeName, madeName } from "./naming";
import { refuseOptions, warnOfOptions } from "./options";
import { demandInstalled, providerKey, providerText } from "./provider-text";

/** What a class has to know about its definition without loading it. */
export interface Description {
  /** The resource's name in the package. */
  type: string;
  /** The module of the dynamic host that serves it: `app-formation`. */
  module: string;
  /** Inputs and outputs. */
  properties: readonly string[];
  /** Inputs that hold a secret. */
  secretInputs: readonly string[];
  /** Outputs that hold a secret. Of an input that is one, the engine knows it among the outputs too. */
  secretOutputs: readonly string[];
  /** The input that gets a deterministic name, and the inputs that the name is made from. */
  autoname?: { property: string; from: readonly string[] };
}

/** Values that an editor offers. Any other string is accepted too: the check decides. */
export type Suggested<Value extends string> = Value | (string & Record<never, never>);

/** A resource of this package on the dynamic host, which needs no installed plugin. */
export abstract class FormationsResource extends pulumi.CustomResource {
  constructor(
    description: Description,
    name: string,
    args: object,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    demandInstalled();
    refuseOptions(description, name, opts);
    warnOfOptions(description, name, opts);
    const known = new Map(Object.entries(args).filter(([, value]) => value != null));
    const props: Record<string, unknown> = {};
    for (const key of description.properties) props[key] = undefined;
    // Pass unknown keys through so that the check can reject them.
    for (const [key, value] of known) props[key] = value;
    for (const key of description.secretInputs) {
      if (known.has(key)) props[key] = pulumi.secret(known.get(key));
    }
    const named = description.autoname?.property;
    let naming: CallNote["naming"];
    if (named !== undefined && !opts.id && typeof known.get(named) !== "string") {
      // An output may turn out to be undefined: then the program gives no name either.
      const given = pulumi.output(known.get(named));
      const made = nameFor(description, name, known);
      naming = made.mode === "default" ? undefined : made.mode;
      props[named] = given.apply((value) => value ?? made.name);
      props[autonameMark] = given.apply((value) => value == null || undefined);
    }
    props[providerKey] = providerText(description.module);
    // No check takes it out of what is only read.
    if (!opts.id) props[callMark] = { ...noteOf(description, name, opts, known), naming };
    super(dynamicType(description.type), name, props, {
      ...opts,
      additionalSecretOutputs: [
        ...description.secretOutputs,
        ...(opts.additionalSecretOutputs ?? []),
      ],
    });
  }

  /** The implementation of each class's `get`. */
  protected static read<R extends FormationsResource>(
    resource: new (name: string, args: never, opts: pulumi.CustomResourceOptions) => R,
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): R {
    return new resource(name, {} as never, { ...opts, id });
  }
}

function noteOf(
  { type }: Description,
  name: string,
  { parent, customTimeouts, replaceOnChanges }: pulumi.CustomResourceOptions,
  args: ReadonlyMap<string, unknown>,
): { readonly [Key in keyof CallNote]: CallNote[Key] | Promise<CallNote[Key]> } {
  const urn = pulumi.createUrn(name, dynamicType(type), parent);
  return {
    // Not an output, which would make the resource depend on its parent's children.
    urn: new Promise<string>((resolve) => void urn.apply(resolve)),
    create: customTimeouts?.create,
    update: customTimeouts?.update,
    replaceOnChanges,
    preview: pulumi.runtime.isDryRun() ? unknownValue : undefined,
    secrets: secretsAmong(args),
  };
}

/** The arguments that are secrets, or contain one. One that fails makes the resource fail anyway. */
async function secretsAmong(args: ReadonlyMap<string, unknown>): Promise<string[] | undefined> {
  const found: string[] = [];
  for (const [key, value] of args) {
    if (typeof value !== "object") continue;
    const isSecret = await pulumi.isSecret(pulumi.output(value)).catch(() => false);
    if (isSecret) found.push(key);
  }
  return found.length > 0 ? found : undefined;
}

function nameFor(
  { type, autoname }: Description,
  logicalName: string,
  args: ReadonlyMap<string, unknown>,
): MadeName {
  const from = autoname?.from ?? [];
  const replacing = Object.fromEntries(from.map((key) => [key, args.get(key)]));
  return madeName({ type, logicalName, replacing });
}
