import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logicalName } from "../../../build/engine/state.ts";
import type {
  Diagnostic,
  OperationResult,
  Step,
  Workspace,
} from "../../../build/engine/workspace.ts";
import { resources } from "../../../provider/index.ts";
import type { Values } from "../../../provider/resource/values.ts";
import type { RecordedRequest } from "../../../simulators/kit/simulator.ts";
import { readsOnce } from "../../support/requests.ts";
import { type System, stem } from "./system.ts";

/** A request, with its body where it has one. */
export type Sent = string | [request: string, body: unknown];

/** What one step did, in words that are the same on each host. */
export interface StepRecord {
  /** By resource: `create`, `update`, `delete`, `replace new first: region`. None: as it was. */
  plan: Record<string, string>;
  /** What the user was told of each resource: `warning: …`, `info: …`. */
  says: Record<string, string[]>;
  /** What failed, by resource. */
  errors: Record<string, string[]>;
  /** By what they are about, in the order in which they came. */
  requests: Record<string, Sent[]>;
  /** What the system has then. */
  contents: unknown;
  /** Inputs and outputs in the state of what a step changed; of a preview none. */
  state: Record<string, RecordedState>;
  /** The secrets, by name, that can be read in the output or in the stack's state. */
  leaks: string[];
}

/** A resource in the stack's state; secrets are shown as `[secret]`. */
export interface RecordedState {
  id: string;
  inputs: Values;
  outputs: Values;
}

/** What only one host can say: not compared between them. */
export interface HostRecord extends StepRecord {
  /** The diff by property, where the host gives one: `{ it: { storage: "update" } }`. */
  details: Record<string, Record<string, string>>;
}

/** Which verb of the engine ran. */
export type Verb = "preview" | "up" | "refresh" | "destroy";

/** Reads off what a step did. The system's requests are taken. */
export function recordOf(
  verb: Verb,
  result: OperationResult,
  system: System,
  workspace: Workspace,
): HostRecord {
  const requests = system.simulator.requests;
  system.simulator.clearRequests();
  const aliases = system.aliases();
  const plain = plainly([...aliases, [system.simulator.url, "(url)"]]);
  const changed = result.steps.filter(({ op }) => op !== "same");
  const details = changed
    .filter(({ detailedDiff }) => Object.keys(detailedDiff).length > 0)
    .map(({ name, detailedDiff }) => [name, detailedDiff] as const);
  return {
    plan: plansOf(changed),
    says: plain(byResource(result, (diagnostic) => saidIn(diagnostic, aliases))),
    errors: plain(byResource(result, errorIn)),
    requests: plain(requestsOf(requests, system, verb)),
    contents: plain(system.contents()),
    state: verb === "preview" ? {} : plain(statesOf(changed)),
    leaks: leaksIn(system, result.stdout + result.stderr + stateOf(workspace)),
    details: Object.fromEntries(details),
  };
}

function leaksIn(system: System, text: string): string[] {
  const secrets = Object.entries(system.secrets());
  return secrets.filter(([, value]) => text.includes(value)).map(([name]) => name);
}

/** All files of the stack's backend. */
function stateOf({ project }: Workspace): string {
  const directory = join(project, "..", "state");
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

function plansOf(steps: readonly Step[]): Record<string, string> {
  const plans: Record<string, string> = {};
  for (const name of new Set(steps.map((step) => step.name))) {
    const own = steps.filter((step) => step.name === name);
    const [only] = own;
    const replaced = own.find(({ op }) => op === "replace");
    const order = own[0]?.op === "delete-replaced" ? "old first" : "new first";
    const keys = replaced?.replaceKeys.toSorted().join(", ");
    plans[name] = replaced ? `replace ${order}: ${keys}` : (only?.op ?? "");
  }
  return plans;
}

function statesOf(changed: readonly Step[]): Record<string, RecordedState> {
  const left = changed.filter(({ op }) => !["delete", "delete-replaced", "replace"].includes(op));
  return Object.fromEntries(
    left.map(({ name, id, newInputs, newOutputs }) => [
      name,
      { id, inputs: withoutMarks(newInputs), outputs: withoutMarks(newOutputs) },
    ]),
  );
}

/** Hidden keys are each host's own. */
function withoutMarks(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("__")));
}

/** What is told of each resource. */
function byResource(
  { diagnostics }: OperationResult,
  read: (diagnostic: Diagnostic) => Line | undefined,
): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const diagnostic of diagnostics) {
    const line = read(diagnostic);
    if (!line) continue;
    found[line.name] = [...(found[line.name] ?? []), line.text].toSorted();
  }
  return found;
}

interface Line {
  name: string;
  text: string;
}

const resourceNames = resources.map(({ name }) => name).join("|");
/** How the dynamic host names a resource whose URN it does not know: `Formation 4711: …`. */
const dynamicLine = new RegExp(`^(?:${resourceNames}) (\\S+?): (.*)$`, "s");

function saidIn(
  { severity, urn, message, ephemeral }: Diagnostic,
  aliases: ReadonlyMap<string, string>,
): Line | undefined {
  if (ephemeral || (severity !== "warning" && severity !== "info")) return undefined;
  if (urn && !urn.includes("::pulumi:pulumi:Stack::")) {
    const name = logicalName(urn);
    // Messages name the resource, since `--diff` shows none beside them: the plugin last, the dynamic host first.
    const text = message
      .replace(new RegExp(` \\(${name}\\)$`), "")
      .replace(new RegExp(`^${name} \\((?:${resourceNames})\\): `), "");
    return { name, text: `${severity}: ${text}` };
  }
  const [, label, text] = dynamicLine.exec(message) ?? [];
  if (!label) return undefined;
  return {
    name: stem(aliases.get(label) ?? label).replaceAll("'", ""),
    text: `${severity}: ${text}`,
  };
}

function errorIn({ severity, urn, message }: Diagnostic): Line | undefined {
  if (severity !== "error" || !urn || urn.includes("pulumi:pulumi:Stack")) return undefined;
  // Which resource the ID is for is known to the plugin only.
  const text = message
    .replace(/--adopt 'urn:[^']*=([^']*)'/, "--adopt NAME=$1")
    .replace(", where NAME is its name in the program", "");
  return { name: logicalName(urn), text };
}

function lineOf(request: Sent): string {
  return typeof request === "string" ? request : request[0];
}

function requestsOf(
  requests: readonly RecordedRequest[],
  system: System,
  verb: Verb,
): Record<string, Sent[]> {
  const found: Record<string, Sent[]> = {};
  for (const request of requests) {
    const { method, path, body } = request;
    const line = `${method} ${path}`;
    const subject = system.subject(request);
    found[subject] = [...(found[subject] ?? []), body === undefined ? line : [line, body]];
  }
  if (verb === "refresh") return found;
  const entries = Object.entries(found);
  return Object.fromEntries(entries.map(([subject, sent]) => [subject, readsOnce(sent, lineOf)]));
}

/** Replaces what is different each time: IDs by names, the server's address, times. */
function plainly(aliases: readonly [string, string][]): <T>(value: T) => T {
  return <T>(value: T): T => {
    let text = JSON.stringify(value);
    for (const [id, alias] of aliases) text = text.replaceAll(id, alias);
    text = text
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "(time)")
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(uuid)")
      .replaceAll(/request ID [a-z2-7]{26}/g, "request ID (id)")
      .replaceAll(/127\.0\.0\.1:\d+/g, "(host)");
    return JSON.parse(text);
  };
}
