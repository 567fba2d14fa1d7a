import { FormationsError } from "../../../provider/errors";

/** `--max-length` is too small for the counts alone. */
export class LengthTooSmall extends FormationsError {
  readonly code = "LENGTH_TOO_SMALL";
}

/** A part of a text that can be shown at several levels; how each looks is its owner's. */
export interface Part {
  level: number;
}

/** Shows a part at a lower level. */
export type Step = readonly [part: Part, level: number];

/**
 * Renders a text that is at most so long, with as few steps as possible, in the order given. Each step
 * makes the text shorter, or a little longer on the way to something shorter.
 *
 * @param most in UTF-16 code units, of which there are never fewer than characters
 * @param render makes the text at the parts' present levels
 * @returns undefined: it is too long even after all steps
 */
export function fitted(
  steps: readonly Step[],
  most: number,
  render: () => string,
): string | undefined {
  const initial = new Map(steps.map(([part]) => [part, part.level]));
  const after = (count: number) => {
    for (const [part, level] of initial) part.level = level;
    for (const [part, level] of steps.slice(0, count)) part.level = level;
    return render();
  };
  let [low, high] = [0, steps.length];
  const whole = after(0);
  if (whole.length <= most) return whole;
  let best: string | undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const text = after(middle);
    if (text.length <= most) {
      best = text;
      high = middle;
    } else low = middle + 1;
  }
  if (best !== undefined) return best;
  const least = after(steps.length);
  return least.length <= most ? least : undefined;
}
