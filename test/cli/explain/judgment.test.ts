import { describe, expect, test } from "vitest";
import { unknownOf, type Values } from "../../../provider/resource/values.ts";
import {
  type Change,
  explained,
  explainedOne,
  forms,
  hosts,
  type RawStep,
  saidIn,
  stepOf,
  urnOf,
} from "./previews.ts";

const formation = {
  ...{ name: "events", region: "us-east-1", coordinatorTune: "r5.large", coordinatorDiskSize: 512 },
  ...{ workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
};
const deleted: Change = { type: "Formation", op: "delete", applied: formation };
const kept: Change = { type: "Formation", op: "replace", applied: formation, desired: formation };
const resized: Change = { ...kept, desired: { ...formation, workerCount: 4 } };
const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const scaled: Change = {
  ...{ type: "AppFormation", op: "update", applied: web, desired: { ...web, quantity: 3 } },
};

/** A step of another kind for the same resource. */
function also(change: Change, op: string, more: Partial<RawStep> = {}): RawStep {
  return { ...stepOf(change), op, ...more };
}

describe("what the engine does decides", () => {
  test("a deletion loses a formation's data", () => {
    expect(explainedOne(deleted)).toMatchObject({
      ...{ name: "it", type: "Formation", operation: "delete" },
      effect: { kind: "data loss", text: "the formation is destroyed with its data" },
    });
  });

  test("retainOnDelete leaves it running", () => {
    const { operation, effect, properties } = explainedOne({
      ...deleted,
      old: { retainOnDelete: true },
    });
    expect(operation).toBe("abandon");
    expect(effect).toEqual({ kind: "none", text: expect.stringContaining("left running") });
    expect(properties).toEqual([]);
  });

  test("a replaced one that is retained loses no data, but its users get an empty one", () => {
    const change = explainedOne({ ...resized, old: { retainOnDelete: true } });
    expect(change).toMatchObject({ operation: "replace", effect: { kind: "interruption" } });
    expect(change.effect?.text).toContain("the old one is left running with its data");
  });

  test.each([
    ["deletion", { ...deleted, old: { protect: true } }, "refuses to delete it"],
    [
      "replacement",
      { ...resized, old: { protect: true }, new: { protect: true } },
      "refuses to replace it",
    ],
  ])(
    "a %s of what is protected will be refused, and would lose data",
    (_, change: Change, note) => {
      const refused = explainedOne(change);
      expect(refused).toMatchObject({ operation: "refuse", effect: { kind: "data loss" } });
      expect(refused.notes[0]).toContain(note);
    },
  );

  test("a replacement that lifts the protection is carried out, as the engine allows", () => {
    expect(explainedOne({ ...resized, old: { protect: true } }).operation).toBe("replace");
  });

  test("protection that is lifted is said, even if nothing else changes", () => {
    const change = { ...kept, op: "same", old: { protect: true }, new: { protect: false } };
    expect(explainedOne(change)).toMatchObject({
      operation: "keep",
      notes: ["It is no longer protected: a later change can delete it."],
    });
  });

  test.each([
    [["id"], {}, "`--replace` asks for its replacement"],
    [["id"], { old: { taint: true } }, "it is tainted"],
    [["provider"], {}, "its provider is another one, or is replaced"],
    [["#initerror"], {}, "its creation or last change failed"],
    [["replaceWith"], { new: { replaceWith: [urnOf("Formation", "main")] } }, "along with main"],
    [
      ["deletedWith"],
      { old: { deletedWith: urnOf("Formation", "main") } },
      "deleted along with main",
    ],
    [
      [],
      { old: { replacementTrigger: 1 }, new: { replacementTrigger: 2 } },
      "`replacementTrigger` has",
    ],
    [[], {}, "an option of the program asks for it"],
    [["region"], { new: { replaceOnChanges: ["region"] } }, "replaces it when `region` changes"],
    [["region"], {}, "the engine replaces it because of `region`"],
  ])(
    "a replacement because of %j %j that no plan asks for loses data too",
    (replaceReasons, more, reason) => {
      for (const host of hosts) {
        const change = explainedOne({ ...kept, replaceReasons, ...more }, { host });
        expect(change).toMatchObject({
          operation: "replace",
          effect: { kind: "data loss", text: expect.stringContaining("starts EMPTY") },
        });
        expect(change.reasons.join()).toContain(reason);
      }
    },
  );

  test.each([
    ["Formation", formation, "data loss"],
    ["AppFormation", web, "interruption"],
    [
      "AntflyBackupSchedule",
      { schedule: "0 3 * * *", location: "s3://b/n", backupIdPrefix: "n" },
      "none",
    ],
    ["AntflySecret", { key: "a.b", value: "sk-value-1" }, "deletion"],
    ["Replica", { clusterId: "rvf73a77ozfsvcttryebfrnlem" }, "interruption"],
    ["Replica", { clusterId: "rvf73a77ozfsvcttryebfrnlem", detached: true }, "data loss"],
  ])("a forced replacement of %s %j: %s", (type, applied, kind) => {
    const forced = explainedOne({ type, op: "replace", applied, desired: applied });
    expect(forced.effect?.kind).toBe(kind);
  });

  test("a forced replacement of what its server protects will fail, with the rule's reason", () => {
    const applied = { clusterId: "rvf73a77ozfsvcttryebfrnlem" };
    const change = { type: "Replica", op: "replace", applied, desired: applied };
    const { notes } = explainedOne({ ...change, observed: { isProtected: true } });
    expect(notes[0]).toMatch(
      /^`pulumi up` will fail: the server does not destroy a protected cluster/,
    );
  });

  test("an update where the plan of this version expects a replacement is an update, with a note", () => {
    const change = explainedOne({ ...resized, op: "update" });
    expect(change).toMatchObject({ operation: "update", effect: { kind: "in place" } });
    expect(change.notes[0]).toContain("expects a replacement");
  });

  test("a change of which the engine shows one side only is not made light of", () => {
    const sideless = (change: Change) => ({ ...stepOf(change), oldState: undefined });
    const update = explainedOne(sideless(scaled));
    expect(update).toMatchObject({ operation: "update", effect: { kind: "interruption" } });
    expect(update.notes[0]).toContain("could not be examined in detail");
    expect(explainedOne(sideless(resized)).effect?.kind).toBe("data loss");
    const both = { ...stepOf(resized), oldState: undefined, newState: undefined };
    expect(explainedOne(both).effect?.kind).toBe("data loss");
    expect(explainedOne({ ...stepOf(deleted), oldState: undefined }).effect?.kind).toBe(
      "data loss",
    );
  });

  test("an update that resumes waiting says what for", () => {
    const waiting = { observed: { state: "creating" }, marks: { pending: true } };
    const { reasons, effect } = explainedOne({ ...kept, op: "update", ...waiting });
    expect(reasons).toEqual(['resumes waiting until it is ready (state "creating")']);
    expect(effect?.kind).toBe("in place");
  });

  test("an operation that is not known changes something", () => {
    const change = explainedOne({ ...scaled, op: "transmute", desired: web });
    expect(change).toMatchObject({ operation: "update", effect: { kind: "in place" } });
    expect(change.reasons).toEqual(["the engine names an operation that is not known here"]);
  });

  test.each(["constructor", "toString", "__proto__", ""])(
    "the operation %j harms nothing",
    (op) => {
      expect(explainedOne({ ...scaled, op }).operation).toBe("update");
    },
  );

  test("an import and a read change nothing", () => {
    const ops = ["import", "read"].map((op) => explainedOne({ ...scaled, op }));
    expect(ops.map(({ operation, effect }) => [operation, effect?.kind])).toEqual([
      ["import", "none"],
      ["read", "none"],
    ]);
  });
});

describe("steps of one resource", () => {
  const old = { oldState: { ...stepOf(resized).oldState, delete: true } };

  test("a replacement that is shown in three steps is one change, in the steps' order", () => {
    const create = also(resized, "create-replacement");
    const replace = stepOf(resized);
    const remove = also(resized, "delete-replaced", { ...old, newState: undefined });
    expect(explained([create, replace, remove]).changes).toMatchObject([{ order: "new first" }]);
    expect(explained([remove, replace, create]).changes).toMatchObject([{ order: "old first" }]);
  });

  test.each([
    ["old first", { pendingReplacement: true }],
    ["new first", { delete: true }],
  ])("the program's order decides, also where only one step is shown: %s", (order, mark) => {
    // The plan of the first creates the new one first, that of the second deletes the old one first.
    const job = { ...web, type: "job", oneoff: true };
    const change: Change =
      order === "old first"
        ? resized
        : { ...scaled, op: "replace", applied: job, desired: { ...job, oneoff: false } };
    expect(explainedOne({ ...change, old: mark }).order).toBe(order);
  });

  test("a replica that the engine deletes first is absent meanwhile, whatever its plan would do", () => {
    const replica = { clusterId: "rvf73a77ozfsvcttryebfrnlem", name: "reports" };
    const moved: Change = {
      ...{ type: "Replica", op: "replace", applied: replica, observed: { state: "ready" } },
      desired: { ...replica, name: "reports-2", regionId: "us-west-2" },
    };
    const textOf = (mark: Values) => explainedOne({ ...moved, old: mark }).effect?.text;
    expect(textOf({ delete: true })).toMatch(/^a new replica is built, then/);
    expect(textOf({ pendingReplacement: true })).toMatch(/^there is no replica from the/);
  });

  test("what an earlier run replaced and did not delete is still to be deleted", () => {
    const remove = also(deleted, "delete-replaced", { newState: undefined });
    const change = explained([remove]).changes;
    expect(change).toMatchObject([{ operation: "delete", effect: { kind: "data loss" } }]);
    expect(change[0]?.reasons[0]).toContain("an earlier run replaced it");
    const protectedToo = also({ ...deleted, old: { protect: true } }, "delete-replaced");
    expect(explained([protectedToo]).changes[0]?.operation).toBe("delete");
  });

  test("a replacement and the deletion of an earlier one are two changes", () => {
    const asked = { ...resized, replaceReasons: ["workerCount"] };
    const earlier = { ...old.oldState, id: "an-earlier-id" };
    const { changes } = explained([
      also(asked, "create-replacement"),
      stepOf(asked),
      also(asked, "delete-replaced", { oldState: earlier, newState: undefined }),
      also(asked, "delete-replaced", { ...old, newState: undefined }),
    ]);
    expect(changes.map(({ operation }) => operation)).toEqual(["replace", "delete"]);
  });

  test("what an earlier run deleted is only created, not lost once more", () => {
    const marked = { oldState: { ...stepOf(kept).oldState, pendingReplacement: true } };
    const { changes } = explained([
      also(kept, "remove-pending-replace", marked),
      also(kept, "replace", marked),
      also(kept, "create-replacement", marked),
    ]);
    expect(changes).toMatchObject([{ operation: "replace", effect: { kind: "none" } }]);
    expect(changes[0]?.reasons[0]).toContain("an earlier run deleted the old one");
  });

  test("the engine's mark of what it deletes first in this run does not hide the loss", () => {
    const marked = { oldState: { ...stepOf(resized).oldState, pendingReplacement: true } };
    const shown = [
      also(resized, "delete-replaced", { ...marked, newState: undefined }),
      also(resized, "replace", marked),
      also(resized, "create-replacement", marked),
    ];
    for (const steps of [shown, [also(resized, "replace", marked)]]) {
      expect(explained(steps).changes).toMatchObject([{ effect: { kind: "data loss" } }]);
    }
  });

  test("a refresh that found it gone is why it is created", () => {
    const refreshed = also({ ...deleted }, "refresh");
    const created = stepOf({ type: "Formation", op: "create", desired: formation });
    expect(explained([refreshed, created]).changes).toMatchObject([
      { operation: "create", reasons: ["a refresh did not find it any more"] },
    ]);
    expect(explained([refreshed]).changes).toEqual([]);
  });

  test("deletedWith: the other one takes it along, if that is deleted", () => {
    const main = urnOf("Formation", "main");
    const along = { ...deleted, name: "along", old: { deletedWith: main } };
    const reasons = (changes: Change[]) =>
      explained(changes).changes.find(({ name }) => name === "along")?.reasons;
    expect(reasons([along, { ...deleted, name: "main" }])?.[0]).toContain("it goes with main");
    expect(reasons([along])).toEqual([]);
  });
});

describe("values", () => {
  test("a creation has its inputs, a deletion has what goes, a replacement only what changes", () => {
    const shown = (change: Change) =>
      explainedOne(change).properties.map(({ property, from, to }) => [
        property,
        from.kind,
        to.kind,
      ]);
    expect(shown({ type: "AppFormation", op: "create", desired: web })).toEqual([
      ["app", "absent", "value"],
      ["type", "absent", "value"],
      ["size", "absent", "value"],
      ["quantity", "absent", "value"],
    ]);
    expect(shown({ type: "AppFormation", op: "delete", applied: web })[0]).toEqual([
      "app",
      "value",
      "absent",
    ]);
    expect(explainedOne(resized).properties).toMatchObject([
      {
        property: "workerCount",
        from: { value: 2 },
        to: { value: 4 },
        why: "the API updates nothing",
      },
    ]);
  });

  test("the worst comes first among properties", () => {
    const desired = { ...web, quantity: 3, size: "gp2" };
    const { properties } = explainedOne({ ...scaled, desired });
    expect(properties.map(({ property }) => property)).toEqual(["size", "quantity"]);
  });

  test.each(Object.entries(unknownOf))("an unknown %s is unknown, wherever it is", (_, unknown) => {
    for (const host of hosts) {
      const desired = { ...formation, workerCount: unknown, name: `x-${unknownOf.string}-y` };
      const { effect, properties } = explainedOne({ ...kept, desired }, { host });
      expect(effect?.kind).toBe("data loss");
      expect(properties.map(({ property, to }) => [property, to.kind])).toEqual(
        expect.arrayContaining([
          ["workerCount", "unknown"],
          ["name", "unknown"],
        ]),
      );
    }
  });

  test("the known part of what contains an unknown is not shown", () => {
    const job = { ...web, type: "job", oneoff: true };
    const options = { image: unknownOf.string, env: { MODE: "once" } };
    const change = { ...scaled, op: "replace", applied: job, desired: { ...job, options } };
    expect(explainedOne(change).properties).toContainEqual(
      expect.objectContaining({ property: "options", to: { kind: "unknown" } }),
    );
  });
});

describe("secrets", () => {
  const secret = { key: "a.b", value: "sk-before-1" };
  const other = { key: "a.b", value: "sk-after-22" };

  test.each(hosts)(
    "on the %s host, a secret that changes is a change, without its values",
    (host) => {
      for (const form of forms) {
        const change: Change = {
          type: "AntflySecret",
          op: "update",
          applied: secret,
          desired: other,
        };
        const one = explainedOne(change, { host, form });
        expect(one.properties).toEqual([
          expect.objectContaining({
            property: "value",
            from: { kind: "secret" },
            to: { kind: "secret" },
          }),
        ]);
        expect(one.properties[0]?.why).toBe("overwritten in place, with one request");
      }
    },
  );

  test("of which no host says whether it changed, it may differ", () => {
    const change = {
      type: "AntflySecret",
      op: "replace",
      applied: secret,
      desired: { ...other, key: "c.d" },
    };
    const { properties } = explainedOne(change, { host: "dynamic" });
    expect(properties).toMatchObject([{ property: "key" }, { property: "value", mayDiffer: true }]);
    const plugin = explainedOne(change, { host: "plugin" });
    expect(plugin.properties.map(({ mayDiffer }) => mayDiffer)).toEqual([undefined, undefined]);
  });

  test("that a value newly is, without another value, is no change", () => {
    const applied = { ...web, command: "run --token=plain-1" };
    const desired = { ...web, size: "gp2", command: "[secret]" };
    const change = { ...scaled, applied, desired, differs: ["size"] };
    const { properties } = explainedOne(change);
    expect(properties.map(({ property }) => property)).toEqual(["size"]);
    const changed = explainedOne({ ...change, differs: ["size", "command"] });
    expect(changed.properties.map(({ property }) => property)).toEqual(["size", "command"]);
  });

  test("beside which only drift is undone did not change", () => {
    const job = { ...web, type: "job", oneoff: true, options: { env: { A: "b" } } };
    const drifted = { ...scaled, applied: job, observed: { quantity: 9 }, desired: job };
    for (const host of hosts) {
      const { properties } = explainedOne({ ...drifted, differs: ["quantity"] }, { host });
      expect(properties.map(({ property }) => property)).toEqual(["quantity"]);
    }
  });

  test("that the program makes is one on both sides, at its place in a value", () => {
    const job = { ...web, type: "job", oneoff: true };
    const change = {
      ...{ ...scaled, op: "replace", applied: { ...job, command: "run --token=plain-1" } },
      desired: { ...job, command: "[secret]", options: { image: "jobs:2", env: { A: "b" } } },
    };
    const one = explainedOne(change);
    expect(one.properties).toContainEqual(
      expect.objectContaining({
        property: "command",
        from: { kind: "secret" },
        to: { kind: "secret" },
      }),
    );
    expect(one.properties).toContainEqual(
      expect.objectContaining({
        to: { kind: "value", value: { image: "jobs:2", env: "[secret]" } },
      }),
    );
    expect(saidIn(one)).not.toContain("plain-1");
  });

  test("that a preview shows all the same, and that a message repeats, is hidden", () => {
    const exposed = stepOf({ type: "AntflySecret", op: "update", applied: secret, desired: other });
    const planted = "sk-planted-0c2d11";
    const step = {
      ...exposed,
      newState: { ...exposed.newState, inputs: { key: "a.b", value: planted } },
    };
    const diagnostics = [
      { severity: "error", message: `value ${planted} was rejected`, urn: step.urn },
      { severity: "info#err", message: `postgres://me:hunter2secret@host/db and ${planted}` },
    ];
    const said = saidIn(explained([step], { diagnostics }));
    expect(said).not.toMatch(/sk-planted|hunter2/);
    expect(said).toContain("was rejected");
  });
});

test("other providers' resources have a name, a type and an operation, and no more", () => {
  const foreign = (op: string, name: string, type: string, more = {}): RawStep => {
    const urn = urnOf(type, name);
    const state = { urn, type, custom: true, id: "x", inputs: { password: "sk-foreign" }, ...more };
    return { op, urn, oldState: state, newState: state, replaceReasons: ["password"] };
  };
  const { changes } = explained([
    foreign("replace", "bucket", "aws:s3/bucket:Bucket"),
    foreign("delete", "kept", "aws:s3/bucket:Bucket", { retainOnDelete: true }),
    foreign("same", "same", "aws:s3/bucket:Bucket"),
    foreign("create", "component", "shop:index:Site", { custom: false }),
    foreign("update", "default", "pulumi:providers:aws"),
    foreign("replace", "default_6_0_0", "pulumi:providers:aws"),
    foreign("update", "account", "pulumi:providers:formations"),
    foreign("replace", "account", "pulumi:providers:formations"),
    foreign("read", "network", "pulumi:pulumi:StackReference"),
  ]);
  expect(changes).toEqual(
    [
      ["account", "pulumi:providers:formations", "replace"],
      ["bucket", "aws:s3/bucket:Bucket", "replace"],
      ["kept", "aws:s3/bucket:Bucket", "abandon"],
    ].map(([name = "", type = "", operation]) => ({
      ...{ urn: urnOf(type, name), name, type, operation },
      ...{ reasons: [], properties: [], notes: [], messages: [] },
    })),
  );
});

test("the worst comes first, then by name; the same preview gives the same explanation", () => {
  const changes: Change[] = [
    { ...scaled, name: "z" },
    { ...scaled, name: "a" },
    { ...scaled, name: "m", desired: { ...web, size: "gp9" } },
    { ...deleted, name: "y" },
    { ...resized, name: "b" },
    { type: "AppFormation", op: "delete", applied: web, name: "d" },
    { type: "Formation", op: "create", desired: formation, name: "c" },
  ];
  const explanation = explained(changes);
  expect(explanation.changes.map(({ name }) => name).join("")).toBe("bydmazc");
  expect(explained(changes)).toEqual(explanation);
  expect(explained(changes.toReversed()).changes).toEqual(explanation.changes);
});
