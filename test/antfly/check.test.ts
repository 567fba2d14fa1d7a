import { describe, expect, test } from "vitest";
import { check } from "../../provider/resource/lifecycle.ts";
import { unknownValue } from "../../provider/resource/values.ts";
import { definition, full, nightly } from "./inputs.ts";

/** The failures, as a reader sees them. */
function failures(inputs: object): string[] {
  return check(definition, { ...inputs }).failures.map(
    ({ property, reason }) => `${property} ${reason}`,
  );
}

const tables = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

describe("accepts", () => {
  test.each([
    ["a schedule of its least", nightly],
    ["a schedule of all", full],
    ["no prefix, which the host fills in", { ...nightly, backupIdPrefix: undefined }],
    ["a leap day", { ...nightly, schedule: "0 0 29 2 *" }],
    ["lists, ranges, steps and names", { ...nightly, schedule: "*/15 0-6,22 1,15 JAN-MAR MON" }],
    ["the last Friday of a month", { ...nightly, schedule: "0 3 * * FRI#L" }],
    ["a directory", { ...nightly, location: "file:///var/backups" }],
    ["a bucket of Google's", { ...nightly, location: "gs://bucket/backups" }],
    ["the same in its other spelling", { ...nightly, location: "gcs://bucket/backups" }],
    ["a bucket without a path", { ...nightly, location: "s3://bucket" }],
    ["dots in a path", { ...nightly, location: "s3://bucket/a..b/.c" }],
    ["an alias of a time zone", { ...nightly, timezone: "US/Pacific" }],
    ["256 tables", { ...nightly, tableNames: tables(256) }],
    ["a prefix of 111 characters", { ...nightly, backupIdPrefix: "a".repeat(111) }],
    ["every character of a prefix", { ...nightly, backupIdPrefix: "0aZ._-" }],
    ["a URL with a dialect's base path", { ...nightly, url: "https://antfly.example.com/db/v1" }],
    ["plain http, which is the client's to refuse", { ...nightly, url: "http://10.0.0.1:8080" }],
  ])("%s", (_, inputs) => {
    expect(failures(inputs)).toEqual([]);
  });
});

describe("normalises", () => {
  test.each([
    ["spaces in a schedule", { schedule: " 0  3 * *\t* " }, { schedule: "0 3 * * *" }],
    ["a flag given as text", { suspend: "true" }, { suspend: true }],
    ["slashes after a URL", { url: " https://a.example/// " }, { url: "https://a.example" }],
  ])("%s", (_, given, normalised) => {
    expect(check(definition, { ...nightly, ...given }).inputs).toMatchObject(normalised);
  });

  test("nothing that is absent into a default", () => {
    expect(check(definition, nightly).inputs).toEqual(nightly);
  });
});

describe("refuses", () => {
  const fields = "it must have five fields: minute, hour, day of month, month, day of week";
  const zone = "it must be a time zone of the IANA database, for instance UTC or Europe/Berlin";
  const scheme = "it must begin with file://, s3:// or gs://";
  const letters = "it must be made of letters, digits, dots, hyphens and underscores";
  const first = "it must begin with a letter or a digit";
  const server = "it must be the server's root, with http:// or https://";
  test.each([
    ["schedule", undefined, "is required"],
    ["schedule", "0 0 3 * * *", `is "0 0 3 * * *"; ${fields}`],
    ["schedule", "0 3 * *", `is "0 3 * *"; ${fields}`],
    ["schedule", "", `is ""; ${fields}`],
    ["schedule", "@daily", `is "@daily"; ${fields}`],
    ["schedule", "2030-01-01T00:00:00", `is "2030-01-01T00:00:00"; ${fields}`],
    ["schedule", "0 0 31 2 *", 'is "0 0 31 2 *"; it never fires: no month has such a day'],
    [
      "schedule",
      "0 0 31 4,6,9,11 *",
      'is "0 0 31 4,6,9,11 *"; it never fires: no month has such a day',
    ],
    [
      "schedule",
      "60 3 * * *",
      'is "60 3 * * *"; it is not a valid cron expression: Invalid value for minute: 60',
    ],
    ["location", undefined, "is required"],
    ["location", "/var/backups", `is "/var/backups"; ${scheme}`],
    ["location", "ftp://host/backups", `is "ftp://host/backups"; ${scheme}`],
    [
      "location",
      "file://backups",
      'is "file://backups"; it must be an absolute path: file:///path/to/backups',
    ],
    ["location", "s3:///backups", 'is "s3:///backups"; it must name a bucket: s3://bucket/path'],
    ["location", "gs://", 'is "gs://"; it must name a bucket: gs://bucket/path'],
    ["location", "s3://bucket/", 'is "s3://bucket/"; it must not end with a slash'],
    ["location", "file:///", 'is "file:///"; it must not end with a slash'],
    ["location", "file:///a/../b", 'is "file:///a/../b"; it must not have a segment ".."'],
    ["timezone", "Mars/Phobos", `is "Mars/Phobos"; ${zone}`],
    ["timezone", "+02:00", `is "+02:00"; ${zone}`],
    ["timezone", "", `is ""; ${zone}`],
    ["connection", "", 'is ""; it must be at least 1 character long'],
    ["tableNames", [], "is []; it must be at least 1 item long"],
    ["tableNames", ["t1", "t2", "t1"], 'is ["t1","t2","t1"]; it names "t1" more than once'],
    ["tableNames", tables(257), /^is \["t0".*it must be at most 256 items long$/],
    ["tableNames[1]", ["t1", ""], 'is ""; it must be at least 1 character long'],
    ["format", "tar", 'is "tar"; allowed: native, portable'],
    ["backupIdPrefix", "a".repeat(112), /it must be at most 111 characters long$/],
    ["backupIdPrefix", "a/b", `is "a/b"; ${letters}`],
    ["backupIdPrefix", "ä", /letter or a digit/],
    ["backupIdPrefix", ".a", `is ".a"; ${first}`],
    ["backupIdPrefix", "-a", `is "-a"; ${first}`],
    ["backupIdPrefix", "_a", `is "_a"; ${first}`],
    ["backupIdPrefix", "", `is ""; ${first}`],
    ["suspend", "yes", 'is "yes"; it must be of type boolean'],
    [
      "url",
      "antfly.example.com",
      `the configured URL "antfly.example.com" has no scheme (did you mean https://antfly.example.com?); ${server}`,
    ],
    [
      "url",
      "ftp://antfly.example.com",
      `the configured URL begins with ftp: instead of https:; ${server}`,
    ],
    [
      "url",
      "https://antfly.example.com?a=b",
      `the configured URL of antfly.example.com contains a query or a fragment; ${server}`,
    ],
  ])("%s %j", (property, value, reason) => {
    const [input = ""] = property.split("[");
    const [failure] = check(definition, { ...nightly, [input]: value }).failures;
    expect(failure?.property).toBe(property);
    expect(failure?.reason).toEqual(
      typeof reason === "string" ? reason : expect.stringMatching(reason),
    );
  });

  test("a URL with credentials, without telling them", () => {
    const [failure] = failures({ ...nightly, url: "https://me:hunter2@antfly.example.com" });
    expect(failure).toMatch(/^url .*antfly.example.com contains credentials/);
    expect(failure).not.toContain("hunter2");
  });

  test("what is not an input", () => {
    expect(failures({ ...nightly, retention: 7 })).toEqual([
      expect.stringMatching(/^retention is not an input of this resource\..* Inputs: schedule, /),
    ]);
  });

  test("everything that is wrong at once", () => {
    const wrong = {
      schedule: "nightly",
      location: "/backups",
      timezone: "CEST",
      connection: "",
      tableNames: [],
      format: "tar",
      backupIdPrefix: "-",
      suspend: 1,
      url: "nowhere",
    };
    const properties = check(definition, wrong).failures.map(({ property }) => property);
    expect(new Set(properties)).toEqual(new Set(Object.keys(wrong)));
  });
});

test.each(Object.keys(full))("an unknown %s never fails", (property) => {
  const { inputs, failures } = check(definition, { ...full, [property]: unknownValue });
  expect(failures).toEqual([]);
  expect(inputs[property]).toBe(unknownValue);
});

test("a table whose name is unknown makes no other failure", () => {
  expect(failures({ ...nightly, tableNames: ["t1", unknownValue] })).toEqual([]);
});
