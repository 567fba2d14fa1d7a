import type { CallOptions } from "../process/call";
import { explained } from "./adoption";
import { keptWhileAppearing } from "./appearance";
import type { Context, Definition, DiffRequest, Reading, Snapshot, System } from "./definition";
import { ChangeRefused, Incomplete } from "./errors";
import type { Kept } from "./marks";
import { changesOf, type Plan, plan } from "./plan";
import { describePlan } from "./plan-text";
import { secretProperties } from "./secrets";
import type { Session } from "./session";
import {
  type Checked,
  type CheckOptions,
  checkedInputs,
  demandId,
  knownState,
  openListWarnings,
  validate,
} from "./validation";
import { present, type Values } from "./values";

/** A call that may wait for a server. */
export interface Timed extends Omit<CallOptions, "deadline"> {
  /** Milliseconds until the operation has to end. Default: what is configured for all, or else an hour. */
  timeout?: number;
}

/** One call of the engine. */
export interface Call extends Timed, Pick<Context<unknown>, "urn" | "progress" | "warn"> {}

/** The normalised inputs of a resource, every failure, and warnings about values that may fail. No I/O. */
export function check(
  { inputs: schema, constraints, system }: Definition,
  news: Values,
  options: CheckOptions = {},
): Checked & { warnings: string[] } {
  const checked = validate(schema, news, { constraints, secrets: options.secrets });
  return { ...checked, warnings: openListWarnings(schema, checked.inputs, system.title, options) };
}

/**
 * Plans a change. Pure: it does no I/O and changes nothing. The host tells the session what it will replace.
 *
 * @throws ChangeRefused when the plan refuses, with every reason
 */
export function diff(definition: Definition, request: DiffRequest): Plan {
  const result = planOf(definition, request);
  if (result.action === "refuse") throw refusalOf(definition, request, result, "refused.");
  return result;
}

/**
 * Tells the session of a plan that the engine is about to carry out: what is replaced, and what the system's
 * client will be asked to change. It connects to no system.
 */
export function announce(
  definition: Definition,
  session: Session,
  { id, marks }: Pick<Kept, "id" | "marks">,
  plan: Plan,
): void {
  if (plan.action === "replace") session.willReplace(id, marks.predecessors);
  if (!definition.announce || !session.isConnected(definition.system)) return;
  const changes = plan.action === "update" ? changesOf(plan) : {};
  definition.announce(id, changes, session.api(definition.system));
}

/**
 * Plans a change that is to be made in place. The engine's deployments ask for no other; `pulumi do` asks
 * for every change as if it could be.
 *
 * @throws ChangeRefused when the plan refuses or replaces, with every reason
 */
export function diffInPlace(definition: Definition, request: DiffRequest): Plan {
  const result = diff(definition, request);
  if (result.action !== "replace") return result;
  const text = "nothing was changed, since only a replacement can do this.";
  throw refusalOf(definition, request, result, text);
}

/** The error for a change, with those of the plan's lines that are the reason. */
function refusalOf(
  definition: Definition,
  request: DiffRequest,
  { changes, ...result }: Plan,
  text: string,
): ChangeRefused {
  const reasons = { ...result, changes: changes.filter(({ action }) => action === result.action) };
  const lines = describePlan(reasons, secretsOf(definition, request));
  return new ChangeRefused([`${definition.name} ${request.id}: ${text}`, ...lines].join("\n"));
}

/** The plan of a change, also where it refuses. Pure. */
export function planOf(definition: Definition, request: Omit<DiffRequest, "id">): Plan {
  const { applied, state, marks, news, autonamed } = request;
  return plan(Object.keys(definition.inputs.shape), definition.plan, {
    applied,
    observed: state,
    desired: news,
    autonamed,
    unfinished: marks.unfinished,
    pending: pendingOf(definition, request),
    secrets: secretsOf(definition, request),
  });
}

/** The inputs that no message shows. */
function secretsOf(
  { inputs }: Definition,
  { secrets }: Pick<DiffRequest, "secrets">,
): ReadonlySet<string> {
  const always = secretProperties(inputs);
  return secrets === undefined || secrets.size === 0 ? always : new Set([...always, ...secrets]);
}

/**
 * Creates a resource and waits until it is ready.
 *
 * @throws Incomplete when it exists but something later failed
 */
export async function create(
  definition: Definition,
  session: Session,
  inputs: Values,
  call: Call,
): Promise<Kept> {
  try {
    const verb = (context: Context<unknown>) =>
      definition.create(checkedInputs(definition, inputs), context);
    const made = await complete(definition, session, call, {}, verb);
    session.managed.add(definition, made, call);
    return made;
  } catch (error) {
    if (error instanceof Incomplete) session.managed.add(definition, error, call);
    throw explained(error, (id) => session.managed.at(definition, id));
  }
}

/**
 * Carries out what the plan marks for update, and waits until it is done.
 *
 * @throws ChangeRefused when the plan refuses or replaces; Incomplete when something failed after a first change
 */
export async function update(
  definition: Definition,
  session: Session,
  request: DiffRequest,
  call: Call,
): Promise<Kept> {
  const { id } = request;
  demandId(definition, id);
  const changes = changesOf(diffInPlace(definition, request));
  const inputs = checkedInputs(definition, request.news);
  const state = knownState(definition, request.state);
  const { predecessors, pending: isPending = false } = request.marks;
  return complete(definition, session, call, { id, predecessors }, (context) =>
    definition.update({ id, inputs, state, changes, isPending }, context),
  );
}

/**
 * Reads a resource back; undefined: gone.
 *
 * @param known the last known state, empty on an import
 */
export async function read(
  definition: Definition,
  session: Session,
  { id, state, marks }: Kept,
  call: Call,
): Promise<Kept | undefined> {
  demandId(definition, id);
  const context = contextOf(definition, session, call, () => {});
  const seen = await definition.read(id, knownState(definition, state), context);
  if (seen === "destroyed") return undefined;
  if (!seen) return keptWhileAppearing(definition.name, { id, state, marks }, session.clock, call);
  const { unfinished, predecessors } = marks;
  const found = kept({ ...seen, unfinished: seen.unfinished ?? unfinished, predecessors });
  const isKnown = Object.keys(state).length > 0;
  if (isKnown) session.managed.add(definition, found, call);
  // A resource that was ready once may be busy later for reasons that are not ours: no need to wait.
  return marks.pending || !isKnown ? markedIfPending(definition, found) : found;
}

/**
 * What a resource is still waiting for, if its creation or last change has not ended: `state "creating"`.
 */
export function pendingOf(
  definition: Definition,
  { state, marks }: Pick<Kept, "state" | "marks">,
): string | undefined {
  return marks.pending ? definition.pending?.(state) : undefined;
}

/** What a search found. */
export interface Found extends Kept {
  /** When it was created, if the state has no `createdAt`: RFC 3339. */
  createdAt?: string;
}

/**
 * Finds what an interrupted creation may have left, as states that the next run completes. Empty if
 * nothing is found, or if the creation of this resource leaves nothing on a server.
 */
export async function find(
  definition: Definition,
  session: Session,
  inputs: Values,
  call: Call,
): Promise<Found[]> {
  const context = contextOf(definition, session, call, () => {});
  const found = (await definition.find?.(inputs, context)) ?? [];
  return found
    .filter(({ state }) => !isLeaving(definition, state))
    .map((one) => ({ ...markedIfPending(definition, kept(one)), createdAt: one.createdAt }));
}

/** Whether the server is deleting a resource already. */
export function isLeaving(definition: Definition, state: Values): boolean {
  return definition.isLeaving?.(state) === true;
}

/** Deletes a resource and waits until it is gone. @throws ChangeRefused if its replacement is not ready */
export async function destroy(
  definition: Definition,
  session: Session,
  { id, state }: Pick<Kept, "id" | "state">,
  call: Call,
): Promise<void> {
  demandId(definition, id);
  const next = session.unready.get(call.urn ?? id);
  if (next !== undefined && next !== id) {
    const text = next === "" ? "replacement was not created" : `replacement ${next} is not ready`;
    const advice = "The next `pulumi up` goes on, and then deletes it.";
    throw new ChangeRefused(`${definition.name} ${id} was not deleted: its ${text}. ${advice}`);
  }
  const context = contextOf(definition, session, call, () => {});
  await definition.delete(id, knownState(definition, state), context);
  session.managed.delete(definition, { id, state });
}

/** Runs a verb that changes something. What exists is kept, whatever happens afterwards. */
async function complete(
  definition: Definition,
  session: Session,
  call: Call,
  before: { id?: string; predecessors?: readonly string[] },
  verb: (context: Context<unknown>) => Promise<Snapshot>,
): Promise<Kept> {
  let existing: Kept | undefined;
  let { predecessors } = before;
  const context = contextOf(definition, session, call, (snapshot) => {
    predecessors = snapshot.predecessors ?? predecessors;
    existing = kept({ ...snapshot, predecessors });
  });
  try {
    const made = kept({ ...(await verb(context)), predecessors });
    session.unready.delete(call.urn ?? "");
    return made;
  } catch (error) {
    session.unready.set(call.urn ?? "", existing?.id ?? before.id ?? "");
    if (!existing) throw error;
    throw new Incomplete(asPending(existing), error);
  }
}

/** What a definition says, as the engine keeps it. */
function kept({ id, state, unfinished, predecessors }: Snapshot): Kept {
  return { id, state: present(state), marks: { unfinished, predecessors } };
}

function markedIfPending(definition: Definition, found: Kept): Kept {
  return definition.pending?.(found.state) === undefined ? found : asPending(found);
}

function asPending(one: Kept): Kept {
  return { ...one, marks: { ...one.marks, pending: true } };
}

function contextOf(
  { system }: Definition,
  session: Session,
  call: Call,
  exists: Context<unknown>["exists"],
): Context<unknown> {
  const { urn, progress, warn } = call;
  const { clock, replaced } = session;
  return { ...readingOf(system, session, call), urn, progress, warn, clock, replaced, exists };
}

/** What a call that only reads gets. */
export function readingOf(system: System, session: Session, call: Timed): Reading<unknown> {
  const { signal, onWait } = call;
  // A malformed timeout is refused here.
  const api = session.api(system);
  return { signal, onWait, api, deadline: session.clock.now() + (call.timeout ?? session.timeout) };
}
