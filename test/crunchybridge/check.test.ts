import { describe, expect, test } from "vitest";
import { check } from "../../provider/resource/lifecycle.ts";
import { unknownValue } from "../../provider/resource/values.ts";
import { definition } from "./world.ts";

const cluster = "rvf73a77ozfsvcttryebfrnlem";
const network = "p56biajnfvgjhftvqs7lqymspe";
const least = { clusterId: cluster };

/** The failures, as a reader sees them. */
function failures(inputs: object): string[] {
  return check(definition, { ...inputs }).failures.map(
    ({ property, reason }) => `${property} ${reason}`,
  );
}

describe("accepts", () => {
  test.each([
    ["a replica of its least", least],
    ["a UUID", { clusterId: "8d4bfd83-ff76-4b2a-8a73-8e0812c5ab23" }],
    ["the shortest name", { ...least, name: "abcde" }],
    ["the longest name", { ...least, name: "a".repeat(50) }],
    ["every letter that a name may have", { ...least, name: "Bob's db/read_2 a-b" }],
    ["a network", { ...least, networkId: network }],
    ["a network at gcp with its region", { ...least, networkId: network, regionId: "us-central1" }],
    ["a region", { ...least, regionId: "us-west-2" }],
    [
      "a provider with plan and region",
      { ...least, providerId: "aws", planId: "standard-8", regionId: "us-west-2" },
    ],
    ["an environment that nobody here has heard of", { ...least, environment: "staging" }],
    ["no environment", { ...least, environment: "" }],
    ["the first hour", { ...least, maintenanceWindowStart: 0 }],
    ["the last hour", { ...least, maintenanceWindowStart: 23 }],
    ["no hour", { ...least, maintenanceWindowStart: -1 }],
    ["flags", { ...least, isHa: true, isProtected: false, detached: true }],
  ])("%s", (_, inputs) => {
    expect(failures(inputs)).toEqual([]);
  });
});

test("numbers, flags and IDs in other spellings become what they are", () => {
  const { inputs } = check(definition, {
    clusterId: "8D4BFD83-FF76-4B2A-8A73-8E0812C5AB23",
    networkId: "7f7c1401-2d2d-4c93-9675-84beb8619279",
    storage: "200",
    isHa: "true",
    maintenanceWindowStart: "-1",
  });
  expect(inputs).toEqual({
    clusterId: cluster,
    networkId: network,
    storage: 200,
    isHa: true,
    maintenanceWindowStart: -1,
  });
});

describe("refuses", () => {
  const ids = "it must be an EID (26 letters a–z and digits 2–7) or a UUID";
  const letters = "allowed are letters, digits, spaces and - _ / '";
  const oneOnly = "only one of them is allowed, since a network belongs to a provider";
  const both = "with a provider, both planId and regionId must be set";
  test.each([
    ["a missing cluster", { clusterId: undefined }, "clusterId is required"],
    ["a cluster's name", { clusterId: "orders" }, `clusterId is "orders"; ${ids}`],
    ["a network's name", { networkId: "vpc-1" }, `networkId is "vpc-1"; ${ids}`],
    ["a short name", { name: "abcd" }, 'name is "abcd"; it must be at least 5 characters long'],
    [
      "a long name",
      { name: "a".repeat(51) },
      `name is "${"a".repeat(51)}"; it must be at most 50 characters long`,
    ],
    [
      "a name with a digit first",
      { name: "1read" },
      'name is "1read"; it must start with a letter',
    ],
    ["a name with a dot", { name: "orders.read" }, `name is "orders.read"; ${letters}`],
    ["an empty plan", { planId: "" }, 'planId is ""; it must be at least 1 character long'],
    ["an empty region", { regionId: "" }, 'regionId is ""; it must be at least 1 character long'],
    ["half a gigabyte", { storage: 100.5 }, "storage is 100.5; it must be a whole number"],
    ["no storage", { storage: 0 }, "storage is 0; it must be at least 1"],
    ["words for storage", { storage: "much" }, 'storage is "much"; it must be of type number'],
    ["words for a flag", { isHa: "yes" }, 'isHa is "yes"; it must be of type boolean'],
    ["words for protection", { isProtected: 1 }, "isProtected is 1; it must be of type boolean"],
    ["words for detached", { detached: "no" }, 'detached is "no"; it must be of type boolean'],
    [
      "hour 24",
      { maintenanceWindowStart: 24 },
      "maintenanceWindowStart is 24; it must be at most 23",
    ],
    [
      "hour -2",
      { maintenanceWindowStart: -2 },
      "maintenanceWindowStart is -2; it must be at least -1",
    ],
    ["a number as environment", { environment: 1 }, "environment is 1; it must be of type string"],
    [
      "a network with a provider",
      { networkId: network, providerId: "aws", planId: "standard-8", regionId: "us-east-1" },
      `networkId is "${network}" while providerId is "aws"; ${oneOnly}`,
    ],
    [
      "a provider without plan and region",
      { providerId: "aws" },
      `providerId is "aws" without planId and regionId; ${both}`,
    ],
    [
      "a provider without plan",
      { providerId: "aws", regionId: "us-east-1" },
      `providerId is "aws" without planId; ${both}`,
    ],
    [
      "a provider without region",
      { providerId: "aws", planId: "standard-8" },
      `providerId is "aws" without regionId; ${both}`,
    ],
  ])("%s", (_, wrong, failure) => {
    expect(failures({ ...least, ...wrong })).toEqual([failure]);
  });

  test("an empty provider", () => {
    expect(failures({ ...least, providerId: "" })).toEqual([
      'providerId is ""; it must be at least 1 character long',
    ]);
  });

  test("an input that it does not have", () => {
    expect(failures({ ...least, plan: "standard-8" })).toEqual([
      expect.stringMatching(/^plan is not an input of this resource\..* Inputs: clusterId, name/),
    ]);
  });

  test("all wrong values at once", () => {
    const wrong = {
      clusterId: "orders",
      name: "1.a",
      networkId: network,
      providerId: "aws",
      storage: -5,
      maintenanceWindowStart: 30,
    };
    expect(check(definition, wrong).failures.map(({ property }) => property)).toEqual([
      ...["clusterId", "name", "name", "name", "storage", "maintenanceWindowStart"],
      ...["networkId", "providerId"],
    ]);
  });
});

describe("never fails on what is not known yet:", () => {
  const keys = Object.keys(definition.inputs.shape);

  test("every input", () => {
    const inputs = Object.fromEntries(keys.map((key) => [key, unknownValue]));
    expect(check(definition, inputs)).toMatchObject({ inputs, failures: [] });
  });

  test.each([
    { networkId: unknownValue, providerId: "aws", planId: "standard-8", regionId: "us-east-1" },
    { networkId: network, providerId: unknownValue },
    { providerId: "aws", planId: unknownValue, regionId: unknownValue },
    { providerId: "aws", planId: "standard-8", regionId: unknownValue },
  ])("%o", (inputs) => {
    expect(failures({ ...least, ...inputs })).toEqual([]);
  });
});
