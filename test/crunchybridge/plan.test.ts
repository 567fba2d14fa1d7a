import { describe, expect, test } from "vitest";
import type { Autonamed } from "../../provider/resource/marks.ts";
import { autoname } from "../../provider/resource/names.ts";
import { type Plan, plan } from "../../provider/resource/plan.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";
import { definition } from "./world.ts";

const keys = Object.keys(definition.inputs.shape);
const cluster = "rvf73a77ozfsvcttryebfrnlem";
const clusterUuid = "8d4bfd83-ff76-4b2a-8a73-8e0812c5ab23";
const network = "p56biajnfvgjhftvqs7lqymspe";
const networkUuid = "7f7c1401-2d2d-4c93-9675-84beb8619279";
const other = "drsve2t4f5e5znkmef6hmchy2e";

/** The least that a program gives, and what the server has of it. */
const least = { clusterId: cluster, name: "orders-read" };
const seen = {
  ...least,
  state: "ready",
  planId: "standard-8",
  networkId: network,
  providerId: "aws",
  regionId: "us-east-1",
  storage: 100,
  isHa: false,
  isProtected: false,
  detached: false,
};
const full = {
  ...least,
  planId: "standard-8",
  storage: 100,
  isHa: true,
  environment: "production",
  isProtected: true,
  maintenanceWindowStart: 3,
};

interface Sides {
  applied?: Values;
  /** What the server has besides what was applied. */
  observed?: Values;
  /** What the program changes of what it asked; undefined removes. */
  desired?: Values;
  autonamed?: Autonamed;
  pending?: string;
  unfinished?: string[];
}

function decide({ applied = least, observed, desired, ...rest }: Sides): Plan {
  return plan(keys, definition.plan, {
    applied,
    observed: { ...seen, ...applied, ...observed },
    desired: { ...applied, ...desired },
    ...rest,
  });
}

/** What changes, as `property: action`. */
const decided = ({ changes }: Plan) =>
  changes.map(({ property, action }) => `${property}: ${action}`);

const interruption = /: an upgrade that starts now; connections are interrupted briefly/;

describe("nothing to do where", () => {
  test.each<[string, Sides]>([
    ["nothing is set and the server has its own", {}],
    ["all is as asked", { applied: full }],
    ["the cluster's ID has the other spelling", { desired: { clusterId: clusterUuid } }],
    [
      "the network's ID has the other spelling",
      { applied: { ...least, networkId: networkUuid }, observed: { networkId: network } },
    ],
    [
      "a default is written out",
      {
        desired: {
          isHa: false,
          isProtected: false,
          detached: false,
          environment: "",
          maintenanceWindowStart: -1,
        },
      },
    ],
    [
      "a value is given that the server has",
      { desired: { planId: "standard-8", storage: 100, regionId: "us-east-1" } },
    ],
  ])("%s", (_, sides) => {
    expect(decide(sides)).toMatchObject({ action: "keep", changes: [], warnings: [] });
  });
});

describe("updates in place:", () => {
  test.each<[string, Values, RegExp[]]>([
    [
      "planId",
      { planId: "standard-16" },
      [/^planId: an upgrade that starts now; connections are interrupted/],
    ],
    [
      "storage",
      { storage: 200 },
      [/^storage: an upgrade that starts now; connections are interrupted/],
    ],
    ["isHa", { isHa: true }, []],
    ["name", { name: "orders-copy" }, []],
    ["environment", { environment: "production" }, []],
    ["isProtected", { isProtected: true }, []],
    ["maintenanceWindowStart", { maintenanceWindowStart: 0 }, []],
    ["detached", { detached: true }, [/^detached: the replica becomes an independent primary/]],
  ])("%s", (property, desired, warnings) => {
    const result = decide({ desired });
    expect(result.action).toBe("update");
    expect(decided(result)).toEqual([`${property}: update`]);
    expect(result.changes[0]?.to).toBe(desired[property]);
    expect(result.warnings).toEqual(warnings.map((text) => expect.stringMatching(text)));
  });

  test.each<[string, Values]>([
    ["planId", { planId: "standard-64" }],
    ["isHa", { isHa: false }],
    ["name", { name: "renamed" }],
    ["environment", { environment: undefined }],
    ["isProtected", { isProtected: false }],
    ["maintenanceWindowStart", { maintenanceWindowStart: 9 }],
  ])("drift of %s, back to the program", (property, observed) => {
    const result = decide({ applied: full, observed });
    expect(decided(result)).toEqual([`${property}: update`]);
  });

  test("storage that a creation has left below what was asked", () => {
    const result = decide({ applied: { ...least, storage: 200 }, observed: { storage: 100 } });
    expect(decided(result)).toEqual(["storage: update"]);
  });

  test("a detachment that has not come about", () => {
    const result = decide({ applied: { ...least, detached: true }, observed: { detached: false } });
    expect(decided(result)).toEqual(["detached: update"]);
  });

  test.each(["planId", "storage", "isHa", "name", "detached"])(
    "%s that is not known yet",
    (property) => {
      const result = decide({ desired: { [property]: unknownValue } });
      expect(decided(result)).toEqual([`${property}: update`]);
      expect(result.changes[0]?.undecided).toBe(true);
    },
  );
});

describe("an optional input removed from the program", () => {
  test.each<[string, unknown]>([
    ["isHa", false],
    ["isProtected", false],
    ["environment", ""],
    ["maintenanceWindowStart", -1],
  ])("%s goes back to %o", (property, to) => {
    const result = decide({ applied: full, desired: { [property]: undefined } });
    expect(decided(result)).toEqual([`${property}: update`]);
    expect(result.changes[0]?.to).toBe(to);
  });

  test.each(["planId", "storage", "name", "networkId", "providerId", "regionId"])(
    "%s is kept",
    (property) => {
      const result = decide({ applied: seenInputs(), desired: { [property]: undefined } });
      expect(result).toMatchObject({ action: "keep", changes: [], warnings: [] });
    },
  );
});

describe("storage", () => {
  const asked = (storage?: number) => ({ ...least, ...(storage !== undefined && { storage }) });

  test("less than asked before is refused", () => {
    const result = decide({ applied: asked(200), desired: { storage: 150 } });
    expect(result.action).toBe("refuse");
    expect(decided(result)).toEqual(["storage: refuse"]);
    expect(result.changes[0]?.why).toContain("storage can't shrink");
  });

  test("less than asked before is refused where autoresize grew it, too", () => {
    const result = decide({
      applied: asked(200),
      observed: { storage: 260 },
      desired: { storage: 150 },
    });
    expect(result.action).toBe("refuse");
  });

  test("that autoresize grew is kept", () => {
    const result = decide({ applied: asked(200), observed: { storage: 260 } });
    expect(result).toMatchObject({ action: "keep", changes: [], warnings: [] });
  });

  test.each([
    ["more than asked, less than autoresize reached,", 200, 260, 230],
    ["less than inherited, which nobody asked for,", undefined, 100, 50],
  ])("%s is kept with a warning", (_, applied, observed, desired) => {
    const result = decide({
      applied: asked(applied),
      observed: { storage: observed },
      desired: { storage: desired },
    });
    expect(result).toMatchObject({ action: "keep", changes: [] });
    expect(result.warnings).toEqual([
      `storage is already ${observed} GB on the server and can't shrink to ${desired}.`,
    ]);
  });

  test("more than autoresize reached updates", () => {
    const result = decide({
      applied: asked(200),
      observed: { storage: 260 },
      desired: { storage: 300 },
    });
    expect(decided(result)).toEqual(["storage: update"]);
    expect(result.warnings).toEqual([expect.stringMatching(interruption)]);
  });

  test("less than asked, yet more than the server has after a failed upgrade, updates", () => {
    const result = decide({
      applied: asked(200),
      observed: { storage: 100 },
      desired: { storage: 150 },
    });
    expect(decided(result)).toEqual(["storage: update"]);
  });
});

describe("replaces, the new first:", () => {
  test.each<[string, Values]>([
    ["clusterId", { clusterId: other }],
    ["networkId", { networkId: other }],
    ["providerId", { providerId: "gcp" }],
    ["regionId", { regionId: "us-west-2" }],
  ])("%s", (property, desired) => {
    const result = decide({ desired, autonamed: true });
    expect(result).toMatchObject({ action: "replace", order: "new first", warnings: [] });
    expect(decided(result)).toEqual([`${property}: replace`]);
  });

  test("a replacement that changes the name as well", () => {
    const result = decide({ desired: { regionId: "us-west-2", name: "orders-west" } });
    expect(result).toMatchObject({ action: "replace", order: "new first", warnings: [] });
  });

  test("what is not known yet, undecided", () => {
    const result = decide({ desired: { clusterId: unknownValue }, autonamed: true });
    expect(result).toMatchObject({ action: "replace", order: "new first" });
    expect(result.changes[0]?.undecided).toBe(true);
  });
});

describe("replaces, the old first:", () => {
  test("where an explicit name is kept, with a warning", () => {
    const result = decide({ desired: { regionId: "us-west-2" } });
    expect(result).toMatchObject({ action: "replace", order: "old first" });
    expect(result.warnings).toEqual([
      expect.stringContaining("it is destroyed before the new one is created"),
    ]);
  });

  test("where `pulumi:autonaming` makes the same name again", () => {
    const result = decide({ desired: { regionId: "us-west-2" }, autonamed: "proposed" });
    expect(result).toMatchObject({ action: "replace", order: "old first", warnings: [] });
    expect(result.reasons).toEqual([
      "`pulumi:autonaming` makes the same name for the new one, so the old one is deleted first",
    ]);
    expect(result.effect?.text).toMatch(/^there is no replica from the destruction of the old one/);
    const desired = { regionId: "us-west-2", name: "orders-2b" };
    expect(decide({ desired, autonamed: "proposed" }).order).toBe("new first");
  });

  test("where its creation failed, though nothing changed", () => {
    const result = decide({ observed: { state: "creation_failed" }, autonamed: true });
    expect(result).toMatchObject({ action: "replace", order: "old first", changes: [] });
    expect(result.reasons).toContain("the server could not create it");
  });
});

describe("drift of what only a replacement changes is kept, with a warning:", () => {
  test.each<[string, Values, Values]>([
    ["clusterId", {}, { clusterId: other }],
    ["networkId", { networkId: network }, { networkId: other }],
    ["providerId", { providerId: "aws" }, { providerId: "gcp" }],
    ["regionId", { regionId: "us-east-1" }, { regionId: "us-west-2" }],
  ])("%s", (property, applied, observed) => {
    const result = decide({ applied: { ...least, ...applied }, observed });
    expect(result).toMatchObject({ action: "keep", changes: [] });
    expect(result.warnings).toEqual([
      expect.stringContaining(`put "${observed[property]}" into the program`),
    ]);
  });
});

describe("once detached", () => {
  const detached = { ...least, detached: true };

  test("nothing is to do", () => {
    expect(decide({ applied: detached })).toMatchObject({ action: "keep", warnings: [] });
  });

  test.each([
    ["false", { detached: false }],
    ["removed", { detached: undefined }],
  ])("detached is refused to be %s", (_, desired) => {
    const result = decide({ applied: detached, desired });
    expect(result.action).toBe("refuse");
    expect(decided(result)).toEqual(["detached: refuse"]);
    expect(result.changes[0]?.why).toContain("can't become a replica again");
  });

  test.each([
    ["changed", other],
    ["not known yet", unknownValue],
  ])("clusterId %s is kept", (_, clusterId) => {
    const result = decide({ applied: detached, desired: { clusterId } });
    expect(result).toMatchObject({ action: "keep", changes: [], warnings: [] });
  });

  test("clusterId that the program changed before is kept without a warning", () => {
    const result = decide({
      applied: { ...detached, clusterId: other },
      observed: { clusterId: cluster },
    });
    expect(result).toMatchObject({ action: "keep", changes: [], warnings: [] });
  });

  test("any other replacement warns of data loss", () => {
    const result = decide({
      applied: detached,
      desired: { regionId: "us-west-2" },
      autonamed: true,
    });
    expect(result).toMatchObject({ action: "replace", order: "new first" });
    expect(result.warnings).toEqual([expect.stringMatching(/LOST/)]);
  });
});

describe("detached outside the program", () => {
  test.each<[string, Values]>([
    ["and never mentioned", {}],
    ["and false in it", { detached: false }],
  ])("%s, is kept with a warning", (_, applied) => {
    const result = decide({ applied: { ...least, ...applied }, observed: { detached: true } });
    expect(result).toMatchObject({ action: "keep", changes: [] });
    expect(result.warnings).toEqual([
      expect.stringContaining("set `detached: true` in the program"),
    ]);
  });

  test("is accepted by the program without a word", () => {
    const result = decide({ observed: { detached: true }, desired: { detached: true } });
    expect(result).toMatchObject({ action: "keep", changes: [], warnings: [] });
  });

  test("keeps clusterId, too", () => {
    const result = decide({ observed: { detached: true }, desired: { clusterId: other } });
    expect(result).toMatchObject({ action: "keep", changes: [] });
  });
});

describe("while protected", () => {
  test.each<[string, Values]>([
    ["a replacement", { regionId: "us-west-2" }],
    ["a replacement that unprotects it as well", { regionId: "us-west-2", isProtected: false }],
  ])("%s is refused", (_, desired) => {
    const result = decide({ applied: { ...least, isProtected: true }, desired, autonamed: true });
    expect(result.action).toBe("refuse");
    expect(result.reasons.join()).toContain("set isProtected to false in a separate `pulumi up`");
  });

  test("a replacement that is not decided yet is not refused", () => {
    const result = decide({
      applied: { ...least, isProtected: true },
      desired: { clusterId: unknownValue },
    });
    expect(result.action).toBe("replace");
  });

  test("what could not be created is refused, with the steps", () => {
    const { action, reasons } = decide({
      applied: { ...least, isProtected: true },
      observed: { state: "creation_failed" },
    });
    expect(action).toBe("refuse");
    expect(reasons).toEqual([
      "the server does not destroy a protected cluster: set isProtected to false in a separate `pulumi up` first; the next one replaces the replica, whatever isProtected is then",
    ]);
  });

  test.each<[string, Values, Values]>([
    ["to false", { isProtected: true }, { isProtected: false }],
    ["to what is not known yet", { isProtected: true }, { isProtected: unknownValue }],
    ["to nothing", { isProtected: true }, { isProtected: undefined }],
    ["for the first time, to false", {}, { isProtected: false }],
  ])("what could not be created is unprotected first where it is set %s", (_, applied, desired) => {
    const result = decide({
      applied: { ...least, ...applied },
      observed: { state: "creation_failed", isProtected: true },
      desired,
    });
    expect(result.action).toBe("update");
    expect(result.changes.map(({ property }) => property)).toEqual(["isProtected"]);
    expect(result.warnings.join()).toContain("unprotects it, the next one replaces it");
  });

  test("updates go on", () => {
    const result = decide({ applied: full, desired: { planId: "standard-16" } });
    expect(result.action).toBe("update");
  });
});

describe("what has not ended", () => {
  test("keeps waiting", () => {
    const result = decide({ observed: { state: "creating" }, pending: 'state "creating"' });
    expect(result).toMatchObject({ action: "update", changes: [] });
    expect(result.reasons).toEqual([expect.stringContaining('state "creating"')]);
  });

  test("of a change is looked at again, though the server shows the new value", () => {
    const applied = { ...least, planId: "standard-16" };
    const result = decide({ applied, unfinished: ["planId"] });
    expect(decided(result)).toEqual(["planId: update"]);
  });

  test.each([
    ["ready", undefined],
    ["suspended", undefined],
    ["creating", 'state "creating"'],
    ["finalizing", 'state "finalizing"'],
    ["levitating", 'state "levitating"'],
  ])("in state %s is %s", (state, pending) => {
    expect(definition.pending?.({ ...seen, state })).toBe(pending);
  });
});

test("a name that the provider made is kept, and changes with what replaces", () => {
  const origin = { project: "shop", stack: "dev", type: "Replica", logicalName: "r" };
  const name = autoname({ ...origin, replacing: { clusterId: cluster } });
  expect(name).toMatch(/^[A-Za-z][A-Za-z0-9-]{4,39}$/);
  expect(autoname({ ...origin, replacing: { clusterId: other } })).not.toBe(name);
  const result = decide({ desired: { name }, autonamed: true });
  expect(result).toMatchObject({ action: "keep", changes: [] });
});

function seenInputs(): Values {
  return Object.fromEntries(Object.entries(seen).filter(([key]) => keys.includes(key)));
}
