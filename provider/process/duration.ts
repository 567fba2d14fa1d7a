/** The lengths of the units that durations are written in, in milliseconds. */
const units: Partial<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

const part = String.raw`(\d+(?:\.\d+)?)(d|h|ms|m|s|us|µs|ns)`;
const whole = new RegExp(`^(?:${part})+$`);

/**
 * A duration as `customTimeouts` writes it, `90s` or `1h30m`, in milliseconds; days (`1d`) are known too.
 * Undefined: it is not a duration, or none that is longer than nothing.
 */
export function milliseconds(duration: string | undefined): number | undefined {
  if (duration === undefined || !whole.test(duration)) return undefined;
  const parts = [...duration.matchAll(new RegExp(part, "g"))];
  const total = parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
  return total > 0 ? total : undefined;
}
