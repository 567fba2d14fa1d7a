import type { Schedule } from "../schedules/schedule";
import { currentSlot, isKnownMissing } from "./due";
import type { Memory } from "./memory";
import { type Report, type RunOptions, reported } from "./run";

/**
 * Reports on schedules that another runner of this machine is at work on, from what this machine remembers:
 * a runner that hangs must not keep the others from saying that a backup is overdue.
 */
export function elsewhere(
  schedules: readonly Schedule[],
  options: RunOptions & { memory: Memory },
): Promise<Report[]> {
  const { clock, memory, overdueAfterMs } = options;
  const now = clock.now();
  return Promise.all(
    schedules.map(async (schedule): Promise<Report> => {
      const slot = currentSlot(schedule, now, overdueAfterMs);
      if (schedule.suspend || !slot) {
        return { schedule, result: schedule.suspend ? "suspended" : "waiting", isOverdue: false };
      }
      const isOverdue = slot.isLate && isKnownMissing(slot, await memory.series(schedule), now);
      const { time, backupId } = slot;
      return reported({ schedule, slot: time, backupId, result: "elsewhere", isOverdue }, options);
    }),
  );
}
