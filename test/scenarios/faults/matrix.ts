import { afterAll, beforeAll, expect, test } from "vitest";
import { type Verb, verbs } from "../../support/subject.ts";
import { matrixRows, type Row } from "./rows.ts";
import { type Assignment, type Cell, type MatrixFault, StruckStack } from "./stack.ts";

/** Faults by what is said of them. */
export type Faults = Readonly<Record<string, MatrixFault>>;

const timeoutMs = 10 * 60_000;

/**
 * Declares a test for each fault: it strikes one request of each verb of each resource, on the plugin's
 * process under the engine. After each strike comes one more run, and `formations recover` before that
 * where it is not known what a creation left. Then the servers have just what the program declares.
 *
 * The faults share a stack, which has every resource once for each of them, in accounts of its own: so
 * they share the engine's runs, and wait at the same time. A fault that ends a refresh must be alone, since
 * the engine then reads no other resource.
 */
export function faultMatrix(faults: Faults): void {
  const cells: Cell[] = [];
  beforeAll(async () => {
    const all = Object.entries(faults).map(([name, fault], index) => ({
      ...{ name, fault, rows: matrixRows(`${index}`) },
    }));
    const assigned = new Map(all.flatMap(({ rows, ...one }) => rows.map((row) => [row, one])));
    const struck = await strikeAll([...assigned.keys()], (row, verb) => {
      const one = assigned.get(row);
      return one && strikes(one.fault, verb) ? one : undefined;
    });
    cells.push(...struck);
  }, timeoutMs);
  test.each(Object.keys(faults))("%s: nothing is lost, doubled or left", (name) => {
    const struck = cells.filter(({ fault }) => fault === name);
    expect(struck).not.toEqual([]);
    expect(linesOf(struck)).toEqual([]);
  });
  afterAll(() => report(cells));
}

/**
 * Declares one test of all faults: each verb of each resource is struck by one of them, and each of
 * them strikes somewhere. It takes each resource once where {@link faultMatrix} takes it once per fault.
 */
export function faultSample(faults: Faults): void {
  const cells: Cell[] = [];
  test("a fault at each verb of each resource: nothing is lost, doubled or left", async () => {
    const rows = matrixRows();
    const struck = await strikeAll(rows, spread(rows, faults));
    cells.push(...struck);
    expect(linesOf(struck)).toEqual([]);
    const strikers = new Set(struck.map(({ fault }) => fault));
    expect([...strikers].toSorted()).toEqual(Object.keys(faults).toSorted());
  });
  afterAll(() => report(cells));
}

/** Strikes verb after verb of one stack. */
async function strikeAll(rows: readonly Row[], assigned: Assignment): Promise<Cell[]> {
  await using stack = await StruckStack.start(rows, assigned);
  const cells: Cell[] = [];
  for (const verb of verbs) cells.push(...(await stack.strike(verb)));
  return cells;
}

/** Deals the faults out to the verbs of the rows, again and again until each verb has one. */
function spread(rows: readonly Row[], faults: Faults): Assignment {
  const all = Object.entries(faults).map(([name, fault]) => ({ name, fault }));
  const dealt = new Map<string, (typeof all)[number]>();
  const times = new Map(all.map((one) => [one, 0]));
  for (const verb of verbs) {
    // The engine ends a refresh at the first failure, before it has read the other resources.
    const pack = all.filter(
      ({ fault }) => strikes(fault, verb) && !(verb === "read" && fault.isFinal),
    );
    for (const { name, strikes: at } of rows) {
      if (!at[verb]) continue;
      const [fault] = pack.toSorted((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0));
      if (!fault) continue;
      times.set(fault, (times.get(fault) ?? 0) + 1);
      dealt.set(`${name} ${verb}`, fault);
    }
  }
  return ({ name }, verb) => dealt.get(`${name} ${verb}`);
}

function strikes({ strikesReads, verbs: struck = verbs }: MatrixFault, verb: Verb): boolean {
  return struck.includes(verb) && !(verb === "read" && strikesReads === false);
}

function report(cells: readonly Cell[]): void {
  const failed = linesOf(cells);
  const healed = cells.filter((cell) => cell.healed).length;
  const passed = cells.length - failed.length;
  console.log(
    [
      `Fault matrix: ${cells.length} cells tried, ${passed} passed, ${healed} of them within the struck run.`,
      ...failed,
    ].join("\n"),
  );
}

function linesOf(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ problems }) => problems.length > 0)
    .map(({ name, problems }) => `${name}: ${problems.join("; ")}`);
}
