import { describe, expect, test } from "vitest";
import { withCosts } from "../../../cli/prices/costs.ts";
import { unknownValue as unknown } from "../../../provider/resource/values.ts";
import { type Change, explained, forms, hosts, saidIn } from "./previews.ts";

const readAt = "2026-03-01T12:00:00Z";

const prices = {
  readAt,
  lists: new Map<string, unknown>([
    [
      "akkeris",
      [
        { name: "gp1", price: 20 },
        { name: "gp2", price: 40 },
      ],
    ],
    [
      "crunchybridge",
      [
        {
          ...{ id: "aws", disk: { rate: 10 } },
          plans: [
            { id: "hobby-2", rate: 3500 },
            { id: "standard-8", rate: 14_000 },
          ],
          regions: [{ id: "us-east-1", multiplier: 1 }],
        },
      ],
    ],
  ]),
};

const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const served = { serverSize: "gp1", formationId: "f", createdAt: "2026-01-01T00:00:00Z" };

const clusterId = "rvf73a77ozfsvcttryebfrnlem";
const replica = { clusterId, name: "orders-read", planId: "hobby-2", storage: 100 };
const cluster = { providerId: "aws", regionId: "us-east-1", state: "ready", isSuspended: false };

const formation = { type: "AppFormation", observed: served };
const copy = { type: "Replica", observed: cluster };

const changes: [what: string, change: Change, cost: object | undefined][] = [
  ["a creation", { type: "AppFormation", op: "create", desired: web }, { before: 0, after: 40 }],
  [
    "a creation with an unknown quantity",
    { type: "AppFormation", op: "create", desired: { ...web, quantity: unknown } },
    { before: 0, note: "`quantity` is not known" },
  ],
  [
    "a change of size and quantity",
    { ...formation, op: "update", applied: web, desired: { ...web, size: "gp2", quantity: 1 } },
    { before: 40, after: 40 },
  ],
  [
    "a change of something else",
    { ...formation, op: "update", applied: web, desired: { ...web, healthcheck: "/up" } },
    { before: 40, after: 40 },
  ],
  [
    "a replacement",
    { ...formation, op: "replace", applied: web, desired: { ...web, app: "other", quantity: 3 } },
    { before: 40, after: 60 },
  ],
  [
    "a replacement that leaves the old one on the server",
    {
      ...{ ...formation, op: "replace", applied: web, desired: { ...web, app: "other" } },
      old: { retainOnDelete: true },
    },
    { before: 40, after: 80, note: "with the old one, which stays on the server" },
  ],
  ["a deletion", { ...formation, op: "delete", applied: web }, { before: 40, after: 0 }],
  [
    "a deletion from the stack only",
    { ...formation, op: "delete", applied: web, old: { retainOnDelete: true } },
    { before: 40, after: 40 },
  ],
  [
    "an upgrade, of what the program does not say",
    { ...copy, op: "update", applied: replica, desired: { ...replica, planId: "standard-8" } },
    { before: 45, after: 150 },
  ],
  [
    "storage that autoresize has raised already",
    {
      ...{ ...copy, op: "update", applied: replica, desired: { ...replica, storage: 120 } },
      observed: { ...cluster, storage: 150 },
    },
    { before: 50, after: 50 },
  ],
  [
    "high availability",
    { ...copy, op: "update", applied: replica, desired: { ...replica, isHa: true } },
    {
      ...{ before: 45, after: 45 },
      note: "without a standby (high availability), whose price is not published",
    },
  ],
  [
    "a new replica in its parent's region",
    { type: "Replica", op: "create", desired: replica },
    { before: 0, note: "`regionId` is left to the server, which takes the parent's" },
  ],
];

describe.each(hosts)("%s", (host) => {
  describe.each(forms)("%s", (form) => {
    test.each(changes)("%s has its cost", (_, change, cost) => {
      const [costed] = withCosts([explained([change], { host, form })], prices, Date.parse(readAt));
      expect(costed?.changes.map((one) => one.cost)).toEqual([cost]);
    });
  });

  test("a secret quantity is on neither side of a cost", () => {
    const one = { ...formation, op: "update", applied: web };
    const desired = { ...web, quantity: "[secret]" };
    const explanation = explained([{ ...one, desired, differs: ["quantity"] }], { host });
    const [costed] = withCosts([explanation], prices, Date.parse(readAt));
    expect(costed?.changes.map(({ cost }) => cost)).toEqual([{ note: "`quantity` is not known" }]);
  });
});

test("an explanation carries of a state only what its cost depends on", () => {
  const applied = { ...web, type: "worker", command: "start --password hunter2" };
  const desired = { ...applied, quantity: 3 };
  const explanation = explained([{ ...formation, op: "update", applied, desired }]);
  expect(explanation.changes[0]?.priced).toEqual({
    before: { size: "gp1", serverSize: "gp1", quantity: 2 },
    after: { size: "gp1", serverSize: "gp1", quantity: 3 },
  });
  expect(saidIn(explanation)).not.toContain("hunter2");
});
