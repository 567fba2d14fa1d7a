import type { Definition } from "../../provider/resource/definition";
import type { Effect } from "../../provider/resource/plan-rules";
import type { Values } from "../../provider/resource/values";
import type { ResourceState } from "../stack/deployment";

/*
 * What passes between the three parts of `formations explain`: `input` reads previews, `judgment` says what
 * each change does, `output` shows it.
 */

/** A preview, whichever form the engine wrote it in. */
export interface Preview {
  /** Where it was read from, for messages: a file's name, or `standard input`. */
  source: string;
  /** From the URNs; undefined: the preview has none, for instance because it failed early. */
  project?: string;
  stack?: string;
  /** Every step that the engine shows, in its order, the root stack's among them. */
  steps: Step[];
  /** Without debug and ephemeral ones, without colours. */
  diagnostics: Diagnostic[];
  policies: PolicyResult[];
  /** Whether the preview itself failed. */
  hasFailed: boolean;
  /** How many resources the engine says it would treat how, by its operation; undefined: it does not say. */
  counts?: Readonly<Record<string, number>>;
}

/** One step of a preview. */
export interface Step {
  /** The engine's word: `create`, `update`, `replace`, `delete`, `delete-replaced`, `same` … */
  op: string;
  urn: string;
  /** Absent where the engine does not show it. */
  old?: ResourceState;
  new?: ResourceState;
  /** What differs, by property path; undefined: the host does not say. */
  detailedDiff?: Readonly<Record<string, { kind: string; inputDiff: boolean }>>;
  /** The properties, or the engine's own words (`id`, `provider` …), that make it a replacement. */
  replaceReasons: readonly string[];
  diffReasons: readonly string[];
}

export interface Diagnostic {
  /** The engine's: `error`, `warning`, `info`, or `info#err` for what a program printed on standard error. */
  severity: string;
  urn?: string;
  message: string;
}

/** What a policy said of a resource, or of the stack. */
export interface PolicyResult {
  urn?: string;
  pack: string;
  policy: string;
  /** `mandatory`, `advisory`, `remediate`, `disabled`. */
  enforcement: string;
  message: string;
}

/** A value as people may see it. Only `value` holds what was in the preview. */
export type Shown =
  | { kind: "value"; value: unknown }
  | { kind: "secret" }
  /** The preview can't know it yet. */
  | { kind: "unknown" }
  | { kind: "absent" };

/** One property that changes. */
export interface PropertyChange {
  property: string;
  from: Shown;
  to: Shown;
  /** Why the plan treats it so; undefined: nothing decided about it. */
  why?: string;
  effect?: Effect;
  /** Whether a secret may have changed without the preview saying so. */
  mayDiffer?: boolean;
}

/** What happens to a resource, in a reviewer's words. */
export type Operation =
  | "create"
  | "replace"
  | "update"
  | "delete"
  /** Only the stack forgets it: `retainOnDelete`. It stays on the server and costs what it did. */
  | "abandon"
  | "import"
  | "read"
  /** Nothing happens, but there is something to say of it: drift that is kept. */
  | "keep"
  /** The plan, the check or protection refuses: `up` fails. */
  | "refuse";

/** What `up` does to one resource, explained. */
export interface ResourceChange {
  urn: string;
  /** The name in the program. */
  name: string;
  /** As a reader knows it: `Formation`, `aws:s3/bucket:Bucket`. */
  type: string;
  /** Undefined: another provider's. Those have no effect, no properties and no notes. */
  definition?: Definition;
  operation: Operation;
  /** Of a replacement: which goes first. Undefined: not known. */
  order?: "new first" | "old first";
  /** The worst of what it does. Of another provider's resource: not known, so `undefined`. */
  effect?: Effect;
  /** Why, as a whole; not repeated for each property. */
  reasons: readonly string[];
  /** Inputs that change, those with the worst effects first. */
  properties: readonly PropertyChange[];
  /** What else a reviewer has to know, the most important first: protected, unknown, drift that is kept. */
  notes: readonly string[];
  /** What the engine or a policy said of it, errors first. */
  messages: readonly Message[];
  /** What its cost depends on. Undefined: the preview does not show it. */
  priced?: PricedChange;
  /** Undefined: nobody asked, nothing becomes of its cost, or it is another provider's. */
  cost?: ChangedCost;
}

/**
 * What a resource's cost depends on, as `pricedOf` picks it, so that nothing else of a state is in here.
 * A side is undefined where there is no such resource then.
 */
export interface PricedChange {
  /** Its state. */
  before?: Values;
  /** Its state with the plan's changes; of what is created, its inputs. */
  after?: Values;
  /** Of a replacement: the old one stays on the server, which `retainOnDelete` asks for. */
  isRetained?: boolean;
}

/** What a resource costs per month, in US dollars; undefined: not known, and the note says why. */
export interface ChangedCost {
  before?: number;
  after?: number;
  /** What the figures leave out or assume: a sentence without its first capital and its full stop. */
  note?: string;
}

export interface Message {
  severity: "error" | "warning" | "info";
  text: string;
  /** The policy that says it. */
  policy?: string;
}

/** What `up` does to one stack, explained. */
export interface Explanation {
  source: string;
  project?: string;
  stack?: string;
  hasFailed: boolean;
  /** The worst first; of one effect, by name. Unchanged resources of which nothing is to be said are absent. */
  changes: readonly ResourceChange[];
  /** Messages of no resource: the program's, the stack's, policies'. */
  messages: readonly Message[];
  /** The engine's own counts. */
  counts?: Readonly<Record<string, number>>;
}
