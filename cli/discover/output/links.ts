import { isDeepStrictEqual } from "node:util";
import type { Values } from "../../../provider/resource/values";

/** A resource as Pulumi's importer looks at it when it writes a program. */
export interface Importable {
  /** The type's name in the package: `Formation`. */
  kind: string;
  /** Empty: it has none, as a provider. */
  id: string;
  inputs: Values;
  outputs: Values;
}

/** A reference that Pulumi's importer writes in place of a text. */
export interface Link<T extends Importable = Importable> {
  from: T;
  /** The input that has the text. */
  input: string;
  to: T;
  /** What of the other has the same text. */
  output: "id" | "name";
}

/** Inputs that mean the ID of a resource of some kind, for which a reference is right. */
const references = [{ kind: "Replica", input: "clusterId", to: "Replica" }];

/**
 * The references that Pulumi's importer would write, by its own rule: a text anywhere in a resource's
 * inputs that equals the ID or the name of exactly one other resource of the import becomes a reference to
 * it, whatever the text means.
 */
export function linksOf<T extends Importable>(all: readonly T[]): Link<T>[] {
  const targets = Map.groupBy(all.flatMap(targetsOf), ({ text }) => text);
  return all.flatMap((from) =>
    Object.entries(from.inputs).flatMap(([input, value]) =>
      textsIn(value).flatMap((text) => {
        const [target, ...others] = (targets.get(text) ?? []).filter(({ to }) => to !== from);
        if (!target || others.length > 0) return [];
        return [{ from, input, to: target.to, output: target.output }];
      }),
    ),
  );
}

/** Those that mean something else. */
export function wrongLinks<T extends Importable>(all: readonly T[]): Link<T>[] {
  return linksOf(all).filter((link) => !isRight(link));
}

function isRight({ from, input, to, output }: Link): boolean {
  const reference = { kind: from.kind, input, to: to.kind };
  return output === "id" && references.some((one) => isDeepStrictEqual(one, reference));
}

/**
 * Divides an import into several, as few as possible, so that Pulumi's importer writes no wrong reference:
 * it links only what it imports together. What others would be linked to wrongly comes later.
 */
export function withoutWrongLinks<T extends Importable>(all: readonly T[]): T[][] {
  const later = [movedTogether(all, true), movedTogether(all, false)].find(
    (moved) => moved.size < all.length,
  );
  if (!later || later.size === 0) return [[...all]];
  const first = all.filter((one) => !later.has(one));
  return [first, ...withoutWrongLinks(all.filter((one) => later.has(one)))];
}

/**
 * What has to come later.
 *
 * @param withDependents whether it takes along what refers to it rightly
 */
function movedTogether<T extends Importable>(all: readonly T[], withDependents: boolean): Set<T> {
  const later = new Set<T>();
  for (let isDone = false; !isDone; ) {
    const links = linksOf(all.filter((one) => !later.has(one)));
    const wrong = links.filter((link) => !isRight(link));
    isDone = wrong.length === 0;
    const moved = new Set<T>();
    for (const { from, to } of wrong) {
      // Of two that are linked to each other, one has to go.
      if (!moved.has(from)) moved.add(to);
    }
    if (withDependents) addDependents(moved, links, wrong);
    for (const one of moved) later.add(one);
  }
  return later;
}

/** Adds what refers rightly to what is moved, and to that, unless it is linked to it wrongly too. */
function addDependents<T extends Importable>(
  moved: Set<T>,
  links: readonly Link<T>[],
  wrong: readonly Link<T>[],
): void {
  const right = links.filter(isRight);
  for (let before = -1; before !== moved.size; ) {
    before = moved.size;
    for (const { from, to } of right) {
      const isApart = wrong.some((one) => one.from === from && one.to === to);
      if (moved.has(to) && !isApart) moved.add(from);
    }
  }
}

interface Target<T> {
  text: string;
  to: T;
  output: Link["output"];
}

function targetsOf<T extends Importable>(to: T): Target<T>[] {
  if (to.id === "") return [];
  const { name } = to.outputs;
  const byId: Target<T> = { text: to.id, to, output: "id" };
  return typeof name === "string" ? [byId, { text: name, to, output: "name" }] : [byId];
}

/** The texts in a value, at any depth; keys are none. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}
