import type { StackReading } from "../../stack/readings";
import type { Comparison } from "../comparison";
import type { Setting } from "../entry";
import { hasMasked, plain } from "../value";

/** The version of the format; a later one that a reader of this one would misunderstand gets another. */
const version = 1;

/** The comparison for programs. */
export function inJson({ readings, matrix }: Comparison): string {
  const { stacks, rows, others } = matrix;
  const perStack = <T>(values: readonly T[]) =>
    Object.fromEntries(stacks.map((name, at) => [name, values[at]]));
  const resources = rows.map(({ cells, properties, ...row }) => ({
    ...row,
    stacks: perStack(cells),
    properties: properties.map(({ name, isDifferent, settings }) => ({
      ...{ name, isDifferent },
      values: perStack(settings.map((setting) => (setting ? settingOf(setting) : null))),
    })),
  }));
  const counted = others.map(({ type, isDifferent, counts }) => ({
    ...{ type, isDifferent },
    counts: perStack(counts),
  }));
  const whole = {
    version,
    stacks: readings.map((one) => stackOf(one, stacks)),
    resources,
    others: counted,
  };
  return JSON.stringify(whole, undefined, 2);
}

function stackOf({ name, project, holders, problem }: StackReading, compared: readonly string[]) {
  const status =
    problem === undefined ? (compared.includes(name) ? "compared" : "empty") : "unreadable";
  return { name, status, project, ...(holders.length > 0 && { holders }), problem };
}

function settingOf({ value, from, server }: Setting) {
  return {
    value: plain(value),
    from,
    ...(server !== undefined && { server: plain(server) }),
    ...([value, server].some(hasMasked) && { isSecret: true }),
  };
}
