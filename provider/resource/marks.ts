import { isHidden, only, type Values } from "./values";

/*
 * The engine keeps a resource's properties in bags, and what has to be remembered besides in hidden keys
 * among them. A host unpacks a bag where it receives one and packs one where it answers; nobody in
 * between sees hidden keys. Their names are part of users' states and never change.
 */

/** In inputs, beside a name that the program did not give. */
export const autonameMark = "__autoname";

/**
 * Whether the program left the name to be made: `true`, the provider made it, and nobody else's is the
 * same; `"proposed"`, it follows Pulumi's `pulumi:autonaming`, and somebody else's may be the same.
 */
export type Autonamed = boolean | "proposed";

const pendingMark = "__pending";
const unfinishedMark = "__unfinished";
const predecessorsMark = "__predecessors";

/** What is remembered of a resource besides its properties. */
export interface Marks {
  /** Of inputs: the program did not give the name. */
  autonamed?: Autonamed;
  /** Of a state: a creation or change has not ended. */
  pending?: boolean;
  /** Of a state: properties that the server may show without having carried them out. */
  unfinished?: readonly string[];
  /** Of a state: IDs of the resources that this one took the place of. */
  predecessors?: readonly string[];
}

/** A property bag, taken apart. */
export interface Unpacked {
  /** Without null, which means the same as absent. */
  properties: Values;
  marks: Marks;
}

/** A resource as the engine keeps it: its inputs as observed and its outputs, and its marks. */
export interface Kept {
  id: string;
  state: Values;
  marks: Marks;
}

/** Takes a bag apart. Hidden keys that are not marks are left out: they are the host's own. */
export function unpack(bag: Values): Unpacked {
  return {
    properties: only(bag, (value, key) => value != null && !isHidden(key)),
    marks: {
      autonamed: autonamedIn(bag[autonameMark]),
      pending: bag[pendingMark] === true,
      unfinished: namesIn(bag[unfinishedMark]),
      predecessors: namesIn(bag[predecessorsMark]),
    },
  };
}

/** Makes a bag. A mark that would say nothing is left out. */
export function pack({ properties, marks }: Unpacked): Values {
  const { autonamed, pending, unfinished = [], predecessors = [] } = marks;
  const bag = { ...properties };
  if (autonamed) bag[autonameMark] = autonamed;
  if (pending) bag[pendingMark] = true;
  if (unfinished.length > 0) bag[unfinishedMark] = unfinished;
  if (predecessors.length > 0) bag[predecessorsMark] = predecessors;
  return bag;
}

function autonamedIn(mark: unknown): Autonamed {
  return mark === true || mark === "proposed" ? mark : false;
}

function namesIn(mark: unknown): string[] {
  return Array.isArray(mark) ? mark.map(String) : [];
}
