import type { StackState } from "../stack/deployment";
import type { StackReading } from "../stack/readings";
import type { StackWithState } from "./matrix";

/** The stacks that can be compared: those that have resources. */
export function comparable(readings: readonly StackReading[]): StackWithState[] {
  return readings.flatMap(({ name, state, holders }) =>
    state && hasResources(state) ? [{ name, state, isBusy: holders.length > 0 }] : [],
  );
}

/** What a reader of the comparison has to know of the stacks that were read. */
export function remarksOn(readings: readonly StackReading[]): string[] {
  const empty = readings.filter(({ state }) => state && !hasResources(state));
  const busy = readings.filter(({ holders }) => holders.length > 0);
  return [
    ...empty.map(({ name }) => `${name} has no resources, so it is not compared.`),
    ...busy.map(
      ({ name, holders }) =>
        `${name}: a run is in progress, or a killed one left its lock (${holders.join("; ")}). What is shown may change.`,
    ),
    ...severalProjects(readings),
  ];
}

/** Stacks of several projects are compared, since the names of their resources may be the same. */
function severalProjects(readings: readonly StackReading[]): string[] {
  const of = new Map<string, string[]>();
  for (const { name, project } of readings) {
    if (project !== undefined) of.set(project, [...(of.get(project) ?? []), name]);
  }
  if (of.size < 2) return [];
  const list = [...of].map(([project, names]) => `${names.join(", ")} of ${project}`).join("; ");
  return [
    `The stacks are of several projects (${list}); resources of one name and type are compared.`,
  ];
}

function hasResources({ deployment }: StackState): boolean {
  const { resources, pending_operations: pending = [] } = deployment;
  return pending.length > 0 || resources.some(({ type }) => !isScaffold(type));
}

/** Whether the engine adds such a resource on its own: the stack itself, or a provider. */
function isScaffold(type: string): boolean {
  return type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
}
