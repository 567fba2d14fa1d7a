import { isDeepStrictEqual } from "node:util";
import type { Autonamed } from "./marks";
import {
  type Action,
  type Change,
  commonRules,
  type DecidingRule,
  type Effect,
  type Event,
  effectKinds,
  type Order,
  type PlanRules,
  type PropertyRule,
} from "./plan-rules";
import { fill } from "./plan-text";
import { containsUnknown, type Values } from "./values";

/** The three sides that a plan compares, without hidden keys. */
export interface PlanRequest {
  /** What the program asked for last: the inputs of its last run. */
  applied: Values;
  /** What the server was last seen to have: the state. */
  observed: Values;
  /** What the program asks for now. */
  desired: Values;
  /** Whether the program left the name to be made. Default: false. */
  autonamed?: Autonamed;
  /** Properties whose last change was interrupted: what the server shows of them may not be true. */
  unfinished?: readonly string[];
  /** What the resource is still waiting for, if its creation or a change has not ended. */
  pending?: string;
  /** Properties that hold a secret: no message shows their values. */
  secrets?: ReadonlySet<string>;
}

/** What a change of one property becomes. */
export interface PropertyPlan {
  property: string;
  action: Action;
  why: string;
  /** What the server has. */
  from: unknown;
  /** What it will have if the action is carried out; undefined: cleared. */
  to: unknown;
  /** What that does to data and service. Default: an update is in place and interrupts nothing. */
  effect?: Effect;
  /** Whether the value is not known yet, so that another action may result. */
  undecided: boolean;
}

/** What a change of a resource becomes. */
export interface Plan {
  action: Action;
  /** Set if the action is `replace`. */
  order?: Order;
  /** The properties that are not kept. */
  changes: PropertyPlan[];
  /** Why the resource as a whole is updated, replaced or refused, besides its properties. */
  reasons: string[];
  /** What a reviewer has to know: data loss, interruption, redeployment. */
  warnings: string[];
  /** The worst of what it does to data and service. Default: see `PropertyPlan.effect`. */
  effect?: Effect;
  /** The output that shows why the resource as a whole is replaced, if there is one. */
  shownBy?: string;
}

/**
 * Decides what a change becomes. Pure: no I/O, the same answer for the same three sides.
 *
 * @param keys the resource's inputs, in the order of its schema
 */
export function plan(keys: readonly string[], rules: PlanRules, request: PlanRequest): Plan {
  const warnings = new Set<string>();
  const reasons: string[] = [];
  let shownBy: string | undefined;
  const open = keys.filter((property) => !isSettled(property, request));
  const decided = open.map((property) => decide(property, rules, request, warnings));
  const changes = decided.filter((change) => change.action !== "keep");

  const autonamed = Boolean(request.autonamed);
  let action = strongest(changes.map((change) => change.action));
  const replaces = changes.filter((change) => change.action === "replace");
  const orders = new Set(replaces.map((change) => change.order));
  let effect = changes.map((change) => change.effect).reduce(worse, undefined);
  const undecided = replaces.length > 0 && replaces.every((change) => change.undecided);
  for (const rule of rules.whole ?? []) {
    if (action === "refuse" || !rule.when({ ...request, autonamed, action })) continue;
    if (rule.becomes === "refuse" && undecided) continue;
    const before = action;
    action = strongest([action, rule.becomes]);
    // The reasons of a weaker action do not explain a stronger one.
    if (action !== before) reasons.length = 0;
    orders.add(rule.order);
    if (action === rule.becomes && rule.becomes !== "keep") reasons.push(rule.why);
    if (action === "replace") shownBy ??= rule.shownBy;
    if (rule.warning) warnings.add(rule.warning.replace("{effect}", rule.effect?.text ?? ""));
    // Of two that are equally bad, the one of the whole is truer: it knows the order of a replacement.
    effect = worse(rule.effect, effect);
  }
  if (action === "replace" && replaces.length > 0 && keepsMadeName(rules, request)) {
    orders.add("old first");
    reasons.push(
      "`pulumi:autonaming` makes the same name for the new one, so the old one is deleted first",
    );
    effect = worse(rules.oldFirst, effect);
  }
  if (request.pending !== undefined && action === "keep") {
    action = commonRules.pending.becomes;
    reasons.push(`${commonRules.pending.why} (${request.pending})`);
  }
  const order = action === "replace" ? orderOf(orders) : undefined;
  const said = { reasons, warnings: [...warnings], effect, shownBy };
  return { action, order, changes: changes.map(strip), ...said };
}

/** Whether a replacement would get the name that the old one has, though the program gives none. */
function keepsMadeName(
  { autoname: key }: PlanRules,
  { autonamed, observed, desired }: PlanRequest,
): boolean {
  if (!key || autonamed !== "proposed" || containsUnknown(desired[key])) return false;
  return desired[key] !== undefined && desired[key] === observed[key];
}

/** The properties that a plan marks for update, with the values to send. */
export function changesOf(plan: Plan): Values {
  return Object.fromEntries(
    plan.changes
      .filter((change) => change.action === "update")
      .map((change) => [change.property, change.to]),
  );
}

/**
 * The keys that a host names as replaced: properties, or the output that shows why. Engines replace only
 * if a key is named. If nothing else shows why, it is the ID, which every resource has.
 */
export function replacedKeys({ action, changes, shownBy = "id" }: Plan): string[] {
  if (action !== "replace") return [];
  const replaced = changes.filter((change) => change.action === "replace");
  return replaced.length > 0 ? replaced.map(({ property }) => property) : [shownBy];
}

/** What a preview says of a plan beside the values that change. */
export interface Remark {
  severity: "warning" | "info";
  text: string;
}

/** Everything that a plan says to people. */
export function remarksOf({ action, warnings, changes, reasons }: Plan): Remark[] {
  const undecided = changes.filter((change) => change.undecided && change.action === "replace");
  return [
    ...warnings.map((text) => remark("warning", text)),
    ...undecided.map(({ property, why }) => remark("info", `${property}: replace: ${why}`)),
    ...reasons.map((reason) => remark("info", `${action}: ${reason}`)),
  ];
}

function remark(severity: Remark["severity"], text: string): Remark {
  return { severity, text };
}

type Decision = PropertyPlan & { order?: Order };

/** Whether no rule has to decide: the server has exactly what is asked, or nothing was ever asked. */
function isSettled(property: string, { applied, observed, desired, unfinished }: PlanRequest) {
  const asked = desired[property];
  if (unfinished?.includes(property)) return false;
  if (asked === undefined) return applied[property] === undefined;
  return asked === observed[property] && !containsUnknown(asked);
}

function decide(
  property: string,
  rules: PlanRules,
  request: PlanRequest,
  warnings: Set<string>,
): Decision {
  const change = observe(property, rules, request);
  const rule = ruleFor(change, rules, request);
  const to = target(change, rule, rules);
  const done = rule !== commonRules.unfinished && same(rules, property, to, change.observed);
  const action = rule.becomes === "update" && done ? "keep" : rule.becomes;
  const text = rule.effect && fill(rule.effect.text, change, request.secrets);
  if (rule.warning && (action !== "keep" || rule.becomes === "keep")) {
    const warning = rule.warning.replace("{effect}", () => text ?? "");
    warnings.add(fill(warning, change, request.secrets));
  }
  return {
    property,
    action,
    why: rule.why,
    from: change.observed,
    to,
    effect: rule.effect && text !== undefined ? { ...rule.effect, text } : undefined,
    undecided: change.event === "unknown",
    order: rule.order,
  };
}

function target(change: Change, rule: DecidingRule, rules: PlanRules): unknown {
  if (change.event === "unset") return change.observed;
  if (change.event !== "removed") return change.desired;
  return rule.to ?? rules.defaults?.[change.property];
}

function observe(property: string, rules: PlanRules, request: PlanRequest): Change {
  const applied = request.applied[property];
  const observed = request.observed[property];
  const desired = request.desired[property];
  const event = eventOf(rules, property, { applied, observed, desired });
  return { property, event, applied, observed, desired, all: request };
}

function eventOf(
  rules: PlanRules,
  property: string,
  { applied, observed, desired }: Pick<Change, "applied" | "observed" | "desired">,
): Event {
  if (containsUnknown(desired)) return "unknown";
  if (desired === undefined) return applied === undefined ? "unset" : "removed";
  if (same(rules, property, desired, observed)) return "same";
  return same(rules, property, desired, applied) ? "drifted" : "changed";
}

/** Whether two values of a property mean the same, up to spelling. */
export function same(rules: PlanRules, property: string, a: unknown, b: unknown): boolean {
  const fallback = rules.defaults?.[property];
  const [left, right] = [a ?? fallback, b ?? fallback];
  if (left === undefined || right === undefined) return left === right;
  return rules.same?.[property]?.(left, right) ?? isDeepStrictEqual(left, right);
}

function ruleFor(change: Change, rules: PlanRules, request: PlanRequest): DecidingRule {
  if (change.event === "same" || change.event === "unset") {
    return request.unfinished?.includes(change.property)
      ? commonRules.unfinished
      : commonRules.same;
  }
  if (change.property === rules.autoname && request.autonamed) return commonRules.autoname;
  const own = find(change, rules, change.event);
  if (own) return own;
  const whenChanged = find({ ...change, event: "changed" }, rules, "changed");
  switch (change.event) {
    case "removed":
      return commonRules.removed;
    case "unknown":
      if (!whenChanged || whenChanged.becomes === "keep") return commonRules.same;
      return isReplaceOnly(change.property, rules)
        ? { ...commonRules.undecided, order: whenChanged.order, effect: whenChanged.effect }
        : commonRules.undecidedUpdate;
    default:
      if (change.event === "drifted" && whenChanged?.becomes === "replace") {
        return commonRules.replaceOnlyDrift;
      }
      return whenChanged ?? commonRules.same;
  }
}

function find(change: Change, rules: PlanRules, event: Event): PropertyRule | undefined {
  return rules.properties.find(
    (rule) =>
      rule.properties.includes(change.property) &&
      (rule.on ?? ["changed"]).includes(event) &&
      (rule.when?.(change) ?? true),
  );
}

/** Whether only a replacement can change the property. */
export function isReplaceOnly(property: string, rules: PlanRules): boolean {
  const own = rules.properties.filter(
    (rule) => rule.properties.includes(property) && (rule.on ?? ["changed"]).includes("changed"),
  );
  return own.some((rule) => rule.becomes === "replace" && !rule.when);
}

const strength: Record<Action, number> = { keep: 0, update: 1, replace: 2, refuse: 3 };

function strongest(actions: Action[]): Action {
  return actions.reduce((a, b) => (strength[b] > strength[a] ? b : a), "keep");
}

/** Old first if any rule asks for it: then the two can't exist at the same time. */
function orderOf(orders: ReadonlySet<Order | undefined>): Order {
  return orders.has("old first") ? "old first" : "new first";
}

/** The worse of two effects, the first of two that are equally bad. */
export function worse(one: Effect | undefined, other: Effect | undefined): Effect | undefined {
  if (!one || !other) return one ?? other;
  return effectKinds.indexOf(other.kind) < effectKinds.indexOf(one.kind) ? other : one;
}

function strip({ order: _, ...change }: Decision): PropertyPlan {
  return change;
}
