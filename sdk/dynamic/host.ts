import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { resources } from "../../provider";
import { endWithEngine } from "../../provider/process/end-with-engine";
import { complain } from "../../provider/process/output";
import type { Definition } from "../../provider/resource/definition";
import { NoSuchResource } from "../../provider/resource/errors";
import * as lifecycle from "../../provider/resource/lifecycle";
import { autonameMark, keptName } from "../../provider/resource/names";
import { createSession } from "../../provider/resource/session";
import { packageName } from "../../provider/resource/urn";
import { type Values, visible } from "../../provider/resource/values";
import { appliedInputs, formerInputs, handedOn, withApplied, withFormer } from "./marks";
import { presented } from "./presented-error";

/*
 * Serves the definitions to the dynamic provider process of the Node.js language host. The engine
 * shows what is written to stderr here as messages of the stack.
 */

const progressInterval = 30_000;
const warned = new Set<string>();
let readConfig: ((key: string) => unknown) | undefined;
const session = createSession((key) => readConfig?.(key));

/** Takes the stack's config. It must neither throw nor wait: errors belong to the first use. */
export function configure({ config }: dynamic.ConfigureRequest): void {
  readConfig = (key) => config.get(`${packageName}:${key}`);
  endWithEngine();
}

/** The checked inputs, or every failure. */
export function check(resource: string, olds: Values, news: Values): dynamic.CheckResult<Values> {
  const definition = find(resource);
  const { inputs, failures, warnings } = lifecycle.check(definition, news, { olds });
  for (const text of warnings) warnOnce(`warning: ${whatOf(definition, news)}: ${text}`);
  const name = definition.plan.autoname;
  const exists = Object.keys(olds).length > 0;
  const kept = news[autonameMark] === true ? keptName(definition, olds, inputs) : undefined;
  if (name && kept !== undefined) inputs[name] = kept;
  const marked = { ...inputs, ...handedOn(news) };
  return {
    inputs: exists ? withFormer(definition, marked, olds) : marked,
    // The engine shows the value of the input that a failure names.
    failures: failures.map(({ property, reason, isSecret }) =>
      isSecret ? { property: "", reason: `${property} ${reason}` } : { property, reason },
    ),
  };
}

/** The plan, in the terms of the dynamic host; its warnings go to the log. */
export async function diff(resource: string, id: string, olds: Values, news: Values) {
  const definition = find(resource);
  const plan = await presenting(news, definition, async () =>
    lifecycle.diff(definition, session, request(id, olds, news)),
  );
  for (const warning of plan.warnings) log(`warning: ${resource} ${id}: ${warning}`);
  for (const { property, action, why, undecided } of plan.changes) {
    if (undecided && action === "replace") log(`${resource} ${id}: ${property}: replace: ${why}`);
  }
  for (const reason of plan.reasons) log(`${resource} ${id}: ${plan.action}: ${reason}`);
  const replaces = plan.changes
    .filter(({ action }) => action === "replace")
    .map(({ property }) => property);
  return {
    changes: plan.action !== "keep",
    // The engine replaces where a property is named; a resource that failed as a whole names its state.
    replaces: plan.action === "replace" && replaces.length === 0 ? ["state"] : replaces,
    deleteBeforeReplace: plan.order === "old first",
  };
}

/** Creates, and waits. A creation that did not end stays in the state. */
export async function create(resource: string, news: Values) {
  const definition = find(resource);
  return presenting(news, definition, async () => {
    const { id, state } = await lifecycle.create(definition, session, news, call(definition, news));
    return { id, outs: withApplied(definition, state, news) };
  });
}

/** Reads, for a refresh or a `.get`. Inputs are given back only where drift was seen in them. */
export async function read(resource: string, id: string, known: Values) {
  const definition = find(resource);
  return presenting(known, definition, async () => {
    const seen = await lifecycle.read(definition, session, id, known, call(definition, known, id));
    if (!seen) {
      // A refresh brings the state along, a `.get` nothing: the program relies on what isn't there.
      if (Object.keys(visible(known)).length === 0) throw noSuch(definition, id);
      return { id: "", props: {} };
    }
    const applied = appliedInputs(definition, known);
    const inputs = lifecycle.projectDrift(definition, applied, seen.state);
    return {
      id: seen.id,
      // What the engine has as inputs from here on: another refresh would take them for drift.
      props: withApplied(definition, seen.state, inputs),
      ...(!isDeepStrictEqual(inputs, applied) && { inputs }),
    };
  });
}

/** Carries out the plan's updates, and waits. */
export async function update(resource: string, id: string, olds: Values, news: Values) {
  const definition = find(resource);
  return presenting(news, definition, async () => {
    const { state } = await lifecycle.update(
      definition,
      session,
      request(id, olds, news),
      call(definition, news, id),
    );
    return { outs: withApplied(definition, state, news) };
  });
}

/** Deletes, and waits. */
export async function destroy(resource: string, id: string, state: Values): Promise<void> {
  const definition = find(resource);
  await presenting(state, definition, () =>
    lifecycle.destroy(definition, session, id, state, call(definition, state, id)),
  );
}

/** Runs a verb; errors become what this host can show, with all that the state needs. */
async function presenting<T>(values: Values, definition: Definition, verb: () => Promise<T>) {
  try {
    return await verb();
  } catch (error) {
    // What the server lacks must be missing here too, or the next plan would take it for done.
    throw presented(error, (state) => ({
      __provider: values.__provider,
      ...withApplied(definition, state, values),
    }));
  }
}

function find(resource: string): Definition {
  const definition = resources.find(({ name }) => name === resource);
  if (!definition) throw new Error(`pulumi-formations has no resource ${resource}.`);
  return definition;
}

function noSuch({ name, system }: Definition, id: string): NoSuchResource {
  return new NoSuchResource(`${name} ${id} does not exist: ${system.title} has none of that ID.`);
}

function request(id: string, olds: Values, news: Values): lifecycle.DiffRequest {
  const autonamed = news[autonameMark] === true;
  return { id, applied: formerInputs(news), state: olds, news, autonamed };
}

/**
 * The dynamic host has no cancel, no timeouts of the program's, and no line beside a resource: what is
 * in progress goes to the stack's log, so it is said at most twice a minute.
 */
function call(definition: Definition, values: Values, id?: string): lifecycle.Call {
  const what = whatOf(definition, values, id);
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

/** A resource for messages, which the engine shows without saying whose they are. */
function whatOf({ name, plan }: Definition, values: Values, id: unknown = ""): string {
  return `${name} ${values[plan.autoname ?? "name"] ?? id}`.trim();
}

/** The engine checks a replacement twice. */
function warnOnce(text: string): void {
  if (warned.has(text)) return;
  warned.add(text);
  log(text);
}

/** The engine shows what this process writes to stderr as messages of the stack. */
function log(text: string): void {
  complain(text);
}
