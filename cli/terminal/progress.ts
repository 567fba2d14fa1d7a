import { type Clock, systemClock } from "../../provider/process/clock";
import { withoutSecrets } from "../../provider/process/redact";
import { type CommandCall, newCall } from "../call";
import { note } from "../say";
import { visible } from "../visible";
import { fitted } from "./layout";
import { tableWidth } from "./width";

/** How much progress makes up a line, where lines stay: so many steps, or so many milliseconds. */
const stepsPerLine = 100;
const timePerLine = 10_000;

/** What takes longer, in milliseconds, shows that it is under way. */
const patience = 2_000;

/** Where progress is shown: `process.stderr`. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Shows how far something is. */
export interface Watch {
  /** Shows how far it is, in place of what was shown before. */
  progress(text: string): void;
  /** Shows why and how long it waits, until the next step. */
  onWait(text: string): void;
  /** Writes a line that stays. */
  say(line: string): void;
  /** Removes what is shown. */
  end(): void;
}

/** A call whose progress somebody watches. */
export type WatchedCall = CommandCall & Watch;

/** Where and when progress is shown. Defaults: standard error, by the machine's clock. */
export interface WatchOptions {
  screen?: Screen;
  clock?: Clock;
}

/**
 * A command's call that shows its progress: a terminal in one line that is rewritten, anything else in a
 * line now and then. What waits says why.
 */
export function watchedCall(timeoutMs: number, options: WatchOptions = {}): WatchedCall {
  return { ...newCall(timeoutMs, options.clock), ...watchOn(options) };
}

/**
 * Runs something that may take a while. From the third second on, a terminal shows what is under way and for
 * how long, in one line that goes when it ends; anything else gets one line after ten seconds.
 *
 * @param what is under way: `Reading the states of 4 stacks`
 * @param work may show what it knows better, which then is all that is shown
 */
export async function watching<T>(
  what: string,
  work: (watch: Watch) => Promise<T>,
  options: WatchOptions = {},
): Promise<T> {
  const { clock = systemClock, screen = process.stderr } = options;
  const [watch, stop] = [watchOn(options), new AbortController()];
  const shown = { ...watch };
  // What the work itself shows says more than how long it takes.
  for (const key of ["progress", "onWait"] as const) {
    shown[key] = (text) => {
      stop.abort();
      watch[key](text);
    };
  }
  const showing = showTime(what, watch, canRewrite(screen), clock, stop.signal);
  // Ctrl-C ends the process as it ends any other, but leaves no half of a line.
  const interrupt = () => {
    watch.end();
    process.kill(process.pid, "SIGINT");
  };
  process.once("SIGINT", interrupt);
  try {
    return await work(shown);
  } finally {
    process.removeListener("SIGINT", interrupt);
    stop.abort();
    await showing;
    watch.end();
  }
}

async function showTime(
  what: string,
  watch: Watch,
  isTerminal: boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const started = clock.now();
  try {
    await clock.sleep(isTerminal ? patience : timePerLine, signal);
    if (!isTerminal) {
      watch.say(`${what} …`);
      return;
    }
    for (;;) {
      watch.progress(`${what} … ${Math.round((clock.now() - started) / 1_000)} s`);
      await clock.sleep(1_000, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function watchOn({ screen = process.stderr, clock = systemClock }: WatchOptions): Watch {
  return canRewrite(screen) ? onTerminal(screen) : inLines(clock);
}

function canRewrite({ isTTY }: Screen): boolean {
  return isTTY === true && process.env.TERM !== "dumb";
}

function onTerminal(screen: Screen): Watch {
  let [status, wait, isShown] = ["", "", false];
  const show = (text: string) => {
    if (text === "" && !isShown) return;
    isShown = text !== "";
    // A line that fills the last column would not be rewritten.
    const line = fitted(visible(withoutSecrets(text)), tableWidth(screen) - 1);
    screen.write(`\r${line}\u001b[K`);
  };
  const draw = () => show([wait, status].filter(Boolean).join(" "));
  return {
    progress(text) {
      [status, wait] = [text, ""];
      draw();
    },
    onWait(text) {
      wait = text;
      draw();
    },
    say(line) {
      show("");
      note(line);
      draw();
    },
    end: () => show(""),
  };
}

function inLines(clock: Clock): Watch {
  let steps = 0;
  let since = clock.now();
  return {
    progress(text) {
      steps += 1;
      if (steps < stepsPerLine && clock.now() - since < timePerLine) return;
      [steps, since] = [0, clock.now()];
      note(visible(text));
    },
    onWait: note,
    say: note,
    end() {},
  };
}
