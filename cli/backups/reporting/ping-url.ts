import type { Schedule } from "../schedules/schedule";

/** What stands for a schedule's own in a URL. */
const placeholders = {
  "{name}": ({ name }: Schedule) => name,
  "{stack}": ({ stack = "" }: Schedule) => stack,
  "{prefix}": ({ backupIdPrefix }: Schedule) => backupIdPrefix,
};

/** Whether a URL differs by schedule. */
export function hasPlaceholder(url: string | undefined): boolean {
  return Object.keys(placeholders).some((placeholder) => url?.includes(placeholder));
}

/** A URL with a schedule's own values, encoded as a segment of a path. */
export function fillIn(url: string, schedule: Schedule | undefined): string {
  let filled = url;
  for (const [placeholder, read] of Object.entries(placeholders)) {
    filled = filled.replaceAll(placeholder, schedule ? encodeURIComponent(read(schedule)) : "");
  }
  return filled;
}
