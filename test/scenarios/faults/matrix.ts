import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, expect, test } from "vitest";
import { tail } from "../../../build/engine/process.ts";
import type { OperationResult, Workspace } from "../../../build/engine/workspace.ts";
import type { FaultKind } from "../../../simulators/kit/fault.ts";
import { configOf, recover } from "../support.ts";
import { reference, type YamlStack, yamlStack } from "../yaml.ts";
import {
  accessTo,
  account,
  changingRows,
  lookingRows,
  type Row,
  type Strike,
  type Verb,
  verbs,
} from "./rows.ts";

/** A fault as the matrix orders it: `refused` is a server that is gone when the request comes. */
export interface MatrixFault {
  kind: FaultKind | { type: "refused" };
  /** How long creations, changes and deletions may take while it strikes. Default: the provider's. */
  patience?: string;
  /** Whether the run that was struck fails, for only a user, or more time, can help. Default: false. */
  isFinal?: boolean;
  /** False: reads are left out, since it strikes them as another fault does. Default: true. */
  strikesReads?: boolean;
}

/** What became of one fault at one verb of one resource. */
interface Cell {
  name: string;
  problems: string[];
  /** Whether the run that was struck succeeded all the same. */
  healed: boolean;
}

/**
 * Declares a test for each fault: it strikes one request of each verb of each resource, on the plugin's
 * process under the engine. After each strike comes one run more, and `formations recover` before that
 * where it is not known what a creation left. Then the servers have just what the program declares.
 */
export function faultMatrix(faults: Record<string, MatrixFault>): void {
  const cells: Cell[] = [];
  const silent = new Set<string>();

  test.each(Object.entries(faults))("%s: nothing is lost, doubled or left", async (name, fault) => {
    const stack = await Stack.start(fault);
    for (const { type, strikes } of stack.rows.filter((row) => row.name === row.type)) {
      for (const verb of verbs) if (!strikes[verb]) silent.add(`${type} ${verb}`);
    }
    const struck: Cell[] = [];
    for (const verb of verbs) struck.push(...(await stack.strike(name, verb)));
    cells.push(...struck);
    expect(linesOf(struck)).toEqual([]);
  });

  afterAll(() => {
    const failed = linesOf(cells);
    const healed = cells.filter((cell) => cell.healed).length;
    console.log(
      [
        `Fault matrix: ${cells.length} cells tried, ${cells.length - failed.length} passed, ${healed} of them within the struck run.`,
        `Verbs that send nothing, not counted: ${[...silent].join(", ")}.`,
        ...failed,
      ].join("\n"),
    );
  });
}

function linesOf(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ problems }) => problems.length > 0)
    .map(({ name, problems }) => `${name}: ${problems.join("; ")}`);
}

/** A stack with each resource, and those of another account that are struck elsewhere. */
class Stack {
  readonly rows: readonly Row[];
  private readonly fault: MatrixFault;
  private readonly workspace: Workspace;
  private readonly declare: (options: object, version: 0 | 1) => Promise<void>;

  private constructor(
    fault: MatrixFault,
    rows: readonly Row[],
    { workspace }: YamlStack,
    declare: (options: object, version: 0 | 1) => Promise<void>,
  ) {
    this.fault = fault;
    this.rows = rows;
    this.workspace = workspace;
    this.declare = declare;
  }

  static async start(fault: MatrixFault): Promise<Stack> {
    const [first, second] = [await account(), await account()];
    const changing = changingRows(first);
    const looking = lookingRows(second);
    const stack = await yamlStack({}, configOf(accessTo(first)));
    const plain = Object.entries(accessTo(second)).map(([key, value]) => {
      return [key, typeof value === "string" ? value : value.secret];
    });
    const other = {
      type: "pulumi:providers:formations",
      properties: { ...Object.fromEntries(plain), citusRequestsPerMinute: 6000 },
    };
    const declare = (options: object, version: 0 | 1) => {
      const declared = (row: Row, own: object) => ({
        [row.name]: {
          type: `formations:index:${row.type}`,
          properties: row.inputs[version],
          options: { ...options, ...own },
        },
      });
      return stack.declare({
        other,
        ...Object.assign({}, ...changing.map((row) => declared(row, {}))),
        ...Object.assign(
          {},
          ...looking.map((row) => declared(row, { provider: reference("other") })),
        ),
      });
    };
    return new Stack(fault, [...changing, ...looking], stack, declare);
  }

  /** Strikes a verb of all resources in one run, and brings everything to an end. */
  async strike(fault: string, verb: Verb): Promise<Cell[]> {
    const { patience, strikesReads = true } = this.fault;
    const version = verb === "create" || verb === "read" ? 0 : 1;
    const hurry = { customTimeouts: { create: patience, update: patience } };
    const isDeclared = verb === "create" || verb === "update";
    if (isDeclared) await this.declare(patience ? hurry : {}, version);
    const struckRows =
      verb === "read" && !strikesReads ? [] : this.rows.filter(({ strikes }) => strikes[verb]);

    const { result, missed } = await this.struck(struckRows, verb);
    const problems = new Map(this.rows.map(({ name }) => [name, [] as string[]]));
    for (const name of missed) problems.get(name)?.push("the fault never struck");
    if (isDeclared && result.code !== 0 && isUnsettled(result)) {
      const { code, stdout, stderr } = await recover(this.workspace, "--yes");
      if (code !== 0) throw new Error(`recover ended with ${code}:\n${stdout}${stderr}`);
    }
    // A deletion takes the time that the state says.
    if (isDeclared)
      await this.declare(patience ? { customTimeouts: { delete: patience } } : {}, version);
    const clean = await this.run(verb);
    if (clean.steps.length === 0 && clean.code !== 0) throw new Error(tail(clean.stdout));
    const after = clean.steps.some(({ op }) => op !== "same") && verb !== "delete";
    const plan = after ? await this.workspace.preview({ mayFail: true }) : clean;
    for (const row of this.rows) {
      const found = problems.get(row.name) ?? [];
      found.push(...this.faultsOf(row, verb, version, clean, plan));
    }
    return struckRows.map(({ name }) => {
      const failure = errorsOf(result, name);
      const found = problems.get(name) ?? [];
      if (!this.fault.isFinal && failure.length > 0) found.push(`the struck run: ${failure}`);
      return {
        name: `${fault} at ${name} ${verb}`,
        problems: found,
        healed: failure.length === 0,
      };
    });
  }

  /** Runs a verb under the fault; `missed` are the resources that it never struck. */
  private async struck(rows: readonly Row[], verb: Verb) {
    const { kind } = this.fault;
    const struck = rows.map((row) => ({ row, strike: strikeOf(row, verb) }));
    if (kind.type === "refused") {
      for (const { row, strike } of struck) {
        if (strike.after) row.simulator.order({ ...strike.after, kind: { type: "departure" } });
        else row.simulator.refuse();
      }
    } else {
      for (const { row, strike } of struck) {
        row.simulator.order({ method: strike.method, path: strike.path, kind });
      }
    }
    const eventLog = join(this.workspace.project, `..`, `${verb}-struck.json`);
    const running = this.run(verb, eventLog);
    const refused = kind.type === "refused" ? await reviveEach(rows, eventLog, running) : rows;
    const result = await running;
    const missed = rows.filter(
      (row) => !refused.includes(row) || row.simulator.faultsLeft().length > 0,
    );
    for (const { simulator } of rows) simulator.clearFaults();
    return { result, missed: missed.map(({ name }) => name) };
  }

  private run(verb: Verb, eventLog?: string): Promise<OperationResult> {
    const options = { mayFail: true, eventLog };
    const going = { ...options, args: ["--continue-on-error"] };
    if (verb === "read") return this.workspace.refresh(options);
    return verb === "delete" ? this.workspace.destroy(going) : this.workspace.up(going);
  }

  /** What is wrong with a resource after the clean run. */
  private faultsOf(
    row: Row,
    verb: Verb,
    version: 0 | 1,
    clean: OperationResult,
    plan: OperationResult,
  ): string[] {
    const problems = errorsOf(clean, row.name);
    const wanted = row.inputs[version];
    const there = row.exists?.();
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
}

function strikeOf({ name, strikes }: Row, verb: Verb): Strike {
  const strike = strikes[verb];
  if (!strike) throw new Error(`${name} is not struck at ${verb}`);
  return strike;
}

/** Starts each server again as soon as its resource was refused a connection. */
async function reviveEach(
  rows: readonly Row[],
  eventLog: string,
  running: Promise<OperationResult>,
): Promise<Row[]> {
  const refused: Row[] = [];
  let ended = false;
  const end = running.finally(() => {
    ended = true;
  });
  while (!ended && refused.length < rows.length) {
    await Promise.race([delay(50), end]);
    const lines = existsSync(eventLog) ? readFileSync(eventLog, "utf8").split("\n") : [];
    const told = lines.filter((line) => line.includes("ECONNREFUSED"));
    for (const row of rows.filter((one) => !refused.includes(one))) {
      if (!told.some((line) => line.includes(`::${row.name}"`))) continue;
      refused.push(row);
      await revive(row);
    }
  }
  for (const row of rows.filter((one) => !refused.includes(one))) await revive(row);
  return refused;
}

async function revive({ simulator }: Row): Promise<void> {
  await simulator.close();
  await simulator.start();
}

function isUnsettled({ diagnostics }: OperationResult): boolean {
  return diagnostics.some(
    ({ ephemeral, message }) => !ephemeral && /took effect is not known/.test(message),
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
