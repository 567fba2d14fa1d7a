import type { Costs } from "./costs";
import type { Found, Inventory } from "./model";

/** What is shown of an inventory. */
export interface View {
  inventory: Inventory;
  /** Those of its resources that are shown. */
  shown: readonly Found[];
  /** Whether these are only those that no stack manages. */
  isOnlyUnmanaged: boolean;
  /** Absent: nobody asked for prices. */
  costs?: Costs;
}
