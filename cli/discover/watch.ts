import { type Clock, systemClock } from "../../provider/process/clock";
import { complain } from "../../provider/process/output";
import { withoutSecrets } from "../../provider/process/redact";
import { type CommandCall, newCall } from "../call";
import { widthOf } from "../environments/output/layout";
import { visible } from "../visible";

/** How much progress makes up a line, where lines stay: so many steps, or so many milliseconds. */
const stepsPerLine = 100;
const timePerLine = 10_000;

/** Where progress is shown: `process.stderr`. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** A call whose progress somebody watches. */
export interface WatchedCall extends CommandCall {
  /** Removes what is shown of its progress. */
  end(): void;
}

/**
 * A command's call that shows its progress: a terminal in one line that is rewritten, anything else in a
 * line now and then. What waits says why.
 */
export function watchedCall(
  timeoutMs: number,
  screen: Screen = process.stderr,
  clock: Clock = systemClock,
): WatchedCall {
  const call = newCall(timeoutMs, clock);
  const canRewrite = screen.isTTY === true && process.env.TERM !== "dumb";
  return { ...call, ...(canRewrite ? onTerminal(screen) : inLines(clock)) };
}

type Shown = Pick<WatchedCall, "progress" | "onWait" | "say" | "end">;

function onTerminal(screen: Screen): Shown {
  let [status, wait] = ["", ""];
  const show = (text: string) => {
    // A line that fills the last column would not be rewritten.
    const line = fitted(visible(withoutSecrets(text)), (screen.columns ?? 80) - 1);
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
      complain(line);
      draw();
    },
    end: () => show(""),
  };
}

function inLines(clock: Clock): Shown {
  let steps = 0;
  let since = clock.now();
  return {
    progress(text) {
      steps += 1;
      if (steps < stepsPerLine && clock.now() - since < timePerLine) return;
      [steps, since] = [0, clock.now()];
      complain(visible(text));
    },
    onWait: complain,
    say: complain,
    end() {},
  };
}

/** A text's beginning, if it is too long for a line. */
function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [line, columns] = ["", 1];
  for (const character of text) {
    columns += widthOf(character);
    if (columns > width) break;
    line += character;
  }
  return `${line}…`;
}
