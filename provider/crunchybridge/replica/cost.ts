import {
  type CostRules,
  isUnknown,
  type MonthlyCost,
  notKnown,
  unpublished,
} from "../../resource/prices";
import { present } from "../../resource/values";
import type { Provider } from "../endpoints";
import type { State } from "./schema";

type Known = Partial<State>;

/** Why something is not known. */
interface Reason {
  note: string;
}

/** What a replica costs: its plan and its storage, times its region's multiplier. */
export const cost: CostRules<State> = {
  of: ["planId", "storage", "providerId", "regionId", "isHa", "isSuspended"],
  monthly(asked, observed, providers: readonly Provider[]): MonthlyCost {
    if (isSuspended(asked, observed)) {
      return { note: "what a suspended cluster costs is not published" };
    }
    const properties: Known = { ...observed, ...present(asked) };
    const rates = ratesOf(properties, observed, providers);
    if ("note" in rates) return rates;
    const storage = storageOf(asked.storage, observed);
    if (typeof storage !== "number") return storage;
    const { plan, disk, multiplier } = rates;
    const mayHaveStandby = properties.isHa === true || isUnknown(properties.isHa);
    const notes = [
      ...(observed ? [] : [`with ${storage} GB; it has its parent's storage if that is more`]),
      ...(mayHaveStandby
        ? ["without a standby (high availability), whose price is not published"]
        : []),
    ];
    return {
      dollars: Math.round((plan + storage * disk) * multiplier) / 100,
      ...(notes.length > 0 && { note: notes.join("; ") }),
    };
  },
};

/** Where the preview does not know whether it still is, it is assumed to stay as it was. */
function isSuspended(asked: Known, observed: Known | undefined): boolean {
  const isOpen = asked.isSuspended === undefined || isUnknown(asked.isSuspended);
  return (isOpen ? observed?.isSuspended : asked.isSuspended) === true;
}

/** In GB. It can't shrink, and autoresize may have added to what the program asks. */
function storageOf(asked: unknown, observed: Known | undefined): number | Reason {
  if (isUnknown(asked)) return notKnown("storage");
  const sizes = [asked, observed?.storage].filter((size) => typeof size === "number");
  return sizes.length > 0 ? Math.max(...sizes) : inherited("storage", observed);
}

/** In cents per month: of the plan, of each GB, and what both are multiplied by in the region. */
function ratesOf(
  { planId, regionId, providerId }: Known,
  observed: Known | undefined,
  providers: readonly Provider[],
): { plan: number; disk: number; multiplier: number } | Reason {
  if (planId === undefined) return inherited("planId", observed);
  if (isUnknown(planId)) return notKnown("planId");
  if (regionId === undefined) return inherited("regionId", observed);
  if (isUnknown(regionId)) return notKnown("regionId");
  const isAnywhere = providerId === undefined || isUnknown(providerId);
  const [at, other] = providers.filter(
    ({ id, regions }) =>
      (isAnywhere || id === undefined || id === providerId) &&
      regions.some((region) => region.id === regionId),
  );
  if (other) return notKnown("providerId");
  const plan = at?.plans.find(({ id }) => id === planId)?.rate;
  const multiplier = at?.regions.find(({ id }) => id === regionId)?.multiplier;
  const disk = at?.disk?.rate;
  if (multiplier === undefined) return unpublished(`region \`${regionId}\``);
  if (plan === undefined) return unpublished(`plan \`${planId}\` in region \`${regionId}\``);
  if (disk === undefined) return unpublished("storage");
  // The list has another rate for the storage of these, which is not read.
  if (/^warehouse\b/.test(planId)) return unpublished(`storage of plan \`${planId}\``);
  return { plan, disk, multiplier };
}

function inherited(property: string, observed: Known | undefined): Reason {
  return observed
    ? notKnown(property)
    : { note: `\`${property}\` is left to the server, which takes the parent's` };
}
