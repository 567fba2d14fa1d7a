import type { Values } from "../../../provider/resource/values.ts";
import { formation as subject } from "../../citus/subjects.ts";
import { type Declared, type Program, Reference } from "../lifecycle/program.ts";

function formation(change: Values = {}, options: Values = {}): Declared {
  return { type: "Formation", properties: { ...subject.inputs, ...change }, options };
}

function app(name: string, change: Values = {}, options: Values = {}): Declared {
  const web = { app: `${name}-default`, type: "web", size: "gp1", quantity: 1 };
  return { type: "AppFormation", properties: { ...web, ...change }, options };
}

const hiding = { hideDiffs: ["command"] };
const following = { replaceWith: [new Reference("root")] };
const oldFirst = { deleteBeforeReplace: true };
const going = { deletedWith: new Reference("owner") };
const retaining = { retainOnDelete: true };
const protecting = { protect: true };

/** What stays as it is where options are changed one by one. */
const rest: Program = {
  root: formation(),
  follower: app("follower", {}, following),
  orderly: app("orderly", {}, { ...following, ...oldFirst }),
  retainedOnReplacement: formation({}, retaining),
  guarded: formation({}, protecting),
  plain: formation(),
  twin: formation({ allowDuplicateName: true }),
};

/** What options are about that every resource has: as it is before any change. */
export const first: Program = {
  hidden: app("hidden", { command: "node hidden-old.js" }, hiding),
  ...rest,
  owner: formation(),
  owned: formation({}, going),
  triggered: app("triggered", {}, { replacementTrigger: "one" }),
  retained: formation({}, retaining),
};

const bigger = { workerCount: 4 };

/** The change of every option at once, none of which makes the preview fail. */
export const changed: Program = {
  hidden: app("hidden", { command: "node hidden-new.js", quantity: 2 }, hiding),
  ...rest,
  root: formation(bigger),
  triggered: app("triggered", {}, { replacementTrigger: "two" }),
  retainedOnReplacement: formation(bigger, retaining),
};

/** A replacement of the protected one. */
export const guardedReplaced: Program = { ...first, guarded: formation(bigger, protecting) };

const { guarded: _, ...unguarded } = first;

/** Its removal. */
export const guardedRemoved: Program = unguarded;

/** Two changes, of which a target chooses one. */
export const twoChanged: Program = {
  ...first,
  plain: formation(bigger),
  retainedOnReplacement: formation(bigger, retaining),
};

/** A replacement whose old one can't be destroyed. */
export const plainReplaced: Program = { ...first, plain: formation(bigger) };

/** That, and every option's change. */
export const everything: Program = { ...changed, plain: formation(bigger) };
