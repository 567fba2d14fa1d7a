import { readStacks, type StackReading, type StacksOptions } from "../stack/readings";
import { compare, differencesOf, type Matrix } from "./matrix";
import { comparable, remarksOn } from "./stacks";

/** Stacks side by side, and what a reader has to know of them. */
export interface Comparison {
  /** Every stack that was asked for, those that could not be read or have no resources among them. */
  readings: readonly StackReading[];
  matrix: Matrix;
  /** Whether what is the same in all stacks is left out. */
  isDifferencesOnly: boolean;
  remarks: readonly string[];
}

/**
 * Reads stacks and compares them.
 *
 * @param differences whether to leave out what is the same in all stacks. Default: no
 * @returns also why stacks could not be read; they are left out of the matrix
 * @throws PulumiFailed if the project's stacks can't be listed, or if there are none
 */
export async function compareStacks(
  where: StacksOptions,
  differences = false,
): Promise<{ comparison: Comparison; problems: string[] }> {
  const readings = await readStacks(where);
  const whole = compare(comparable(readings));
  const matrix = differences ? differencesOf(whole) : whole;
  const remarks = remarksOn(readings);
  return {
    comparison: { readings, matrix, remarks, isDifferencesOnly: differences },
    problems: readings.flatMap(({ name, problem }) =>
      problem ? [`stack ${name} was not read: ${problem}`] : [],
    ),
  };
}

/** What is said in place of a matrix without rows; undefined: it has some. */
export function emptyText({ matrix, isDifferencesOnly }: Comparison): string | undefined {
  if (matrix.rows.length > 0) return undefined;
  if (matrix.stacks.length === 0) return "There is nothing to compare.";
  return isDifferencesOnly && matrix.others.length === 0
    ? "The stacks do not differ."
    : isDifferencesOnly
      ? "The stacks do not differ in resources of this package."
      : "The stacks have no resources of this package.";
}
