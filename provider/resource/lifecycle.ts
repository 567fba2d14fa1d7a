import { isDeepStrictEqual } from "node:util";
import type {
  Context,
  Definition,
  FunctionDefinition,
  Reading,
  Snapshot,
  System,
} from "./definition";
import { ChangeRefused, Incomplete } from "./errors";
import { namesIn, pending, pendingKey, predecessorsKey, unfinishedKey, withMarks } from "./marks";
import { changesOf, describePlan, type Plan, plan } from "./plan";
import { secretProperties } from "./secrets";
import type { Session } from "./session";
import { openListWarnings } from "./suggestions";
import {
  type Checked,
  checkedArguments,
  checkedInputs,
  demandId,
  knownState,
  validate,
} from "./validation";
import { type Values, visible } from "./values";

/** One call of the engine. */
export interface Call {
  /** The resource's URN, where the host knows it. */
  urn?: string;
  signal: AbortSignal;
  /** Milliseconds until the operation has to end; the default is an hour. */
  timeout?: number;
  progress(text: string): void;
  /** Why and how long a request waits: a rate limit, a retry. */
  onWait(text: string): void;
  warn(text: string): void;
}

const defaultTimeout = 60 * 60 * 1000;

/** What a check is told besides the inputs. */
export interface CheckOptions {
  /** The inputs of the last run: what stands there already is warned of no more. */
  olds?: Values;
  /** Inputs that the program made secrets, besides those that always are. */
  secrets?: ReadonlySet<string>;
}

/** The inputs of a resource, normalised, every failure at once, and what is let through with doubts. No I/O. */
export function check(
  { inputs: schema, constraints, system }: Definition,
  news: Values,
  { olds = {}, secrets }: CheckOptions = {},
): Checked & { warnings: string[] } {
  const checked = validate(schema, news, { constraints, secrets });
  const isNew = ([key, value]: [string, unknown]) => !isDeepStrictEqual(value, olds[key]);
  const changed = Object.fromEntries(Object.entries(checked.inputs).filter(isNew));
  return { ...checked, warnings: openListWarnings(schema, changed, system.title, secrets) };
}

/** The three sides of a change, as the engine tells them. */
export interface DiffRequest {
  id: string;
  /** The inputs of the last run. */
  applied: Values;
  /** The state of the last run or refresh. */
  state: Values;
  /** The checked inputs of this run. */
  news: Values;
  autonamed: boolean;
  /** Inputs that the program made secrets, besides those that always are: no message shows them. */
  secrets?: ReadonlySet<string>;
}

/**
 * Plans a change. No I/O.
 *
 * @throws ChangeRefused when the plan refuses, with every reason
 */
export function diff(definition: Definition, session: Session, request: DiffRequest): Plan {
  const { id, applied, state, news, autonamed } = request;
  const secrets = new Set([...secretProperties(definition.inputs), ...(request.secrets ?? [])]);
  const result = plan(Object.keys(definition.inputs.shape), definition.plan, {
    applied: visible(applied),
    observed: visible(state),
    desired: visible(news),
    autonamed,
    unfinished: namesIn(state, unfinishedKey),
    pending: pendingOf(definition, state),
    secrets,
  });
  if (result.action === "refuse") {
    const refused = {
      ...result,
      changes: result.changes.filter((change) => change.action === "refuse"),
    };
    throw new ChangeRefused(
      `${definition.name} ${id}: refused.\n${describePlan(refused, secrets).join("\n")}`,
    );
  }
  if (result.action === "replace") {
    for (const replaced of [id, ...(namesIn(state, predecessorsKey) ?? [])]) {
      session.replaced.add(replaced);
    }
  }
  return result;
}

/**
 * Creates a resource and waits until it is ready.
 *
 * @throws Incomplete when it exists but something later failed
 */
export function create(
  definition: Definition,
  session: Session,
  inputs: Values,
  call: Call,
): Promise<Snapshot> {
  return complete(definition, session, call, undefined, (context) =>
    definition.create(checkedInputs(definition, inputs), context),
  );
}

/** Carries out what the plan marks for update. */
export async function update(
  definition: Definition,
  session: Session,
  request: DiffRequest,
  call: Call,
): Promise<Snapshot> {
  demandId(definition, request.id);
  const changes = changesOf(diff(definition, session, request));
  const inputs = checkedInputs(definition, request.news);
  const predecessors = namesIn(request.state, predecessorsKey);
  return complete(definition, session, call, predecessors, (context) =>
    definition.update(
      { id: request.id, inputs, state: knownState(definition, request.state), changes },
      context,
    ),
  );
}

/** Reads a resource back; undefined: gone. */
export async function read(
  definition: Definition,
  session: Session,
  id: string,
  state: Values,
  call: Call,
): Promise<Snapshot | undefined> {
  demandId(definition, id);
  const context = contextOf(definition, session, call, () => {});
  const seen = await definition.read(id, knownState(definition, state), context);
  if (!seen) return undefined;
  const snapshot = withMarks({
    ...seen,
    unfinished: seen.unfinished ?? namesIn(state, unfinishedKey),
    predecessors: namesIn(state, predecessorsKey),
  });
  // A resource that became ready once may be busy later on without having to be waited for.
  const wasPending = state[pendingKey] === true || Object.keys(visible(state)).length === 0;
  return wasPending && definition.pending?.(snapshot.state) !== undefined
    ? pending(snapshot)
    : snapshot;
}

/** What a resource still waits for whose creation or last change has not ended: `state "creating"`. */
export function pendingOf(definition: Definition, state: Values): string | undefined {
  return state[pendingKey] === true ? definition.pending?.(visible(state)) : undefined;
}

/**
 * Finds what an interrupted creation may have left, as a state that the next run completes. Empty
 * where there is nothing, or where this resource's creation leaves nothing on a server.
 */
export async function find(
  definition: Definition,
  session: Session,
  inputs: Values,
  call: Call,
): Promise<Snapshot[]> {
  const context = contextOf(definition, session, call, () => {});
  const found = (await definition.find?.(visible(inputs), context)) ?? [];
  return found
    .filter(({ state }) => !isLeaving(definition, state))
    .map((one) => {
      const snapshot = withMarks(one);
      const isReady = definition.pending?.(snapshot.state) === undefined;
      return { ...(isReady ? snapshot : pending(snapshot)), createdAt: one.createdAt };
    });
}

/** Whether the server is taking a resource away already. */
export function isLeaving(definition: Definition, state: Values): boolean {
  return definition.isLeaving?.(visible(state)) === true;
}

/** Deletes a resource; that it is gone already is success. */
export async function destroy(
  definition: Definition,
  session: Session,
  id: string,
  state: Values,
  call: Call,
): Promise<void> {
  demandId(definition, id);
  await definition.delete(
    id,
    knownState(definition, state),
    contextOf(definition, session, call, () => {}),
  );
}

/**
 * Calls a function.
 *
 * @throws InvalidArguments naming every wrong argument
 */
export async function invoke(
  definition: FunctionDefinition,
  session: Session,
  args: Values,
  call: Pick<Call, "signal" | "timeout" | "onWait">,
): Promise<Values> {
  const inputs = checkedArguments(definition, args);
  return visible(await definition.invoke(inputs, readingOf(definition.system, session, call)));
}

/**
 * The inputs that a refresh writes back: the program's, with the drift that the plan would undo. A
 * property that the program did not set, and one that only a replacement could change, stay as the
 * program had them.
 */
export function projectDrift(definition: Definition, applied: Values, state: Values): Values {
  const inputs = { ...applied };
  const undone = plan(Object.keys(definition.inputs.shape), definition.plan, {
    applied: visible(applied),
    observed: visible(state),
    desired: visible(applied),
  });
  for (const { property, action, from } of undone.changes) {
    if (action !== "update") continue;
    if (from === undefined) delete inputs[property];
    else inputs[property] = from;
  }
  return inputs;
}

async function complete(
  definition: Definition,
  session: Session,
  call: Call,
  before: string[] | undefined,
  verb: (context: Context<unknown>) => Promise<Snapshot>,
): Promise<Snapshot> {
  let existing: Snapshot | undefined;
  let predecessors = before;
  const context = contextOf(definition, session, call, (snapshot) => {
    predecessors = snapshot.predecessors ?? predecessors;
    existing = withMarks({ ...snapshot, predecessors });
  });
  try {
    const done = await verb(context);
    return withMarks({ ...done, predecessors });
  } catch (error) {
    if (!existing) throw error;
    throw new Incomplete(existing.id, pending(existing).state, error);
  }
}

function contextOf(
  definition: Definition,
  session: Session,
  call: Call,
  exists: (snapshot: Snapshot) => void,
): Context<unknown> {
  const { urn, progress, warn } = call;
  return {
    ...readingOf(definition.system, session, call),
    urn,
    clock: session.clock,
    progress,
    warn,
    exists,
    replaced: session.replaced,
  };
}

function readingOf(
  system: System,
  session: Session,
  { signal, timeout = defaultTimeout, onWait }: Pick<Call, "signal" | "timeout" | "onWait">,
): Reading<unknown> {
  const deadline = session.clock.now() + timeout;
  return { api: session.api(system), signal, deadline, onWait };
}
