import { describe, expect, test } from "vitest";
import { autoname, type NameOrigin } from "../../provider/resource/names.ts";

const origin: NameOrigin = {
  project: "shop",
  stack: "production",
  type: "Formation",
  logicalName: "orders",
  replacing: { region: "us-east-1", workerCount: 2 },
};

function named(change: Partial<NameOrigin> = {}): string {
  return autoname({ ...origin, ...change });
}

test("is the logical name and a short hash", () => {
  expect(named()).toMatch(/^orders-[0-9a-f]{7}$/);
});

test("stays what it is from version to version, since a killed creation is found by it", () => {
  expect(named()).toBe("orders-152a395");
});

describe("is the same", () => {
  test.each<[string, Partial<NameOrigin>]>([
    ["each time", {}],
    ["in whatever order the inputs come", { replacing: { workerCount: 2, region: "us-east-1" } }],
    [
      "where inputs are absent in another way",
      { replacing: { ...origin.replacing, zone: undefined, network: null } },
    ],
  ])("%s", (_, change) => {
    expect(named(change)).toBe(named());
  });
});

describe("is another one", () => {
  test.each<[string, Partial<NameOrigin>]>([
    ["for another project", { project: "shop2" }],
    ["for another stack", { stack: "dev" }],
    ["for another type", { type: "Replica" }],
    ["for another logical name", { logicalName: "orders2" }],
    [
      "for another input that replaces",
      { replacing: { ...origin.replacing, region: "us-east-2" } },
    ],
    ["where an input that replaces is added", { replacing: { ...origin.replacing, zone: "a" } }],
    ["where an input that replaces is removed", { replacing: { region: "us-east-1" } }],
    ["for names that differ only in what is left out of them", { logicalName: "orders." }],
  ])("%s", (_, change) => {
    expect(named(change)).not.toBe(named());
  });
});

describe("fits the names that every system allows", () => {
  test.each([
    ["other characters become hyphens", "my.db_for/orders", /^my-db-for-orders-[0-9a-f]{7}$/],
    ["several in a row become one", "a…  b", /^a-b-[0-9a-f]{7}$/],
    ["it begins with a letter", "42-_orders", /^orders-[0-9a-f]{7}$/],
    ["it is 40 characters long at most", "a".repeat(200), /^a{32}-[0-9a-f]{7}$/],
    ["nothing is left of it", "日本", /^formation-[0-9a-f]{7}$/],
  ])("%s", (_, logicalName, pattern) => {
    expect(named({ logicalName })).toMatch(pattern);
  });

  test("though nothing is left of two, they differ", () => {
    expect(named({ logicalName: "日本" })).not.toBe(named({ logicalName: "中国" }));
  });
});
