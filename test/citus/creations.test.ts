import { describe, expect, test } from "vitest";
import type { ListedFormation } from "../../provider/citus/endpoints.ts";
import { Creations, creationsOf, type Place } from "../../provider/citus/formation/creations.ts";
import { failure } from "../support/failure.ts";
import { connected } from "./world.ts";

const orders: Place = { name: "orders", region: "us-east-1" };
const elsewhere: Place = { ...orders, region: "eu-west-1" };
const listed: ListedFormation = { id: "a", ...orders, created_at: "2026-01-01T00:00:00Z" };

test("a session has one ledger, another session another", async () => {
  const [{ api }, other] = [await connected(), await connected()];
  expect(creationsOf(api)).toBe(creationsOf(api));
  expect(creationsOf(other.api)).not.toBe(creationsOf(api));
});

test("what was created is known by its ID, and by its name and region", () => {
  const creations = new Creations();
  creations.add("a", orders);
  creations.add("b", elsewhere);
  creations.add("c", { ...orders, name: "events" });
  expect(creations.has("a")).toBe(true);
  expect(creations.has("d")).toBe(false);
  expect(creations.idsAt(orders)).toEqual(["a"]);
});

test("a place is claimed until its last creation ends, well or not", async () => {
  const creations = new Creations();
  const first = Promise.withResolvers<string>();
  const failing = failure(
    creations.claim(orders, () => first.promise),
    Error,
  );
  await creations.claim(orders, async () => "made");
  expect(creations.isClaimed(orders)).toBe(true);
  expect(creations.isClaimed(elsewhere)).toBe(false);
  first.reject(new Error("refused"));
  await failing;
  expect(creations.isClaimed(orders)).toBe(false);
});

test("creations of one name and region are posted one after another, others beside them", async () => {
  const creations = new Creations();
  const first = Promise.withResolvers<string>();
  const begun: string[] = [];
  const begin = (place: Place, what: string, ends: Promise<string>) =>
    creations.inTurn(place, async () => {
      begun.push(what);
      return await ends;
    });

  const failing = failure(begin(orders, "first", first.promise), Error);
  const next = begin(orders, "next", Promise.resolve("made"));
  await begin(elsewhere, "elsewhere", Promise.resolve("made"));
  expect(begun).toEqual(["first", "elsewhere"]);
  first.reject(new Error("refused"));
  await failing;
  expect(await next).toBe("made");
});

describe("a shared list", () => {
  test("is one request for all that ask before it is answered", async () => {
    const creations = new Creations();
    let requests = 0;
    const ask = async () => {
      requests += 1;
      return [listed];
    };
    const [first, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => creations.sharedList(ask)),
    );
    expect(first).toEqual([listed]);
    for (const other of others) expect(other).toBe(first);
    expect(requests).toBe(1);
  });

  test("is asked anew once it was answered", async () => {
    const creations = new Creations();
    await creations.sharedList(async () => []);
    expect(await creations.sharedList(async () => [listed])).toHaveLength(1);
  });

  test("that failed is asked anew", async () => {
    const creations = new Creations();
    await failure(
      creations.sharedList(() => Promise.reject(new Error("refused"))),
      Error,
    );
    expect(await creations.sharedList(async () => [])).toEqual([]);
  });
});
