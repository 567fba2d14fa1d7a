import fc from "fast-check";
import type { Version } from "../support/subject.ts";
import { type Host, MixedStack, type Verb, type Victim, victims } from "./stack.ts";

/** What is to be tried. */
export interface Plan {
  host: Host;
  kills: number;
  /** Of the moments and of what is killed. */
  seed: number;
  /**
   * How many kills follow one another before what exists is compared with what is declared. A run that
   * goes on after a kill is what the next one strikes. Default: 1.
   */
  atOnce?: number;
  /** Told of each comparison. */
  say?: (line: string) => void;
}

/** What was tried, and what was found. */
export interface Tally {
  host: Host;
  seed: number;
  /** Resources of the program. */
  size: number;
  kills: number;
  duplicates: number;
  orphans: number;
  missing: number;
  /** How often the engine's backend of files could not be read before a file was deleted. */
  cutOff: number;
  /** How many kills struck in each tenth of an undisturbed run's time. */
  tenths: number[];
  /** What went wrong, a kill each. */
  failures: string[];
}

/** One operation of a stack's life, and what is declared while it runs. */
interface Phase {
  what: string;
  verb: Verb;
  version: Version;
}

const phases: readonly Phase[] = [
  { what: "creation", verb: "up", version: "first" },
  { what: "change", verb: "up", version: "second" },
  { what: "change back", verb: "up", version: "first" },
  { what: "deletion", verb: "destroy", version: "first" },
];

/** When and what to kill. */
interface Blow {
  /** A part of the time that the operation takes. */
  part: number;
  victim: Victim;
}

/**
 * Kills operations of one stack at random moments, one after another through its life: creation,
 * change, change back, deletion. After a kill it does what a user would, and compares what exists
 * with what is declared. A stack that something is wrong with is given up for a new one.
 */
export async function campaign(plan: Plan): Promise<Tally> {
  const { host, kills, seed } = plan;
  const tally: Tally = {
    ...{ host, seed, size: 0, kills: 0, duplicates: 0, orphans: 0, missing: 0, cutOff: 0 },
    tenths: Array.from({ length: 10 }, () => 0),
    failures: [],
  };
  const blows = blowsOf(seed, kills);
  while (tally.kills < kills) await live(plan, blows, tally);
  return tally;
}

/** One stack, from its first creation until there is no kill left or something is wrong. */
async function live({ host, atOnce = 1, say }: Plan, blows: readonly Blow[], tally: Tally) {
  await using stack = await MixedStack.open(host);
  tally.size = stack.size;
  stack.onCutOff = () => {
    tally.cutOff++;
  };
  const lengths = await measure(stack, blows.length - tally.kills);
  for (let turn = 0; tally.kills < blows.length; turn++) {
    const phase = phases[turn % phases.length];
    const length = lengths[turn % phases.length];
    if (!phase || length === undefined) return;
    await stack.declare(phase.version);
    const struck: string[] = [];
    let said = "";
    try {
      for (let kill = 0; kill < atOnce; kill++) {
        const done = await strike(stack, phase, length, blows[tally.kills], tally);
        // It was quicker this time: there was nothing to kill.
        if (done === undefined) break;
        struck.push(done);
        said = await stack.recover();
      }
      if (struck.length === 0) continue;
      await stack.run("up");
      const found = await stack.check(phase.version);
      tally.duplicates += found.duplicates;
      tally.orphans += found.orphans;
      tally.missing += found.missing;
      if (Object.values(found).some((count) => count > 0)) throw new Error(JSON.stringify(found));
      say?.(`${struck.join(", ")}: whole`);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      const failure = `${struck.join(", ")}: ${why}\nrecover said:\n${said}`;
      tally.failures.push(failure);
      say?.(failure);
      return;
    }
    if (phase.verb === "destroy") await emptied(stack);
  }
}

/** Kills an operation in a phase. @returns what was done; undefined where it was over already */
async function strike(
  stack: MixedStack,
  { what, verb }: Phase,
  length: number,
  blow: Blow | undefined,
  tally: Tally,
): Promise<string | undefined> {
  if (!blow) return undefined;
  const after = blow.part * length;
  if (!(await stack.kill(verb, blow.victim, after))) return undefined;
  tally.kills++;
  const tenth = Math.min(9, Math.floor(blow.part * 10));
  tally.tenths[tenth] = (tally.tenths[tenth] ?? 0) + 1;
  return `kill ${tally.kills} (${tally.host}): ${blow.victim} ${Math.round(after)} ms into the ${what} (of ${Math.round(length)} ms)`;
}

/** How long each phase in which one of so many kills falls takes undisturbed, in milliseconds. */
async function measure(stack: MixedStack, kills: number): Promise<number[]> {
  const lengths: number[] = [];
  for (const { verb, version } of phases.slice(0, kills)) {
    await stack.declare(version);
    lengths.push(await stack.run(verb));
  }
  if (kills < phases.length) await emptied(stack);
  return lengths;
}

/** Empties the stack, to be created once more. */
async function emptied(stack: MixedStack): Promise<void> {
  await stack.run("destroy");
  const left = stack.things();
  if (left.length > 0) throw new Error(`a whole destroy left ${JSON.stringify(left)}`);
}

function blowsOf(seed: number, count: number): Blow[] {
  const blow = fc.record({
    part: fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000),
    victim: fc.constantFrom(...victims),
  });
  return fc.sample(fc.noBias(blow), { seed, numRuns: count });
}

/** A tally for people. */
export function report(tally: Tally): string {
  const { host, size, kills, duplicates, orphans, missing, cutOff, seed, tenths, failures } = tally;
  return [
    `${host}: ${size} resources, ${kills} kills, ${duplicates} duplicates, ${orphans} orphans, ${missing} missing, ${failures.length} failures; seed ${seed}`,
    `${host}: kills by tenths of a run's time: ${tenths.join(" ")}; files of the backend cut off: ${cutOff}`,
  ].join("\n");
}
