import "../requirements";
import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { resources } from "../../provider";
import { endWithEngine } from "../../provider/process/end-with-engine";
import { complain } from "../../provider/process/output";
import type { Definition } from "../../provider/resource/definition";
import { NoSuchResource } from "../../provider/resource/errors";
import * as lifecycle from "../../provider/resource/lifecycle";
import { type Kept, pack, type Unpacked, unpack } from "../../provider/resource/marks";
import { keptName } from "../../provider/resource/names";
import { remarksOf, replacedKeys } from "../../provider/resource/plan";
import { secretProperties } from "../../provider/resource/secrets";
import { createSession } from "../../provider/resource/session";
import { packageName } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import { packInputs, packState, unpackInputs, unpackState } from "./marks";
import { presented } from "./presented-error";

/*
 * Serves the definitions in the dynamic provider process of Pulumi's Node.js language host. The engine
 * shows what this process writes to stderr as messages of the stack.
 */

const progressInterval = 30_000;
let readConfig: ((key: string) => unknown) | undefined;
const session = createSession((key) => readConfig?.(key));

/** Takes the stack's configuration. It must not throw or wait: errors belong to the first use. */
export function configure({ config }: dynamic.ConfigureRequest): void {
  readConfig = (key) => config.get(`${packageName}:${key}`);
  endWithEngine();
}

/** Checks inputs: returns them normalised, and every failure. */
export function check(resource: string, olds: Values, news: Values): dynamic.CheckResult<Values> {
  const definition = find(resource);
  const before = unpack(olds).properties;
  const given = unpackInputs(news);
  const { inputs, failures, warnings } = lifecycle.check(definition, given.properties, {
    olds: before,
  });
  const what = whatOf(definition, given);
  warnings
    .map((text) => `warning: ${what}: ${text}`)
    .filter(session.isNew)
    .forEach(log);
  const { autonamed } = given.marks;
  const key = definition.plan.autoname;
  const kept = autonamed ? keptName(definition, before, inputs) : undefined;
  const properties = key && kept !== undefined ? { ...inputs, [key]: kept } : inputs;
  const exists = Object.keys(olds).length > 0;
  return {
    inputs: packInputs(
      { properties, marks: { autonamed } },
      exists ? before : undefined,
      secretProperties(definition.inputs),
    ),
    // The engine shows the value of the input that a failure names.
    failures: failures.map(({ property, reason, isSecret }) =>
      isSecret ? { property: "", reason: `${property} ${reason}` } : { property, reason },
    ),
  };
}

/** Plans a change, in the terms of the dynamic host, and logs its remarks. */
export async function diff(resource: string, id: string, olds: Values, news: Values) {
  const definition = find(resource);
  const change = changeOf(definition, id, olds, news);
  const plan = await presenting(news, definition, async () => lifecycle.diff(definition, change));
  if (plan.action === "replace") session.willReplace(id, change.marks.predecessors);
  for (const { severity, text } of remarksOf(plan)) {
    log(`${severity === "warning" ? "warning: " : ""}${resource} ${id}: ${text}`);
  }
  return {
    changes: plan.action !== "keep",
    replaces: replacedKeys(plan),
    deleteBeforeReplace: plan.order === "old first",
  };
}

/** Creates and waits. A creation that did not end stays in the state. */
export async function create(resource: string, news: Values) {
  const definition = find(resource);
  const inputs = unpackInputs(news);
  return presenting(news, definition, async () => {
    const call = callOf(definition, inputs);
    const kept = await lifecycle.create(definition, session, inputs.properties, call);
    return { id: kept.id, outs: outsOf(definition, kept, inputs) };
  });
}

/** Reads, for a refresh or a `.get`. Returns inputs only if drift was seen in them. */
export async function read(resource: string, id: string, olds: Values) {
  const definition = find(resource);
  const known = unpackState(definition, olds);
  return presenting(olds, definition, async () => {
    const before = { id, state: known.properties, marks: known.marks };
    const call = callOf(definition, known, id);
    const seen = await lifecycle.read(definition, session, before, call);
    if (!seen) {
      // Only a refresh passes a state. A `.get` passes none, and its program relies on the resource.
      if (Object.keys(known.properties).length === 0) throw noSuch(definition, id);
      return { id: "", props: {} };
    }
    const properties = lifecycle.projectDrift(definition, known.applied, seen.state);
    const inputs = { properties, marks: { autonamed: known.marks.autonamed } };
    return {
      id: seen.id,
      // The inputs that the engine has from here on, or another refresh would see them as drift.
      props: outsOf(definition, seen, inputs),
      ...(!isDeepStrictEqual(properties, known.applied) && { inputs: pack(inputs) }),
    };
  });
}

/** Carries out the plan's updates and waits. */
export async function update(resource: string, id: string, olds: Values, news: Values) {
  const definition = find(resource);
  const inputs = unpackInputs(news);
  return presenting(news, definition, async () => {
    const change = changeOf(definition, id, olds, news);
    const call = callOf(definition, inputs, id);
    const kept = await lifecycle.update(definition, session, change, call);
    return { outs: outsOf(definition, kept, inputs) };
  });
}

/** Deletes and waits. */
export async function destroy(resource: string, id: string, olds: Values): Promise<void> {
  const definition = find(resource);
  const known = unpack(olds);
  await presenting(olds, definition, () => {
    const call = callOf(definition, known, id);
    return lifecycle.destroy(definition, session, { id, state: known.properties }, call);
  });
}

/**
 * Runs a verb. Turns errors into what the engine can show, with all that the state needs.
 *
 * @param bag what the engine gave: the inputs of a creation or an update
 */
async function presenting<T>(bag: Values, definition: Definition, verb: () => Promise<T>) {
  try {
    return await verb();
  } catch (error) {
    // A property that the server lacks must be missing here too, or the next plan would keep it.
    throw presented(error, (kept) => ({
      __provider: bag.__provider,
      ...outsOf(definition, kept, unpack(bag)),
    }));
  }
}

function outsOf(definition: Definition, { state, marks }: Kept, inputs: Unpacked): Values {
  return packState(definition, { properties: state, marks }, inputs);
}

function find(resource: string): Definition {
  const definition = resources.find(({ name }) => name === resource);
  if (!definition) throw new Error(`pulumi-formations has no resource ${resource}.`);
  return definition;
}

function noSuch({ name, system }: Definition, id: string): NoSuchResource {
  return new NoSuchResource(
    `${name} ${id} does not exist: ${system.title} has no ${name} with this ID.`,
  );
}

function changeOf(
  definition: Definition,
  id: string,
  olds: Values,
  news: Values,
): lifecycle.DiffRequest {
  const { properties: state, marks } = unpackState(definition, olds);
  const { properties, marks: own, former } = unpackInputs(news);
  const autonamed = own.autonamed === true;
  return { id, applied: former, state, marks, news: properties, autonamed };
}

/**
 * The dynamic host has no cancellation, no `customTimeouts` and no status line beside a resource. Progress
 * goes to the stack's log instead, at most twice per minute.
 */
function callOf(definition: Definition, known: Unpacked, id?: string): lifecycle.Call {
  const what = whatOf(definition, known, id);
  let quietUntil = Date.now() + progressInterval;
  return {
    signal: new AbortController().signal,
    progress: (text) => {
      if (Date.now() < quietUntil) return;
      quietUntil = Date.now() + progressInterval;
      log(`${what}: ${text}`);
    },
    onWait: (text) => log(`${what}: ${text}`),
    warn: (text) => log(`warning: ${what}: ${text}`),
  };
}

/** A resource for messages: the engine does not show which resource they are about. */
function whatOf({ name, plan }: Definition, { properties }: Unpacked, id: unknown = ""): string {
  return `${name} ${properties[plan.autoname ?? "name"] ?? id}`.trim();
}

/** The engine shows what this process writes to stderr as messages of the stack. */
function log(text: string): void {
  complain(text);
}
