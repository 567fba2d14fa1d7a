import { describe, expect, test } from "vitest";
import { type Change, explained, urnOf } from "./previews.ts";

const formation = {
  ...{ name: "events", region: "us-east-1", coordinatorTune: "r5.large", coordinatorDiskSize: 512 },
  ...{ workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
};
const deleted: Change = { type: "Formation", op: "delete", applied: formation };
const resized: Change = {
  ...{ type: "Formation", op: "replace", applied: formation },
  desired: { ...formation, workerCount: 4 },
};
const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const scaled: Change = {
  ...{ type: "AppFormation", op: "update", applied: web, desired: { ...web, quantity: 3 } },
};

describe("messages", () => {
  const urn = urnOf("Formation");
  const warning =
    "workerCount: the new formation starts EMPTY, and the old one is destroyed with its data. Resized in the console? Run `pulumi refresh` first.";

  test.each([
    ["plugin", `${warning} (it)`, urn],
    ["dynamic", `it (Formation): ${warning}`, urnOf("Formation", "it", "dynamic")],
    ["dynamic", `warning: it (Formation): ${warning}`, undefined],
  ] as const)("what the %s host warned of is not said twice: %s", (host, message, about) => {
    const diagnostics = [{ severity: "warning", message, ...(about && { urn: about }) }];
    const { changes, messages } = explained([resized], { host, diagnostics });
    expect(changes[0]?.messages).toEqual([]);
    expect(messages).toEqual([]);
    expect(changes[0]?.notes).toEqual(["Resized in the console? Run `pulumi refresh` first."]);
  });

  test("what is warned of one resource does not silence the same of another, which has no step", () => {
    const replica = { clusterId: "rvf73a77ozfsvcttryebfrnlem" };
    const detached =
      "The replica was detached outside the program and is now an independent primary. It is kept; set `detached: true` in the program.";
    const one: Change = {
      ...{ type: "Replica", op: "same", applied: replica, desired: replica },
      observed: { detached: true },
    };
    const diagnostics = ["it", "other"].map((name) => ({
      ...{ severity: "warning", message: `${detached} (${name})`, urn: urnOf("Replica", name) },
    }));
    expect(explained([one], { diagnostics }).changes).toMatchObject([
      { name: "it", operation: "keep", notes: [detached], messages: [] },
      { name: "other", operation: "keep", messages: [{ severity: "warning", text: detached }] },
    ]);
  });

  test("what else is said stays with its resource, errors first, each once", () => {
    const diagnostics = [
      { severity: "info", message: "creating", urn },
      { severity: "warning", message: "slow", urn },
      { severity: "error", message: "broken", urn },
      { severity: "warning", message: "slow", urn },
      { severity: "info#err", message: "from the program" },
    ];
    const { changes, messages } = explained([resized], { diagnostics });
    expect(changes[0]?.messages.map(({ text }) => text)).toEqual(["broken", "slow", "creating"]);
    expect(messages).toEqual([{ severity: "info", text: "from the program" }]);
  });

  test("an error of a resource without a step is a refusal; a warning is something to be said", () => {
    const about = (severity: string, name: string, type = "Formation") => {
      return { severity, message: `about ${name}`, urn: urnOf(type, name) };
    };
    const { changes, messages } = explained([], {
      diagnostics: [
        about("error", "refused"),
        about("warning", "drifted"),
        about("info", "quiet"),
        about("error", "bucket", "aws:s3/bucket:Bucket"),
        about("error", "shop-dev", "pulumi:pulumi:Stack"),
      ],
    });
    expect(changes.map(({ name, operation, effect }) => [name, operation, effect?.kind])).toEqual([
      ["drifted", "keep", "none"],
      ["refused", "refuse", "none"],
      ["bucket", "refuse", undefined],
    ]);
    expect(messages.map(({ text }) => text)).toEqual(["about quiet", "about shop-dev"]);
  });
});

describe("hooks", () => {
  const hooks = (beforeDelete: string[]) => ({ resourceHooks: { beforeDelete } });
  const notes = (...changes: Change[]) =>
    explained(changes)
      .changes.find(({ name }) => name === "it")
      ?.notes.join() ?? "";

  test("are not spoken of in a stack without any", () => {
    expect(notes(resized)).not.toContain("hook");
  });

  test.each([
    ["runs", { old: hooks(["copy"]), new: hooks(["copy"]) }, "Pulumi runs `copy` (`beforeDelete`)"],
    ["is new, so it does not run", { new: hooks(["copy"]) }, "does not run for this deletion"],
  ])("one that %s is said", (_, sides, note) => {
    expect(notes({ ...resized, ...sides })).toContain(note);
  });

  test("one that is missing is said where others have one", () => {
    const hooked = { ...scaled, name: "hooked", old: hooks(["log"]) };
    expect(notes(resized, hooked)).toContain("It has no `beforeDelete` hook");
    expect(notes(deleted, hooked)).toContain("It has no `beforeDelete` hook");
  });
});
