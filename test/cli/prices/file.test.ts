import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPrices, WrongPrices, writePrices } from "../../../cli/prices/file.ts";
import { failure } from "../../support/failure.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

const readAt = "2026-03-01T12:00:00Z";

const sizes = [{ name: "gp1", price: 20 }, { name: "odd" }];

const providers = [
  {
    id: "aws",
    plans: [{ id: "hobby-2", rate: 3500 }],
    disk: { rate: 10 },
    regions: [{ id: "us-east-1", multiplier: 1 }],
  },
  { plans: [], regions: [] },
];

function fileWith(content: unknown): string {
  const file = join(ownTemporaryFolder(), "prices.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

function problemOf(file: string): Promise<WrongPrices> {
  return failure(
    Promise.resolve().then(() => loadPrices(file)),
    WrongPrices,
  );
}

test("what is written is read again, the same in a second round", () => {
  const file = join(ownTemporaryFolder(), "prices.json");
  const lists = new Map<string, unknown>([
    ["crunchybridge", providers],
    ["akkeris", sizes],
  ]);

  writePrices(file, { readAt, lists });
  const first = readFileSync(file, "utf8");
  writePrices(file, loadPrices(file));

  expect(loadPrices(file)).toEqual({ readAt, lists });
  expect(readFileSync(file, "utf8")).toBe(first);
});

test("a system may be missing, and one that this version does not know is left out", () => {
  const file = fileWith({ version: 1, readAt, systems: { akkeris: sizes, later: [1] }, more: 1 });

  expect(loadPrices(file)).toEqual({ readAt, lists: new Map([["akkeris", sizes]]) });
});

test.each([
  ["a preview", { steps: [], diagnostics: [] }, "version"],
  ["an empty object", {}, "version"],
  ["null", null, "object"],
  ["a list", [], "object"],
  ["schedules", { version: 1, schedules: [] }, "systems"],
  ["a file without a time", { version: 1, systems: {} }, "readAt"],
  ["a time that is none", { version: 1, readAt: "today", systems: {} }, "readAt"],
  ["a list of another kind", { version: 1, readAt, systems: { akkeris: { gp1: 20 } } }, "akkeris"],
  [
    "a size without a name",
    { version: 1, readAt, systems: { akkeris: [{ price: 20 }] } },
    "akkeris[0].name",
  ],
  [
    "a provider that is none",
    { version: 1, readAt, systems: { crunchybridge: [7] } },
    "crunchybridge[0]",
  ],
])("%s is not a price list, and the message says where", async (_, content, where) => {
  const file = fileWith(content);
  const { message } = await problemOf(file);
  expect(message).toContain(
    `${file} is not a price list that \`formations prices --output\` wrote`,
  );
  expect(message).toContain(where);
});

test("a newer version's file is refused as such", async () => {
  const { message } = await problemOf(fileWith({ version: 2, readAt, systems: {} }));
  expect(message).toContain("this version of formations reads version 1, not 2");
});

test("a file that is cut off is not quoted", async () => {
  const file = fileWith('{"version": 1, "readAt": "secret-');
  const { message } = await problemOf(file);
  expect(message).toBe(
    `${file} is not JSON, and so not a price list; \`formations prices --output\` writes one.`,
  );
});

test("a file that is not there is named", async () => {
  const file = join(ownTemporaryFolder(), "none.json");
  const { message } = await problemOf(file);
  expect(message).toMatch(/^Cannot read .*none\.json: ENOENT/);
});
