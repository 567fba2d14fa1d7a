import { describe, expect, test } from "vitest";
import { check } from "../../provider/resource/lifecycle.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";
import { definition, large, small } from "./world.ts";

/** The failures, as a reader sees them. */
function failures(change: Values): string[] {
  return check(definition, { ...large, ...change }).failures.map(
    ({ property, reason }) => `${property} ${reason}`,
  );
}

const t2 = { coordinatorTune: "t2.medium", workerTune: "t2.medium" };
const disks = { coordinatorDiskSize: 100, workerDiskSize: 100 };

describe("accepts", () => {
  test.each<[string, Values]>([
    ["a large formation", {}],
    ["a small one", { ...small }],
    [
      "one without what is optional",
      { name: undefined, coordinatorHa: undefined, workerHa: undefined },
    ],
    ["a name of one character", { name: "a" }],
    ["any name that is not empty", { name: "my formation / ünïcode!" }],
    ["no workers", { workerCount: 0 }],
    ["the most workers", { workerCount: 40 }],
    ["equal t2 tunes with disks of 100", { ...t2, ...disks }],
    ["disks of 100 without t2", disks],
    ["two names alike", { allowDuplicateName: true }],
  ])("%s", (_, change) => {
    expect(failures(change)).toEqual([]);
  });

  const documented = {
    region: [
      ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
      ...["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
      ...["ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-south-1"],
    ],
    workerTune: [
      ...["r3.large", "r3.xlarge", "r3.2xlarge", "r3.4xlarge", "r3.8xlarge"],
      ...["r4.large", "r4.xlarge", "r4.2xlarge", "r4.4xlarge", "r4.8xlarge", "r4.16xlarge"],
      ...["r5.large", "r5.xlarge", "r5.2xlarge", "r5.4xlarge", "r5.12xlarge", "r5.24xlarge"],
      ...["c4.xlarge", "c4.2xlarge", "c4.4xlarge", "c4.8xlarge"],
      ...["c5.xlarge", "c5.2xlarge", "c5.4xlarge", "c5.9xlarge"],
    ],
    workerDiskSize: [100, 512, 1024, 1536, 2048, 2560],
  };

  test.each(Object.entries(documented))("every documented %s", (property, values) => {
    for (const value of values) expect(failures({ [property]: value })).toEqual([]);
  });

  test.each(["t2.small", "t2.medium", "t2.large"])("every documented t2 tune: %s", (tune) => {
    expect(failures({ ...disks, coordinatorTune: tune, workerTune: tune })).toEqual([]);
  });
});

test("numbers and booleans given as text become what they are", () => {
  const text = {
    workerCount: "4",
    workerDiskSize: "1024",
    coordinatorDiskSize: "512",
    workerHa: "true",
  };
  const flags = { coordinatorHa: "true", allowDuplicateName: "false" };
  expect(check(definition, { ...large, ...text, ...flags }).inputs).toEqual({
    ...large,
    allowDuplicateName: false,
  });
});

describe("refuses, with property, value and what is allowed,", () => {
  const regions = /; allowed: us-east-1, us-east-2, .*ap-south-1$/;
  const tunes = /; allowed: t2\.small, .*c5\.9xlarge$/;
  const sizes = "; allowed: 100, 512, 1024, 1536, 2048, 2560";
  test.each<[string, Values, RegExp | string]>([
    ["an empty name", { name: "" }, /^name is ""; it must be at least 1 character/],
    ["a region that does not exist", { region: "eu-west-9" }, regions],
    ["a coordinator tune that does not exist", { coordinatorTune: "r5.huge" }, tunes],
    ["a worker tune that does not exist", { workerTune: "m5.large" }, tunes],
    [
      "another coordinator disk",
      { coordinatorDiskSize: 200 },
      `coordinatorDiskSize is 200${sizes}`,
    ],
    ["another worker disk", { workerDiskSize: "200" }, `workerDiskSize is "200"${sizes}`],
    ["41 workers", { workerCount: 41 }, "workerCount is 41; it must be at most 40"],
    ["a negative count", { workerCount: -1 }, "workerCount is -1; it must be at least 0"],
    [
      "a fraction of a worker",
      { workerCount: 1.5 },
      "workerCount is 1.5; it must be a whole number",
    ],
    ["a count in words", { workerCount: "two" }, 'workerCount is "two"; it must be of type number'],
    ["a flag in words", { workerHa: "yes" }, 'workerHa is "yes"; it must be of type boolean'],
    ["a flag in numbers", { coordinatorHa: 1 }, "coordinatorHa is 1; it must be of type boolean"],
    ["no flag", { allowDuplicateName: "" }, 'allowDuplicateName is ""; it must be of type boolean'],
    [
      "unequal t2 tunes",
      { ...disks, coordinatorTune: "t2.small", workerTune: "t2.large" },
      'coordinatorTune is "t2.small" while workerTune is "t2.large"; with a t2 tune both must be the same',
    ],
    [
      "a t2 coordinator of other workers",
      { ...disks, coordinatorTune: "t2.small" },
      'coordinatorTune is "t2.small" while workerTune is "r5.xlarge"; with a t2 tune both must be the same',
    ],
    [
      "t2 workers of another coordinator",
      { ...disks, workerTune: "t2.small" },
      'coordinatorTune is "r5.large" while workerTune is "t2.small"; with a t2 tune both must be the same',
    ],
    [
      "a t2 coordinator with another disk",
      { ...t2, ...disks, coordinatorDiskSize: 512 },
      'coordinatorDiskSize is 512 while coordinatorTune is "t2.medium"; with a t2 tune it must be 100',
    ],
    [
      "t2 workers with another disk",
      { ...t2, ...disks, workerDiskSize: "512" },
      'workerDiskSize is 512 while workerTune is "t2.medium"; with a t2 tune it must be 100',
    ],
    [
      "what is not an input",
      { workers: 3 },
      /^workers is not an input of this resource\..* Inputs: name, /,
    ],
  ])("%s", (_, change, expected) => {
    expect(failures(change)).toEqual([
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    ]);
  });

  const optional = ["name", "coordinatorHa", "workerHa", "allowDuplicateName"];
  const required = Object.keys(definition.inputs.shape).filter((key) => !optional.includes(key));
  test.each(required)("a missing %s", (property) => {
    expect(failures({ [property]: undefined })).toEqual([`${property} is required`]);
  });
});

test("tells all that is wrong at once", () => {
  const wrong = {
    ...{ region: "moon-1", workerCount: 41, workerHa: "yes", workers: 3 },
    ...{ coordinatorTune: "t2.small", coordinatorDiskSize: 512, workerDiskSize: 1 },
  };
  expect(failures(wrong).map((line) => line.split(" ")[0])).toEqual([
    ...["workers", "region", "workerCount", "workerDiskSize", "workerHa"],
    ...["coordinatorTune", "coordinatorDiskSize"],
  ]);
});

describe("what is not known yet never fails:", () => {
  test.each(Object.keys(definition.inputs.shape))("%s", (property) => {
    expect(failures({ [property]: unknownValue })).toEqual([]);
  });

  test.each<[string, Values]>([
    ["the other tune of a t2", { ...disks, coordinatorTune: "t2.small", workerTune: unknownValue }],
    ["the disk of a t2", { ...t2, ...disks, workerDiskSize: unknownValue }],
    [
      "the tune of another disk",
      { ...t2, ...disks, workerTune: unknownValue, workerDiskSize: 512 },
    ],
  ])("%s", (_, change) => {
    expect(failures(change)).toEqual([]);
  });

  test("but the rest is checked", () => {
    expect(failures({ ...t2, coordinatorDiskSize: 512, workerDiskSize: unknownValue })).toEqual([
      expect.stringMatching(/^coordinatorDiskSize is 512 while/),
    ]);
  });
});

test("the only secret is the database's URL", () => {
  const secrets = Object.entries({ ...definition.inputs.shape, ...definition.outputs.shape })
    .filter(([, property]) => property.meta()?.secret)
    .map(([name]) => name);
  expect(secrets).toEqual(["databaseUrl"]);
});
