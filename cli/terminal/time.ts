const utcZone = "UTC";

/**
 * A time as people read it: `2026-11-23 02:00 UTC`. Seconds are shown only where there are any.
 *
 * @param ms milliseconds since the epoch
 */
export function inUtc(ms: number): string {
  const { date, time } = partsOf(ms, utcZone);
  return `${date} ${time} ${utcZone}`;
}

/**
 * The same in a schedule's zone, beside UTC: `2026-11-23 03:00 Europe/Berlin (02:00 UTC)`. The date is
 * repeated where it is another in UTC.
 *
 * @param ms milliseconds since the epoch
 */
export function zoned(ms: number, timezone: string): string {
  const [there, utc] = [partsOf(ms, timezone), partsOf(ms, utcZone)];
  const shown = `${there.date} ${there.time} ${timezone}`;
  if (timezone === utcZone) return shown;
  const date = there.date === utc.date ? "" : `${utc.date} `;
  return `${shown} (${date}${utc.time} ${utcZone})`;
}

/** A text that is a time in {@link inUtc}'s form; any other as it is. */
export function inUtcIfTime(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : inUtc(ms);
}

function partsOf(ms: number, timezone: string): { date: string; time: string } {
  const format = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone: timezone, hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  const parts = Object.fromEntries(
    format.formatToParts(ms).map(({ type, value }) => [type, value]),
  );
  const seconds = parts.second === "00" ? "" : `:${parts.second}`;
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}${seconds}`,
  };
}
