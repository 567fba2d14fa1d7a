import type { Effect } from "../../../provider/resource/plan-rules.ts";
import type { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import type { AntflySimulator } from "../../../simulators/antfly.ts";
import type { CitusSimulator } from "../../../simulators/citus.ts";
import type { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import type { Declared } from "../lifecycle/program.ts";

/** The four systems that the stack's resources are in. */
export interface Systems {
  citus: CitusSimulator;
  bridge: CrunchyBridgeSimulator;
  akkeris: AkkerisSimulator;
  antfly: AntflySimulator;
}

/**
 * A resource of the program that shows one rule of the plan, from its creation to the change that is
 * previewed. In between there are two refreshes, and a run between them.
 */
export interface Row {
  /** The rule, by its text in the plan table; absent: it shows what no rule is about. */
  change?: string;
  /** As the first run creates it; absent: it is not there yet. */
  before?: Declared;
  /** What happens to the system before the first refresh. */
  early?: (systems: Systems) => void;
  /** As the second run has it. Default: as before. */
  between?: Declared;
  /** What happens to the system before the second run, so that it fails. */
  hindrance?: (systems: Systems) => void;
  /** What happens to the system before the second refresh. */
  meanwhile?: (systems: Systems) => void;
  /** As the previewed program has it; absent: it no longer does. */
  after?: Declared;
  /** What the preview makes of it, in the engine's word; absent: nothing. */
  op?: "create" | "update" | "replace" | "delete";
  /** Of a replacement: which goes first. */
  order?: "new first" | "old first";
  /** What it does to data and service; absent: nothing to tell of. */
  effect?: Effect["kind"];
  /** What is said of it: a part of the reason, the effect or a note. */
  says?: string;
}

/** Rows by the resource's name in the program. */
export type Rows = Readonly<Record<string, Row>>;

/** A rule that refuses, which makes the preview fail: its row is in a preview of its own. */
export type Refusal = Required<Pick<Row, "change" | "before" | "after" | "says">>;

/** The gates that a row's change closes. */
export function gatesOf({ op, effect }: Pick<Row, "op" | "effect">): string[] {
  return [
    ...(effect === "data loss" ? ["data-loss"] : []),
    ...(effect === "deletion" || op === "delete" ? ["deletion"] : []),
    ...(op === "replace" ? ["replacement"] : []),
    ...(effect === "interruption" || effect === "redeployment" ? [effect] : []),
  ];
}
