import { newCall } from "../call";
import type { DiscoverFlags } from "./command";
import { takeInventory } from "./inventory";
import type { Found, Inventory } from "./model";

/** How the command ends. */
export interface Outcome {
  /** For standard output. */
  out: string;
  /** For standard error, one line each. */
  complaints: string[];
  exitCode: 0 | 1 | 2 | 3;
}

/** Finds what the flags ask for. */
export async function discover(flags: DiscoverFlags): Promise<Outcome> {
  const { stack, cwd, unmanaged = false, json } = flags;
  const { system, name, region, app, environment } = flags;
  const stacks = stack || cwd !== undefined || unmanaged ? { stack, cwd } : undefined;
  const inventory = await takeInventory(
    { system, name, region, app, environment, stacks },
    newCall(flags.timeout),
  );
  const shown = inventory.found.filter(({ managers }) => !unmanaged || managers.length === 0);
  return {
    out: await textOf(inventory, shown, json),
    complaints: [
      ...inventory.skipped.map((reason) => `Skipped ${reason}`),
      ...inventory.failures,
      ...inventory.remarks,
    ],
    exitCode: codeOf(inventory, shown, unmanaged),
  };
}

async function textOf(inventory: Inventory, shown: readonly Found[], json = false) {
  if (json) return (await import("./output/json.js")).inJson(inventory, shown);
  const width = Math.max(80, process.stdout.columns ?? 0);
  return (await import("./output/table.js")).inTable(inventory, shown, width);
}

function codeOf(
  { failures, missing, listed }: Inventory,
  shown: readonly Found[],
  unmanaged: boolean,
): Outcome["exitCode"] {
  if (listed.length === 0) return 1;
  if (failures.length > 0) return 3;
  return unmanaged && shown.length + missing.length > 0 ? 2 : 0;
}
