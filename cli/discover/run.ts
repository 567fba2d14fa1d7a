import { print } from "../../provider/process/output";
import { fail, note, tell } from "../say";
import { type WatchedCall, watchedCall } from "../terminal/progress";
import { tableWidth } from "../terminal/width";
import type { DiscoverFlags } from "./command";
import { costsOf, priceSource } from "./costs";
import { prepareFiles, type WriteFiles } from "./files/prepare";
import { type InventoryOptions, takeInventory } from "./inventory";
import type { Inventory } from "./model";
import { inJson } from "./output/json";
import { inText } from "./output/text";
import type { View } from "./view";

/**
 * Finds what the flags ask for, prints it and sets the exit code. What was found is printed and written
 * even if it is not all.
 *
 * @throws WrongDiscovery, PulumiFailed, WrongPrices
 */
export async function discover(flags: DiscoverFlags): Promise<void> {
  const write = await prepareFiles(flags);
  const call = watchedCall(flags.timeout);
  const stop = () => {
    call.end();
    fail("Interrupted.");
    process.exit(130);
  };
  process.once("SIGINT", stop);
  try {
    const view = await viewOf(flags, call);
    call.end();
    process.exitCode = await show(view, flags, write);
  } finally {
    call.end();
    process.removeListener("SIGINT", stop);
  }
}

async function viewOf(flags: DiscoverFlags, call: WatchedCall): Promise<View> {
  const { unmanaged: isOnlyUnmanaged = false } = flags;
  const prices = flags.prices === undefined ? undefined : priceSource(flags.prices);
  const inventory = await takeInventory(optionsOf(flags), call);
  const shown = inventory.found.filter(({ managers }) => !isOnlyUnmanaged || managers.length === 0);
  const costs = prices && (await costsOf(inventory, prices, call));
  return { inventory, shown, isOnlyUnmanaged, costs };
}

/** With a folder alone, or if only what no stack manages is wanted, all stacks of the project count. */
function optionsOf(flags: DiscoverFlags): InventoryOptions {
  const { system, name, region, app, environment, stack, cwd, unmanaged } = flags;
  const hasStacks = stack !== undefined || cwd !== undefined || unmanaged === true;
  const stacks = hasStacks ? { stack, cwd } : undefined;
  return { system, name, region, app, environment, stacks };
}

/** @returns the exit code */
async function show(view: View, { json = false }: DiscoverFlags, write?: WriteFiles) {
  const { inventory, costs } = view;
  const { skipped, failures, remarks } = inventory;
  for (const reason of skipped) note(`Skipped ${reason}`);
  for (const line of failures) fail(line);
  for (const line of [...remarks, ...(costs?.remarks ?? [])]) note(line);
  if (json) print(inJson(view));
  if (inventory.listed.length === 0) {
    fail("Nothing was listed.");
    return 1;
  }
  const written = await write?.(inventory);
  for (const line of written?.lines ?? []) (json ? note : tell)(line);
  if (!json && !written) print(inText(view, tableWidth()));
  return codeOf(inventory, written?.isOpen === true || isOpen(view));
}

/** Whether what was asked for is left for the user to decide. */
function isOpen({ isOnlyUnmanaged, shown, inventory }: View): boolean {
  return isOnlyUnmanaged && shown.length + inventory.missing.length > 0;
}

function codeOf({ failures }: Inventory, isOpen: boolean): number {
  if (failures.length > 0) return 3;
  return isOpen ? 2 : 0;
}
