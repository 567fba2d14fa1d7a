import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LockState, lockState } from "../../process/file-lock";
import { userFolder } from "../../process/private-folder";
import { counting, emptyWindow, takeTurn } from "./sliding-window";
import { type Counted, readWindow, WindowFile, windowName } from "./window-file";

/** What is left of a rate budget. Times are milliseconds since the epoch. */
export interface BudgetStanding {
  /** The file in which the processes of this user count. */
  path: string;
  /** How many requests may be sent now. */
  left: number;
  /** When the oldest request was sent that still counts; undefined: none counts. */
  since?: number;
  /** When the next request may be sent; undefined: now. */
  freeAt?: number;
  /** Until when the server asked for a pause; undefined: it did not. */
  refusedUntil?: number;
  lock: LockState;
  /** Whether the processes of this user can share the file: otherwise each counts alone. */
  isShared: boolean;
}

/** Reads what is left of a rate budget, and changes nothing. */
export async function budgetStanding(
  counted: Counted,
  requestsPerMinute: number,
  now: number,
): Promise<BudgetStanding> {
  const path = join(userFolder(), windowName(counted));
  const window = await readWindow(path);
  const { taken, refusedUntil } = counting(window, now);
  return {
    path,
    left: Math.max(requestsPerMinute - taken.length, 0),
    since: taken[0],
    freeAt: takeTurn(window, now, requestsPerMinute).freeAt,
    refusedUntil: refusedUntil === 0 ? undefined : refusedUntil,
    lock: await lockState(path, now),
    isShared: await canWrite(userFolder()),
  };
}

/** Whether this user can write to a folder, or make it. */
async function canWrite(folder: string): Promise<boolean> {
  const place = existsSync(folder) ? folder : dirname(folder);
  return access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Forgets the requests and the pause that a rate budget counts, for all processes of this user.
 *
 * @throws Error if the file can't be replaced
 */
export async function clearBudget(counted: Counted): Promise<void> {
  const file = new WindowFile(userFolder(), windowName(counted), (reason) => {
    throw new Error(reason);
  });
  await file.update(() => ({ window: emptyWindow }));
}
