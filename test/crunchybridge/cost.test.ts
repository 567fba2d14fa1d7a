import { expect, test } from "vitest";
import { unknownValue as unknown, type Values } from "../../provider/resource/values.ts";
import { definition } from "./world.ts";

/** As `GET /providers` has them: cents per month, and per GB. */
const list = [
  {
    id: "aws",
    disk: { rate: 10 },
    plans: [
      { id: "hobby-2", rate: 3500 },
      { id: "standard-8", rate: 14000 },
      { id: "unpriced", rate: undefined },
      { id: "warehouse-8", rate: 20000 },
    ],
    regions: [
      { id: "us-east-1", multiplier: 1 },
      { id: "eu-central-1", multiplier: 1.15 },
      { id: "unpriced", multiplier: undefined },
      { id: "everywhere", multiplier: 1 },
    ],
  },
  {
    id: "gcp",
    disk: { rate: undefined },
    plans: [{ id: "hobby-2", rate: 3000 }],
    regions: [
      { id: "us-central1", multiplier: 1 },
      { id: "everywhere", multiplier: 1 },
    ],
  },
  {
    id: "azure",
    disk: undefined,
    plans: [{ id: "hobby-2", rate: 3000 }],
    regions: [{ id: "eastus", multiplier: 1 }],
  },
  {
    id: undefined,
    disk: { rate: 0.5 },
    plans: [{ id: "hobby-2", rate: 1 }],
    regions: [{ id: "moon", multiplier: 2 }],
  },
];

/** What the server has. */
const replica = { planId: "hobby-2", storage: 100, providerId: "aws", regionId: "us-east-1" };

function costOf(properties: Values, observed?: Values) {
  return definition.cost?.monthly(properties, observed, list);
}

/** Of what exists: the same, changed. */
function after(changes: Values) {
  return costOf({ ...replica, ...changes }, replica);
}

test.each([
  [{}, 45],
  [{ planId: "standard-8" }, 150],
  [{ storage: 250 }, 60],
  [{ regionId: "eu-central-1" }, 51.75],
  [{ planId: "standard-8", storage: 334, regionId: "eu-central-1" }, 199.41],
  // A region tells its provider.
  [{ providerId: undefined }, 45],
  [{ providerId: unknown }, 45],
  [{ providerId: "mars", regionId: "moon" }, 1.02],
  [{ isHa: false, isSuspended: false }, 45],
])("a replica costs plan and storage times the region's multiplier: %j", (changes, dollars) => {
  const is = { ...replica, ...changes };
  expect(costOf(is, is)).toEqual({ dollars });
});

test("what an update leaves out stays as the server has it", () => {
  expect(costOf({}, replica)).toEqual({ dollars: 45 });
  expect(costOf({ planId: "standard-8" }, replica)).toEqual({ dollars: 150 });
});

test("storage that autoresize added stays, since it can't shrink", () => {
  expect(costOf({ storage: 100 }, { ...replica, storage: 150 })).toEqual({ dollars: 50 });
});

test("high availability is left out, and the note says so", () => {
  const note = "without a standby (high availability), whose price is not published";
  expect(after({ isHa: true })).toEqual({ dollars: 45, note });
  expect(after({ isHa: unknown })).toEqual({ dollars: 45, note });
  expect(costOf({}, { ...replica, isHa: true })).toEqual({ dollars: 45, note });
});

test.each([
  [{ planId: unknown }, "`planId` is not known"],
  [{ regionId: unknown }, "`regionId` is not known"],
  [{ storage: unknown }, "`storage` is not known"],
  [{ providerId: unknown, regionId: "everywhere" }, "`providerId` is not known"],
  [{ planId: "none" }, "no price is published for plan `none` in region `us-east-1`"],
  [{ planId: "unpriced" }, "no price is published for plan `unpriced` in region `us-east-1`"],
  [{ planId: "warehouse-8" }, "no price is published for storage of plan `warehouse-8`"],
  [{ regionId: "none" }, "no price is published for region `none`"],
  [{ regionId: "unpriced" }, "no price is published for region `unpriced`"],
  [{ regionId: "us-central1" }, "no price is published for region `us-central1`"],
  [{ providerId: "gcp", regionId: "us-central1" }, "no price is published for storage"],
  [{ providerId: "azure", regionId: "eastus" }, "no price is published for storage"],
  [{ isSuspended: true }, "what a suspended cluster costs is not published"],
])("without what it depends on there is no cost: %j", (changes, note) => {
  expect(after(changes)).toEqual({ note });
});

test("a suspended cluster counts as suspended until the server says otherwise", () => {
  const suspended = { ...replica, isSuspended: true };
  const note = "what a suspended cluster costs is not published";
  expect(costOf({ ...replica, isSuspended: unknown }, suspended)).toEqual({ note });
  expect(costOf(replica, suspended)).toEqual({ note });
  expect(costOf({ isSuspended: false }, suspended)).toEqual({ dollars: 45 });
});

test.each(["planId", "regionId", "storage"])(
  "an existing replica of which the server does not say %s has no cost",
  (property) => {
    const { [property]: _, ...rest }: Values = replica;
    expect(costOf(rest, rest)).toEqual({ note: `\`${property}\` is not known` });
  },
);

test.each(["planId", "regionId", "storage"])(
  "a new replica that takes its parent's %s has no cost, since the parent's is not known",
  (property) => {
    const { [property]: _, ...rest }: Values = replica;
    expect(costOf(rest)).toEqual({
      note: `\`${property}\` is left to the server, which takes the parent's`,
    });
  },
);

test("a new replica has the storage that it asks for, or its parent's if that is more", () => {
  const note = "with 100 GB; it has its parent's storage if that is more";
  expect(costOf(replica)).toEqual({ dollars: 45, note });
  expect(costOf({ ...replica, isHa: true })).toEqual({
    dollars: 45,
    note: `${note}; without a standby (high availability), whose price is not published`,
  });
});
