import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { resources } from "../../provider";
import { endWithEngine } from "../../provider/process/end-with-engine";
import type { Definition, DiffRequest } from "../../provider/resource/definition";
import { projectDrift } from "../../provider/resource/drift";
import { NoSuchResource } from "../../provider/resource/errors";
import * as lifecycle from "../../provider/resource/lifecycle";
import { type Kept, pack, type Unpacked, unpack } from "../../provider/resource/marks";
import { sameReplaceOnly } from "../../provider/resource/names";
import {
  noObstacles,
  obstaclesOfChange,
  obstaclesOfCheck,
} from "../../provider/resource/obstacles";
import { type Plan, remarksOf, replacedKeys } from "../../provider/resource/plan";
import { previewCreate } from "../../provider/resource/preview";
import { secretProperties } from "../../provider/resource/secrets";
import { createSession } from "../../provider/resource/session";
import { type Operation, withAdvice } from "../../provider/resource/timeouts";
import { packageName } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import { providerKey } from "../provider-text";
import { CallNotes, type Known, labelOf } from "./call";
import { checkedWithName } from "./check";
import { HostLog } from "./log";
import { addForeseen, packInputs, packState, sealed, unpackInputs, unpackState } from "./marks";
import { presented } from "./presented-error";

/*
 * Serves the definitions in the dynamic provider process of Pulumi's Node.js language host.
 */

let readConfig: ((key: string) => unknown) | undefined;
const session = createSession((key) => readConfig?.(key));
const notes = new CallNotes();
const log = new HostLog();
const use = Promise.withResolvers<void>();
/** Of all calls: Pulumi tells a dynamic provider of no cancellation. */
const { signal: neverAborted } = new AbortController();

/** Settles when the first call that plans a change or talks to a server has been answered. */
export const used = use.promise;

/** Takes the stack's configuration. It must not throw or wait: errors belong to the first use. */
export function configure({ config }: dynamic.ConfigureRequest): void {
  readConfig = (key) => config.get(`${packageName}:${key}`);
  endWithEngine();
}

/**
 * Waits until the engine has every message, so that they precede the response to a call.
 *
 * @throws Error that Pulumi can show, if the engine is too old
 */
export async function flush(): Promise<void> {
  await log.flush();
  await log.demandSupported().catch((error: unknown) => {
    throw presented(error, () => ({}));
  });
}

/** Checks inputs: returns them normalised, and every failure. */
export function check(resource: string, olds: Values, news: Values): dynamic.CheckResult<Values> {
  const definition = find(resource);
  const exists = Object.keys(olds).length > 0;
  const before = unpack(olds);
  const given = unpackInputs(news);
  const known = notes.take(news, exists ? before.properties : undefined);
  const { inputs, failures, warnings } = checkedWithName(definition, given, before, known);
  const { properties } = inputs;
  session.pace.planned(known.urn);
  const claim = { urn: known.urn, isNew: !exists, secrets: known.secrets };
  const ahead =
    failures.length > 0
      ? noObstacles
      : obstaclesOfCheck(definition, session, properties, claim, readConfig !== undefined);
  const subject = subjectOf(definition, known, given);
  for (const text of warnings) {
    if (session.isNew(`${subject.label} ${text}`)) subject.warn(text);
  }
  for (const text of ahead.warnings) log.say("warning", text, known.urn);
  const secrets = new Set([...secretProperties(definition.inputs), ...known.secrets]);
  const checked = packInputs(inputs, exists ? before.properties : undefined, secrets);
  const shown = withForeseen(definition, checked, properties, known);
  notes.checked(resource, shown, known);
  return {
    inputs: shown,
    failures: [
      // The engine shows the value of the input that a failure names.
      ...failures.map(({ property, reason, isSecret }) =>
        isSecret ? { property: "", reason: `${property} ${reason}` } : { property, reason },
      ),
      ...ahead.errors.map((reason) => ({ property: "", reason })),
    ],
  };
}

/**
 * In a preview of a replacement, the inputs with what the server will make of them: the engine would show
 * the outputs of the old resource as removed. An update is shown by its inputs alone.
 */
function withForeseen(
  definition: Definition,
  bag: Values,
  properties: Values,
  { isPreview, before }: Known,
): Values {
  if (!isPreview || before === undefined) return bag;
  if (sameReplaceOnly(definition, before, properties)) return bag;
  return addForeseen(bag, before, previewCreate(definition, properties).state);
}

/** Plans a change, in the terms of the dynamic host, and logs its remarks. */
export async function diff(resource: string, id: string, olds: Values, news: Values) {
  const definition = find(resource);
  const known = notes.find(resource, news, id);
  const change = { ...changeOf(definition, id, olds, news), secrets: known?.secrets };
  const [plan, ahead] = await presenting(news, definition, async () => {
    const planned = lifecycle.diff(definition, change);
    const obstacles = readConfig
      ? obstaclesOfChange(definition, session, planned, change.news)
      : [];
    return [planned, obstacles] as const;
  });
  session.pace.planned(known?.urn);
  lifecycle.announce(definition, session, change, plan);
  for (const text of ahead) log.say("warning", text, known?.urn);
  const remarks = remarksOf(plan);
  if (remarks.length > 0) {
    const subject = subjectOf(definition, known, unpack(olds), id);
    for (const { severity, text } of remarks) subject.say(severity, text);
  }
  await log.flush();
  return {
    // Of a stack that moved to the plugin and back: without the reference, nothing could delete it.
    changes: plan.action !== "keep" || olds[providerKey] === undefined,
    replaces: [...replacedKeys(plan), ...replacedByOption(plan, known)],
    deleteBeforeReplace: plan.order === "old first",
  };
}

/** The changes that `replaceOnChanges` makes a replacement: the engine sees to it for a plugin only. */
function replacedByOption({ action, changes }: Plan, known: Known | undefined): string[] {
  const asked = known?.replaceOnChanges ?? [];
  if (action !== "update" || asked.length === 0) return [];
  const changed = changes.map(({ property }) => property);
  return asked.includes("*") ? changed : changed.filter((property) => asked.includes(property));
}

/** Creates and waits. A creation that did not end stays in the state. */
export async function create(resource: string, news: Values) {
  const definition = find(resource);
  const inputs = unpackInputs(news);
  return presenting(
    news,
    definition,
    async () => {
      const call = callOf(definition, notes.find(resource, news), inputs, "create");
      const kept = await lifecycle.create(definition, session, inputs.properties, call);
      return { id: kept.id, outs: outsOf(definition, kept, inputs) };
    },
    "create",
  );
}

/** Reads, for a refresh or a `.get`. Returns inputs only if drift was seen in them. */
export async function read(resource: string, id: string, olds: Values) {
  const definition = find(resource);
  const known = unpackState(definition, olds);
  return presenting(olds, definition, async () => {
    const before = { id, state: known.properties, marks: known.marks };
    const call = callOf(definition, notes.find(resource, undefined, id), known, "read", id);
    const seen = await lifecycle.read(definition, session, before, call);
    if (!seen) {
      // Only a refresh passes a state. A `.get` passes none, and its program relies on the resource.
      if (Object.keys(known.properties).length === 0) throw noSuch(definition, id);
      return { id: "", props: {} };
    }
    const properties = projectDrift(definition, known.applied, seen.state);
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
  return presenting(
    news,
    definition,
    async () => {
      const change = changeOf(definition, id, olds, news);
      const call = callOf(definition, notes.find(resource, news, id), inputs, "update", id);
      const kept = await lifecycle.update(definition, session, change, call);
      return { outs: outsOf(definition, kept, inputs) };
    },
    "update",
  );
}

/** Deletes and waits. */
export async function destroy(resource: string, id: string, olds: Values): Promise<void> {
  const definition = find(resource);
  const known = unpack(olds);
  const noted = notes.find(resource, undefined, id);
  await presenting(olds, definition, () => {
    const call = callOf(definition, noted, known, "delete", id);
    return lifecycle.destroy(definition, session, { id, state: known.properties }, call);
  });
  if (noted?.urn !== undefined) session.release(noted.urn);
}

/**
 * Runs a verb. Turns errors into what the engine can show, with all that the state needs.
 *
 * @param bag what the engine gave: the inputs of a creation or an update
 * @param operation the one that `customTimeouts` limits; Pulumi passes on no others
 */
async function presenting<T>(
  bag: Values,
  definition: Definition,
  verb: () => Promise<T>,
  operation?: Operation,
) {
  try {
    await log.demandSupported();
    return await verb();
  } catch (error) {
    // A property that the server lacks must be missing here too, or the next plan would keep it.
    throw presented(withAdvice(error, operation), (kept) => ({
      __provider: bag.__provider,
      ...outsOf(definition, kept, unpack(bag)),
    }));
  } finally {
    await log.flush();
    use.resolve();
  }
}

function outsOf(definition: Definition, { state, marks }: Kept, inputs: Unpacked): Values {
  return sealed(packState(definition, { properties: state, marks }, inputs));
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

function changeOf(definition: Definition, id: string, olds: Values, news: Values): DiffRequest {
  const { properties: state, marks } = unpackState(definition, olds);
  const { properties, marks: own, former } = unpackInputs(news);
  const autonamed = own.autonamed ?? false;
  return { id, applied: former, state, marks, news: properties, autonamed };
}

/** What the class tells of `customTimeouts` is all that the dynamic host knows of them. */
function callOf(
  definition: Definition,
  known: Known | undefined,
  bag: Unpacked,
  verb: "create" | "read" | "update" | "delete",
  id?: string,
): lifecycle.Call {
  const subject = subjectOf(definition, known, bag, id);
  const timeouts: Partial<Record<typeof verb, number>> = known?.timeouts ?? {};
  return {
    urn: known?.urn,
    signal: neverAborted,
    timeout: timeouts[verb],
    progress: subject.progress,
    onWait: subject.wait,
    warn: subject.warn,
  };
}

function subjectOf(definition: Definition, known: Known | undefined, bag: Unpacked, id?: string) {
  const label = (known && labelOf(definition.name, known)) ?? whatOf(definition, bag, id);
  return log.about(label, known?.urn);
}

/** A resource for messages, where no check has noted its name. */
function whatOf({ name, plan }: Definition, { properties }: Unpacked, id: unknown = ""): string {
  return `${name} ${properties[plan.autoname ?? "name"] ?? id}`.trim();
}
