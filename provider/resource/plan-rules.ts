import type { Values } from "./values";

/** What a change becomes. `refuse` stops the preview, before anything is sent. */
export type Action = "keep" | "update" | "replace" | "refuse";

/** Whether a replacement is created before the old one is deleted, or after. */
export type Order = "new first" | "old first";

/**
 * What happened to a property, seen from the three sides of a plan:
 *
 * - `same`: the server has what the program asks for, up to spelling;
 * - `unset`: the program neither sets it nor did before;
 * - `removed`: the program set it before and does no more;
 * - `unknown`: the value asked for is not known yet (in a preview only);
 * - `drifted`: the program asks what it asked before, the server has something else;
 * - `changed`: the program asks for something new.
 */
export type Event = "same" | "unset" | "removed" | "unknown" | "drifted" | "changed";

/** One property's change, as a rule sees it. */
export interface Change {
  property: string;
  event: Event;
  /** What the program asked last. */
  applied: unknown;
  /** What the server was last seen to have. */
  observed: unknown;
  /** What the program asks now. */
  desired: unknown;
  /** The same three for the whole resource. */
  all: { applied: Values; observed: Values; desired: Values };
}

/** What the documentation and the plan both read off a rule. */
interface Rule {
  /** The left column of the plan table, in Markdown. */
  change: string;
  becomes: Action;
  order?: Order;
  /** Why, for people; it stands in the plan table and in the preview. */
  why: string;
  /**
   * Shown in the preview where the rule applies. `{property}`, `{applied}`, `{observed}` and
   * `{desired}` are filled in.
   */
  warning?: string;
}

/** A rule about properties. The first that fits decides. */
export interface PropertyRule extends Rule {
  properties: readonly string[];
  /**
   * The events that it is about; `changed` where not said. A drifted property that no rule on
   * `drifted` covers is decided as `changed`, if that is not a replacement.
   */
  on?: readonly Event[];
  /** Narrows the rule down further. */
  when?: (change: Change) => boolean;
  /** For `removed`: the value that the update goes back to. Default: the input's, or it is cleared. */
  to?: unknown;
}

/** What decides about a property: a rule of the resource's own, or one that every resource has. */
export type DecidingRule = Rule & Pick<PropertyRule, "to">;

/** What the rules about a whole resource look at: the properties are decided by then. */
export interface WholeChange {
  applied: Values;
  observed: Values;
  desired: Values;
  /** The name was made by the provider, not given by the program. */
  autonamed: boolean;
  /** What the properties, and the rules above this one, have made of the change so far. */
  action: Action;
}

/** A rule about the resource as a whole. All that fit apply, in order. */
export interface WholeRule extends Rule {
  when: (change: WholeChange) => boolean;
  /** The output that shows why: a preview names it where no input is replaced. Default: the ID. */
  shownBy?: string;
}

/** The plan table of one resource. */
export interface PlanRules {
  properties: readonly PropertyRule[];
  whole?: readonly WholeRule[];
  /** The value that an absent optional input means. */
  defaults?: Readonly<Values>;
  /** Spellings that mean the same, where equality of the values is too strict. */
  same?: Readonly<Record<string, (desired: unknown, observed: unknown) => boolean>>;
  /** The input that holds a deterministic name where the program gives none. */
  autoname?: string;
}

/** The rules of every resource, which apply where none of its own does. */
export const commonRules = ruleSet({
  same: {
    change:
      'server and program agree, or differ in spelling only (`"100"` and `100`, absent and the default)',
    becomes: "keep",
    why: "nothing to do",
  },
  pending: {
    change: "a creation or change that has not ended",
    becomes: "update",
    why: "goes on waiting until it is ready",
  },
  unfinished: {
    change: "a property whose last change was interrupted",
    becomes: "update",
    why: "what the server shows of it may not be what runs, so it is sent again",
  },
  drift: {
    change: "drift of a property that can be updated",
    becomes: "update",
    why: "back to what the program asks; `ignoreChanges` keeps what the server has",
  },
  replaceOnlyDrift: {
    change: "**drift of a property that can only be replaced**",
    becomes: "keep",
    why: "what happened outside of the program never destroys a resource",
    warning:
      "{property} is {observed} on the server but {desired} in the program, which only a replacement could undo. It is kept: put {observed} into the program.",
  },
  undecided: {
    change: "a replace-only property whose new value is not known yet",
    becomes: "replace",
    why: "undecided until the value is known; a preview refuses nothing that is undecided",
  },
  undecidedUpdate: {
    change: "another property whose new value is not known yet",
    becomes: "update",
    why: "undecided until the value is known",
  },
  removed: {
    change: "an optional input removed from the program, unless a row below says otherwise",
    becomes: "keep",
    why: "the server keeps its value",
  },
  autoname: {
    change: "a name that the provider made, of a resource that exists",
    becomes: "keep",
    why: "a resource keeps its name as long as it lives; its replacement gets another",
  },
});

function ruleSet<Name extends string>(rules: Record<Name, Rule>): Readonly<Record<Name, Rule>> {
  return rules;
}

/** The right column of the plan table. */
export function describeRule(rule: Rule): string {
  const what =
    rule.becomes === "replace" && rule.order ? `**replace**, ${rule.order}` : `**${rule.becomes}**`;
  const warning = rule.warning ? ` Warning: ${rule.warning.replaceAll(/\{(\w+)\}/g, "‹$1›")}` : "";
  return `${what}: ${rule.why}.${warning}`;
}
