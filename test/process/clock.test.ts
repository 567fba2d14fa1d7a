import { expect, test, vi } from "vitest";
import { systemClock } from "../../provider/process/clock.ts";

test("a time that has passed is no time to sleep, and Node.js warns of nothing", async () => {
  const warned = vi.spyOn(process, "emitWarning");

  await systemClock.sleep(-2);

  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});
