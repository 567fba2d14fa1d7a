import fc from "fast-check";
import { expect, test } from "vitest";
import type { Found } from "../../../../cli/discover/model.ts";
import { named } from "../../../../cli/discover/output/names.ts";
import { found } from "./made-up.ts";

const namesOf = (all: readonly Found[], taken: string[] = [], variables: string[] = []) =>
  named(all, taken, variables).map(({ name, variable }) => `${name} ${variable}`);

test.each<{ what: string; all: Found[]; taken?: string[]; names: string[] }>([
  {
    what: "each system's own names",
    all: [
      found("Formation", "0fb1", "events"),
      found("Replica", "aaaa", "Orders / Reports (EU)"),
      found("AppFormation", "shop-dev/web", "shop-dev/web"),
      found("AntflySecret", "openai.api_key", "openai.api_key"),
    ],
    names: [
      "events events",
      "Orders-Reports-EU ordersReportsEU",
      "shop-dev-web shopDevWeb",
      "openai.api_key openaiApiKey",
    ],
  },
  {
    what: "one name of two kinds",
    all: [found("Formation", "0fb1", "web"), found("AntflySecret", "web", "web")],
    names: ["web-formation webFormation", "web-antfly-secret webAntflySecret"],
  },
  {
    what: "one name in two regions",
    all: [
      found("Formation", "0fb1", "events", { region: "us-east-1" }),
      found("Formation", "0fb2", "events", { region: "eu-west-1" }),
    ],
    names: ["events-us-east-1 eventsUsEast1", "events-eu-west-1 eventsEuWest1"],
  },
  {
    what: "one name and region twice",
    all: [
      found("Formation", "0fbed5229fa", "events", { region: "us-east-1" }),
      found("Formation", "a316013d531", "events", { region: "us-east-1" }),
    ],
    names: ["events-0fbed52 events0fbed52", "events-a316013 eventsA316013"],
  },
  {
    what: "one key on two servers",
    all: [
      found("AntflySecret", "https://a.example.com/key", "key", { url: "https://a.example.com" }),
      found("AntflySecret", "https://b.example.com/key", "key", { url: "https://b.example.com" }),
    ],
    names: ["key-a.example.com keyAExampleCom", "key-b.example.com keyBExampleCom"],
  },
  {
    what: "a name that the stack has",
    all: [found("Formation", "0fb1", "events")],
    taken: ["events", "events-formation"],
    names: ["events-formation-2 eventsFormation2"],
  },
  {
    what: "names that no variable can have",
    all: [
      found("Formation", "0fb1", "class"),
      found("Formation", "0fb2", "2024"),
      found("Formation", "0fb3", "日本"),
      found("Formation", "0fb4", "Büro.größe"),
      found("Formation", "0fb5", "API"),
      found("Formation", "0fb6", "__proto__"),
      found("Formation", "0fb7", "a_b"),
      found("Formation", "0fb8", "a-b"),
    ],
    names: [
      "class formationClass",
      "2024 formation2024",
      "formation formation",
      "Buro.gro-e buroGroE",
      "API api",
      "__proto__ proto",
      "a_b aB",
      "a-b aB2",
    ],
  },
])("$what", ({ all, taken, names }) => {
  expect(namesOf(all, taken)).toEqual(names);
  const reversed = namesOf(all.toReversed(), taken).map((one) => one.split(" ")[0]);
  expect(reversed.toReversed()).toEqual(names.map((one) => one.split(" ")[0]));
});

test("a variable that the program has is not taken", () => {
  expect(namesOf([found("Formation", "0fb1", "citus-eu")], [], ["citusEu"])).toEqual([
    "citus-eu citusEu2",
  ]);
});

test("whatever the servers call them, names are unique and valid", () => {
  const name = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "A", "a-2", "a.2", ""));
  const kind = fc.constantFrom("Formation", "Replica", "AntflySecret");
  fc.assert(
    fc.property(fc.array(fc.tuple(kind, name)), fc.array(name), (all, taken) => {
      const names = named(
        all.map(([kind, name], at) => found(kind, `id${at}`, name)),
        taken,
      );
      const logical = names.map(({ name }) => name);
      const variables = names.map(({ variable }) => variable);
      expect(new Set([...logical, ...taken]).size).toBe(logical.length + new Set(taken).size);
      expect(new Set(variables).size).toBe(variables.length);
      for (const one of logical) expect(one).toMatch(/^[A-Za-z0-9._-]+$/);
      for (const one of variables) expect(one).toMatch(/^[a-z][A-Za-z0-9]*$/);
    }),
    { seed: 7, numRuns: 100 },
  );
});
