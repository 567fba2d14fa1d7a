import { expect, test } from "vitest";
import { canonical, sameId, toEid, toUuid } from "../../provider/crunchybridge/eid.ts";

// Pairs made with another implementation of base32 (RFC 4648, without padding, in lower case).
const pairs = [
  ["rvf73a77ozfsvcttryebfrnlem", "8d4bfd83-ff76-4b2a-8a73-8e0812c5ab23"],
  ["p56biajnfvgjhftvqs7lqymspe", "7f7c1401-2d2d-4c93-9675-84beb8619279"],
  ["aaaaaaaaaaaaaaaaaaaaaaaaaa", "00000000-0000-0000-0000-000000000000"],
  ["aaaaaaaaaaaaaaaaaaaaaaaaae", "00000000-0000-0000-0000-000000000001"],
  ["77777777777777777777777774", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
] as const;

test.each(pairs)("%s and %s are one ID in two spellings", (eid, uuid) => {
  expect(toEid(uuid)).toBe(eid);
  expect(toUuid(eid)).toBe(uuid);
  expect(sameId(eid, uuid)).toBe(true);
  expect(sameId(uuid.toUpperCase(), eid)).toBe(true);
});

test("each spelling converts to itself", () => {
  expect(toEid("rvf73a77ozfsvcttryebfrnlem")).toBe("rvf73a77ozfsvcttryebfrnlem");
  expect(toUuid("8D4BFD83-FF76-4B2A-8A73-8E0812C5AB23")).toBe(
    "8d4bfd83-ff76-4b2a-8a73-8e0812c5ab23",
  );
});

test.each([
  ["a letter too few", "rvf73a77ozfsvcttryebfrnle"],
  ["a letter too many", "rvf73a77ozfsvcttryebfrnlemm"],
  ["a last letter that holds more than three bits", "rvf73a77ozfsvcttryebfrnlen"],
  ["a digit that base32 lacks", "rvf73a77ozfsvcttryebfrnl1m"],
  ["upper case", "RVF73A77OZFSVCTTRYEBFRNLEM"],
  ["a UUID without hyphens", "8d4bfd83ff764b2a8a738e0812c5ab23"],
  ["nothing", ""],
])("%s is not an ID", (_, text) => {
  expect(toEid(text)).toBeUndefined();
  expect(toUuid(text)).toBeUndefined();
});

test("IDs of other bits differ", () => {
  expect(sameId("rvf73a77ozfsvcttryebfrnlem", "rvf73a77ozfsvcttryebfrnleq")).toBe(false);
  expect(sameId(undefined, "rvf73a77ozfsvcttryebfrnlem")).toBe(false);
});

test("what is not an ID stays as it is", () => {
  expect(canonical("orders")).toBe("orders");
  expect(canonical(undefined)).toBeUndefined();
});
