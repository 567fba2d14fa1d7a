import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { tail } from "../../../build/engine/process.ts";
import type { OperationResult, Workspace } from "../../../build/engine/workspace.ts";
import type { Values } from "../../../provider/resource/values.ts";
import type { FaultKind } from "../../../simulators/kit/fault.ts";
import { ended } from "../../simulators/kit/testing.ts";
import { yamlAccess } from "../../support/access.ts";
import type { Verb } from "../../support/subject.ts";
import { configOf, recover } from "../support.ts";
import { openYamlStack, reference, type YamlStack } from "../yaml.ts";
import { type Row, strikeOf } from "./rows.ts";

/**
 * A fault as the matrix orders it: `refused` is a server that is gone when the request comes, `unseen`
 * one that answers well and does not show at first what it created.
 */
export interface MatrixFault {
  kind: FaultKind | { type: "refused" } | { type: "unseen" };
  /** For how long reads and lists do not show what was created, in simulated seconds. Default: 0. */
  lag?: { details?: number; list?: number };
  /** The verbs that it strikes. Default: all. */
  verbs?: readonly Verb[];
  /** How long creations, changes and deletions may take while it strikes. Default: the provider's. */
  patience?: string;
  /** Whether the run that was struck fails, for only a user, or more time, can help. Default: false. */
  isFinal?: boolean;
  /** False: reads are left out, since it strikes them as another fault does. Default: true. */
  strikesReads?: boolean;
}

/** Which fault strikes a row at a verb, if any. */
export type Assignment = (row: Row, verb: Verb) => { name: string; fault: MatrixFault } | undefined;

/** What became of one fault at one verb of one resource. */
export interface Cell {
  name: string;
  fault: string;
  problems: string[];
  /** Whether the run that was struck succeeded all the same. */
  healed: boolean;
}

/** A row and what strikes it in a run. */
interface StruckRow {
  row: Row;
  name: string;
  fault: MatrixFault;
}

/** A stack with each resource, and those of other accounts. */
export class StruckStack implements AsyncDisposable {
  readonly #rows: readonly Row[];
  readonly #assigned: Assignment;
  readonly #stack: YamlStack;

  private constructor(rows: readonly Row[], assigned: Assignment, stack: YamlStack) {
    this.#rows = rows;
    this.#assigned = assigned;
    this.#stack = stack;
  }

  /** Starts the rows' servers and an empty stack. */
  static async start(rows: readonly Row[], assigned: Assignment): Promise<StruckStack> {
    for (const { simulator } of rows) await simulator.start();
    const [own] = rows;
    const stack = await openYamlStack({}, configOf(own?.account.access ?? {}));
    return new StruckStack(rows, assigned, stack);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workspace.dispose();
    for (const { simulator } of this.#rows) await ended(simulator);
  }

  /** Strikes a verb of all resources in one run, and brings everything to an end. */
  async strike(verb: Verb): Promise<Cell[]> {
    const version = verb === "create" || verb === "read" ? 0 : 1;
    const isDeclared = verb === "create" || verb === "update";
    const struck = this.#struckAt(verb);
    if (isDeclared) {
      await this.#declare(version, (row) => {
        const patience = this.#patienceOf(row, verb);
        return { create: patience, update: patience };
      });
    }
    const { result, missed } = await this.#runStruck(struck, verb);
    if (isDeclared && result.code !== 0 && isUnsettled(result)) {
      const { code, stdout, stderr } = await recover(this.#workspace, "--yes");
      if (code !== 0) throw new Error(`recover ended with ${code}:\n${stdout}${stderr}`);
    }
    // A deletion takes the time that the state says.
    if (isDeclared) {
      await this.#declare(version, (row) => ({ delete: this.#patienceOf(row, "delete") }));
    }
    const clean = await this.#run(verb);
    if (clean.steps.length === 0 && clean.code !== 0) throw new Error(tail(clean.stdout));
    const isChanged = clean.steps.some(({ op }) => op !== "same") && verb !== "delete";
    const plan = isChanged ? await this.#workspace.preview({ mayFail: true }) : clean;
    const problems = new Map(
      this.#rows.map((row) => [row, faultsOf(row, verb, version, clean, plan)]),
    );
    for (const row of missed) problems.get(row)?.unshift("the fault never struck");
    const cells = struck.map(({ row, name, fault }) => {
      const failure = errorsOf(result, row.name);
      const found = problems.get(row) ?? [];
      problems.delete(row);
      if (!fault.isFinal && failure.length > 0) found.push(`the struck run: ${failure}`);
      const cell = `${name} at ${row.name} ${verb}`;
      return { name: cell, fault: name, problems: found, healed: failure.length === 0 };
    });
    return cells;
  }

  get #workspace(): Workspace {
    return this.#stack.workspace;
  }

  #struckAt(verb: Verb): StruckRow[] {
    return this.#rows.flatMap((row) => {
      const assigned = row.strikes[verb] && this.#assigned(row, verb);
      return assigned ? [{ row, ...assigned }] : [];
    });
  }

  #patienceOf(row: Row, verb: Verb): string | undefined {
    return this.#assigned(row, verb)?.fault.patience;
  }

  /** Declares all resources, those of another account than the stack's with its provider. */
  #declare(version: 0 | 1, timeouts: (row: Row) => Values): Promise<void> {
    const [own, ...others] = new Set(this.#rows.map(({ account }) => account));
    const providers = new Map(others.map((account, index) => [account, `account${index + 2}`]));
    const declared: Record<string, { type: string; properties: Values; options?: Values }> = {};
    for (const [account, name] of providers) {
      const properties = yamlAccess(account.access);
      declared[name] = { type: "pulumi:providers:formations", properties };
    }
    for (const row of this.#rows) {
      const provider = providers.get(row.account);
      declared[row.name] = {
        type: `formations:index:${row.subject.name}`,
        properties: row.inputs[version],
        options: {
          customTimeouts: timeouts(row),
          ...(row.account !== own && provider && { provider: reference(provider) }),
        },
      };
    }
    return this.#stack.declare(declared);
  }

  /** Runs a verb under the faults; `missed` are the resources that none ever struck. */
  async #runStruck(struck: readonly StruckRow[], verb: Verb) {
    for (const { row, fault } of struck) {
      const { method, path, after } = strikeOf(row, verb);
      const { kind, lag = {} } = fault;
      setLag(row, lag);
      if (kind.type === "unseen") continue;
      if (kind.type !== "refused") row.simulator.order({ method, path, kind });
      else if (after) row.simulator.order({ ...after, kind: { type: "departure" } });
      else await row.simulator.refuse();
    }
    const leaving = struck.filter(({ fault }) => fault.kind.type === "refused");
    const eventLog = join(this.#workspace.project, `..`, `${verb}-struck.json`);
    const run = this.#run(verb, eventLog);
    const unseen = await reviveEach(
      leaving.map(({ row }) => row),
      eventLog,
      run,
    );
    const result = await run;
    const missed = struck
      .map(({ row }) => row)
      .filter((row) => unseen.includes(row) || row.simulator.faultsLeft().length > 0);
    for (const { row } of struck) {
      row.simulator.clearFaults();
      setLag(row, {});
    }
    return { result, missed };
  }

  #run(verb: Verb, eventLog?: string): Promise<OperationResult> {
    // A resource that waits for a retry does not keep the others waiting.
    const parallel = ["--parallel", `${this.#rows.length}`];
    const options = { mayFail: true, eventLog, args: parallel };
    const going = { ...options, args: [...parallel, "--continue-on-error"] };
    if (verb === "read") return this.#workspace.refresh(options);
    return verb === "delete" ? this.#workspace.destroy(going) : this.#workspace.up(going);
  }
}

/** What is wrong with a resource after the clean run. */
function faultsOf(
  row: Row,
  verb: Verb,
  version: 0 | 1,
  clean: OperationResult,
  plan: OperationResult,
): string[] {
  const problems = errorsOf(clean, row.name);
  const wanted = row.inputs[version];
  const there = row.subject.things?.(row.simulator);
  if (verb === "delete") {
    if (there?.length) problems.push(`left on the server: ${JSON.stringify(there)}`);
    if (clean.code !== 0) problems.push(`the clean run ended with ${clean.code}`);
    return problems;
  }
  const kept = clean.steps.findLast(
    ({ name, op }) => name === row.name && op !== "delete-replaced",
  );
  if (!kept) return [...problems, "the state has none"];
  const planned = plan.steps.filter(({ name }) => name === row.name).map(({ op }) => op);
  if (planned.some((op) => op !== "same")) problems.push(`the preview: ${planned.join(", ")}`);
  problems.push(...differences("the state", wanted, kept.newOutputs));
  if (!there) return problems;
  const [one] = there;
  if (!one || there.length > 1) problems.push(`${there.length} on the server`);
  else problems.push(...differences("the server", { ...wanted, id: kept.id }, one));
  return problems;
}

/**
 * Starts each server again as soon as its resource was refused a connection.
 *
 * @returns the rows that never were
 */
async function reviveEach(
  rows: readonly Row[],
  eventLog: string,
  run: Promise<OperationResult>,
): Promise<Row[]> {
  let waiting = [...rows];
  let ended = false;
  const end = run.finally(() => {
    ended = true;
  });
  while (!ended && waiting.length > 0) {
    await Promise.race([delay(50), end]);
    const lines = existsSync(eventLog) ? readFileSync(eventLog, "utf8").split("\n") : [];
    const refusals = lines.filter((line) => line.includes("ECONNREFUSED"));
    const refused = waiting.filter(({ name }) => {
      return refusals.some((line) => line.includes(`::${name}"`));
    });
    waiting = waiting.filter((row) => !refused.includes(row));
    for (const row of refused) await revive(row);
  }
  for (const row of waiting) await revive(row);
  return waiting;
}

function setLag({ simulator }: Row, { details = 0, list = 0 }: NonNullable<MatrixFault["lag"]>) {
  simulator.detailsLagSeconds = details;
  simulator.listLagSeconds = list;
}

async function revive({ simulator }: Row): Promise<void> {
  await simulator.close();
  await simulator.start();
}

function isUnsettled({ diagnostics }: OperationResult): boolean {
  return diagnostics.some(
    ({ ephemeral, message }) => !ephemeral && /may have taken effect/.test(message),
  );
}

function errorsOf({ diagnostics }: OperationResult, name: string): string[] {
  return diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`))
    .map(({ message }) => message.replaceAll(/\s+/g, " "));
}

/** Where something is not as the program says; the engine shows no secret. */
function differences(where: string, wanted: object, found: object): string[] {
  return Object.entries(wanted)
    .map(([key, value]) => [key, value, Reflect.get(found, key)] as const)
    .filter(([, value, seen]) => seen !== "[secret]" && !isDeepStrictEqual(seen, value))
    .map(([key, value, seen]) => {
      return `${where} has ${key} ${JSON.stringify(seen)}, not ${JSON.stringify(value)}`;
    });
}
