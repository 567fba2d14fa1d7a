const thousands = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Three figures at most. */
function short(value: number): string {
  if (value >= 100) return thousands.format(value);
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

/** A number with a comma between thousands. */
export function count(value: number): string {
  return thousands.format(value);
}

/** Bytes, in the unit that needs the fewest digits. */
export function bytes(value: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1);
  return `${short(value / 1_000 ** power)} ${units[power]}`;
}

export function seconds(value: number): string {
  return `${short(value)} s`;
}

/** Seconds as minutes, or as hours where they are many. */
export function minutes(value: number): string {
  if (value < 90) return `${value.toFixed(0)} s`;
  return value < 5_400 ? `${short(value / 60)} min` : `${short(value / 3_600)} h`;
}
