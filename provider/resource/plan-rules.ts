import type { Values } from "./values";

/** What a change becomes. `refuse` stops the preview, before anything is sent. */
export type Action = "keep" | "update" | "replace" | "refuse";

/** Whether a replacement is created before the old one is deleted, or after. */
export type Order = "new first" | "old first";

/** What a change can do to data and to service, the worst first. */
export const effectKinds = [
  "data loss",
  "deletion",
  "interruption",
  "redeployment",
  "in place",
  "none",
] as const;

/** What a change does to data and to service, for people who review it. */
export interface Effect {
  kind: (typeof effectKinds)[number];
  /** A sentence without its first capital and its full stop: `connections are interrupted briefly`. */
  text: string;
}

/**
 * What happened to a property, seen from the three sides of a plan:
 *
 * - `same`: the server has what the program asks for, except for its spelling;
 * - `unset`: the program does not set it and did not before;
 * - `removed`: the program set it before and no longer does;
 * - `unknown`: the value asked for is not known yet (only in a preview);
 * - `drifted`: the program asks for the same as before, but the server has something else;
 * - `changed`: the program asks for something new.
 */
export type Event = "same" | "unset" | "removed" | "unknown" | "drifted" | "changed";

/** One property's change, as a rule sees it. */
export interface Change {
  property: string;
  event: Event;
  /** What the program asked for last. */
  applied: unknown;
  /** What the server was last seen to have. */
  observed: unknown;
  /** What the program asks for now. */
  desired: unknown;
  /** The same three for the whole resource. */
  all: { applied: Values; observed: Values; desired: Values };
}

/** What documentation and plan both read from a rule. */
export interface Rule {
  /** What changes, in Markdown: the pages list the rules by it. */
  change: string;
  becomes: Action;
  order?: Order;
  /** Why, for people: shown on the pages and in the preview. */
  why: string;
  /**
   * What it does to data and service, with the same names filled in as in the warning. Default: an update
   * is in place and interrupts nothing. Every rule that replaces for a property has one: a test demands it.
   */
  effect?: Effect;
  /**
   * Shown in the preview when the rule applies, with `{property}`, `{applied}`, `{observed}`, `{desired}`
   * and `{effect}` filled in; any other name stands for that property, as asked or else as observed.
   */
  warning?: string;
}

/** A rule about properties. The first one that fits decides. */
export interface PropertyRule extends Rule {
  properties: readonly string[];
  /**
   * The events that it applies to. Default: `changed`. If no rule on `drifted` covers a drifted
   * property, the rule on `changed` decides, unless that is a replacement.
   */
  on?: readonly Event[];
  /** A further condition. */
  when?: (change: Change) => boolean;
  /** For `removed`: the value that the update goes back to. Default: the input's, or it is cleared. */
  to?: unknown;
}

/** A rule that decides about a property: the resource's own, or one of every resource. */
export type DecidingRule = Rule & Pick<PropertyRule, "to">;

/** What rules about a whole resource look at. They apply after the rules about properties. */
export interface WholeChange {
  applied: Values;
  observed: Values;
  desired: Values;
  /** The name was made by the provider, not given by the program. */
  autonamed: boolean;
  /** What the properties and the rules before this one have decided. */
  action: Action;
}

/** A rule about the resource as a whole. All rules that fit apply, in order. */
export interface WholeRule extends Rule {
  when: (change: WholeChange) => boolean;
  /** The output that shows why: a preview names it where no input is replaced. Default: the ID. */
  shownBy?: string;
}

/** What becomes of the changes of one resource. */
export interface PlanRules {
  properties: readonly PropertyRule[];
  whole?: readonly WholeRule[];
  /** The value that an absent optional input means. */
  defaults?: Readonly<Values>;
  /** Tells whether two spellings mean the same, if equality of the values is too strict. */
  same?: Readonly<Record<string, (desired: unknown, observed: unknown) => boolean>>;
  /** The input that gets a deterministic name if the program gives none. */
  autoname?: string;
  /**
   * What a replacement does because the old one is deleted first, although its rules would have the new one
   * first: a name that both would have, or an option of the program. Default: what its rules say.
   */
  oldFirst?: Effect;
}

/** The rules of every resource. They apply if none of its own rules does. */
export const commonRules = ruleSet({
  same: {
    change:
      'server and program agree, or differ only in spelling (`"100"` and `100`, absent and the default)',
    becomes: "keep",
    why: "nothing to do",
  },
  pending: {
    change: "a creation or change that has not ended",
    becomes: "update",
    why: "resumes waiting until it is ready",
  },
  unfinished: {
    change: "a property whose last change was interrupted",
    becomes: "update",
    why: "the last update was interrupted, so the value is sent again even if the server already shows it",
  },
  drift: {
    change: "drift of a property that can be updated",
    becomes: "update",
    why: "restores the program's value; `ignoreChanges` keeps the server's",
  },
  replaceOnlyDrift: {
    change: "**drift of a property that only a replacement can change**",
    becomes: "keep",
    why: "changes made outside of the program never destroy a resource",
    warning:
      "{property} is {observed} on the server but {desired} in the program. Only a replacement could change it back, so it is kept: put {observed} into the program.",
  },
  undecided: {
    change: "a replace-only property whose new value is not known yet",
    becomes: "replace",
    why: "treated as a replacement until the value is known; previews never reject unknown values",
  },
  undecidedUpdate: {
    change: "another property whose new value is not known yet",
    becomes: "update",
    why: "treated as an update until the value is known",
  },
  removed: {
    change:
      "an optional input that is removed from the program, unless a rule of the resource says otherwise",
    becomes: "keep",
    why: "the server keeps its value",
  },
  autoname: {
    change: "the generated name of a resource that exists",
    becomes: "keep",
    why: "a resource keeps its generated name; its replacement gets a new one, unless `pulumi:autonaming` makes the same",
  },
});

function ruleSet<Name extends string>(rules: Record<Name, Rule>): Readonly<Record<Name, Rule>> {
  return rules;
}

/** What the pages say of a rule: what the change becomes, and why. */
export function describeRule({ becomes, order, why }: Rule): string {
  const what = becomes === "replace" && order ? `**replace**, ${order}` : `**${becomes}**`;
  return `${what}: ${why}.`;
}

/** The warning that a preview shows where the rule applies, with the places of values marked. */
export function describeWarning({ warning, effect }: Rule): string | undefined {
  return warning?.replaceAll("{effect}", effect?.text ?? "").replaceAll(/\{(\w+)\}/g, "‹$1›");
}
