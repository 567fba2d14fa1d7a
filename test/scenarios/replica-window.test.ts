import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { replica, stackOf } from "./replica-support.ts";
import { opsOf, told } from "./support.ts";

const hour = 3_600_000;

test("an upgrade in the maintenance window: the preview says when, up ends, later previews are quiet, and it happens", async () => {
  // The window lies half a day ahead, whatever the time is.
  const maintenanceWindowStart = (new Date().getUTCHours() + 12) % 24;
  const program = (planId: string) =>
    replica({ planId, maintenanceWindowStart, upgradeTiming: "window" });
  const { bridge, workspace, declare, living } = await stackOf(program("standard-8"), {
    ...{ speed: 1, provisioningSeconds: 0, operationSeconds: 0 },
  });
  bridge.showsPlanAtOnce = false;
  await workspace.up();

  await declare(program("standard-16"));
  const preview = await workspace.preview();
  expect(told(preview)).toContain(
    `planId: an upgrade in the next maintenance window, from ${maintenanceWindowStart}:00 UTC`,
  );
  const scheduled = await workspace.up();
  expect(opsOf(scheduled)).toEqual(["update it"]);
  const outputs = async () => resourceNamed(await workspace.exportState(), "it").outputs ?? {};
  const at = String((await outputs()).upgradeScheduledFor);
  expect(told(scheduled)).toContain(`is scheduled for ${at}`);
  expect(new Date(at).getUTCHours()).toBe(maintenanceWindowStart);
  expect(living().plan_id).toBe("standard-8");

  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  await workspace.refresh();
  expect(await outputs()).toMatchObject({ planId: "standard-16", upgradeScheduledFor: at });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });

  bridge.clock.advance(13 * hour);
  expect(living().plan_id).toBe("standard-16");
  await workspace.refresh();
  expect(await outputs()).toMatchObject({ planId: "standard-16" });
  expect(await outputs()).not.toHaveProperty("upgradeScheduledFor");
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(bridge.count("POST", /upgrade$/)).toBe(1);
});
