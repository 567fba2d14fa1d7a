import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Importable,
  withoutWrongLinks,
  wrongLinks,
} from "../../../../cli/discover/output/links.ts";

/** An app of a type, whose ID is both. */
const app = (name: string, type: string): Importable => ({
  ...{ kind: "AppFormation", id: `${name}/${type}`, outputs: {} },
  inputs: { app: name, type },
});

const formation = (id: string, name: string, region = "us-east-1"): Importable => ({
  ...{ kind: "Formation", id, inputs: { name, region }, outputs: { name } },
});

const replica = (id: string, name: string, clusterId: string): Importable => ({
  ...{ kind: "Replica", id, inputs: { name, clusterId }, outputs: { name } },
});

const secret = (key: string, value: string): Importable => ({
  ...{ kind: "AntflySecret", id: key, inputs: { key, value }, outputs: {} },
});

const idsOf = (files: readonly Importable[][]) => files.map((file) => file.map(({ id }) => id));

test.each<{ what: string; all: Importable[]; files: string[][] }>([
  {
    what: "a formation called like a type of process",
    all: [formation("f1", "web"), app("shop", "web"), app("shop", "jobs")],
    files: [["shop/web", "shop/jobs"], ["f1"]],
  },
  {
    what: "a formation called like a region",
    all: [formation("f1", "us-east-1", "eu-west-1"), formation("f2", "events")],
    files: [["f2"], ["f1"]],
  },
  {
    what: "two equal names",
    all: [formation("f1", "events"), formation("f2", "events", "eu-west-1")],
    files: [["f1"], ["f2"]],
  },
  {
    what: "three equal names, of which no other has exactly one",
    all: ["f1", "f2", "f3"].map((id) => formation(id, "events")),
    files: [["f1", "f2", "f3"]],
  },
  {
    what: "a replica of a replica, which is a reference indeed",
    all: [replica("r1", "reports", "primary"), replica("r2", "nested", "r1")],
    files: [["r1", "r2"]],
  },
  {
    what: "replicas of a replica that misleads others, which come with it",
    all: [
      replica("r3", "deep", "r2"),
      replica("r2", "nested", "r1"),
      replica("r1", "web", "primary"),
      app("shop", "web"),
    ],
    files: [["shop/web"], ["r3", "r2", "r1"]],
  },
  {
    what: "a secret whose value is another's key",
    all: [secret("key", "other"), secret("other", "x")],
    files: [["key"], ["other"]],
  },
  {
    what: "a text deep in an input",
    all: [
      { kind: "AppFormation", id: "a/b", inputs: { options: { env: ["events"] } }, outputs: {} },
      formation("f1", "events"),
    ],
    files: [["a/b"], ["f1"]],
  },
  {
    what: "a provider, whose configuration is compared too and which has no ID yet",
    all: [
      { kind: "", id: "", inputs: { citusToken: "events" }, outputs: { name: "us-east-1" } },
      formation("f1", "events"),
    ],
    files: [[""], ["f1"]],
  },
])("$what", ({ all, files }) => {
  expect(idsOf(withoutWrongLinks(all))).toEqual(files);
});

test("whatever is equal, no file has a wrong link, and together they have everything once", () => {
  const text = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const made = fc.oneof(
    fc.tuple(text, text, text).map(([id, name, region]) => formation(id, name, region)),
    fc.tuple(text, text, text).map(([id, name, cluster]) => replica(id, name, cluster)),
    fc.tuple(text, text).map(([key, value]) => secret(key, value)),
    fc.tuple(text, text).map(([name, type]) => app(name, type)),
  );
  fc.assert(
    fc.property(fc.array(made, { maxLength: 12 }), (all) => {
      const files = withoutWrongLinks(all);
      for (const file of files) expect(wrongLinks(file)).toEqual([]);
      expect(new Set(files.flat())).toEqual(new Set(all));
      expect(files.flat()).toHaveLength(all.length);
      if (all.length > 0) for (const file of files) expect(file).not.toEqual([]);
    }),
    { seed: 11, numRuns: 500 },
  );
});
