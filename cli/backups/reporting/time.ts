/**
 * A time as a schedule's zone has it, with the zone: `2026-11-23 03:00 Europe/Berlin`. Seconds are shown
 * only where there are any.
 *
 * @param ms milliseconds since the epoch
 */
export function zoned(ms: number, timezone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone: timezone, hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  const parts = Object.fromEntries(
    format.formatToParts(ms).map(({ type, value }) => [type, value]),
  );
  const seconds = parts.second === "00" ? "" : `:${parts.second}`;
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}${seconds} ${timezone}`;
}
