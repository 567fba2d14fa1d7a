import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../build/engine/process.ts";
import { resourceNamed } from "../../build/engine/state.ts";
import { repository } from "../../build/repository.ts";
import { formation, stackOf } from "./formation-support.ts";
import type { Program } from "./lifecycle/program.ts";
import {
  exported,
  policyPack,
  previewWithPolicies,
  verdictOf,
  withPolicies,
} from "./policy-support.ts";
import { startStack } from "./stack.ts";

const replacement = "no-data-losing-replacement";
const deletion = "no-data-losing-deletion";

/** A formation that meets every rule but those on what a change does. */
const good = { coordinatorHa: true, workerHa: true };

describe.each(["plugin", "dynamic"] as const)("%s", (host) => {
  test("what a production database lacks is said, of production only", async () => {
    const clusterId = "rvf73a77ozfsvcttryebfrnlem";
    const small = { coordinatorTune: "t2.small", workerTune: "t2.small" };
    const disks = { coordinatorDiskSize: 100, workerDiskSize: 100 };
    const of = (protect: boolean): Program => ({
      ...formation(protect ? good : { ...small, ...disks }, { protect }, "events"),
      ...formation({ coordinatorHa: true, workerCount: 0 }, { protect: true }, "single"),
      reports: { type: "Replica", properties: { clusterId, isHa: protect }, options: { protect } },
      other: { type: "Replica", properties: { clusterId, isHa: true, isProtected: true } },
    });
    const { workspace, declare } = await startStack(of(false), { host });
    const pack = await policyPack();
    const state = await exported(workspace);

    const bad = await previewWithPolicies(workspace, pack, { state });
    expect(bad.violations).toEqual([
      "high-availability events: Set `coordinatorHa: true`: the coordinator has no standby.",
      "high-availability events: Set `workerHa: true`: the workers have no standbys.",
      "high-availability reports: Set `isHa: true`: the replica has no standby.",
      "no-burstable-machines events: Choose another `coordinatorTune` than t2.small: a t2 is slow without CPU credits.",
      "no-burstable-machines events: Choose another `workerTune` than t2.small: a t2 is slow without CPU credits.",
      "protected-databases events: Set the option `protect: true`: this is a production database.",
      "protected-databases reports: Set the option `protect: true` or the input `isProtected: true`: this is a production database.",
    ]);
    expect(bad.code).not.toBe(0);

    const exceptions = { exceptions: ["ev*", "reports"] };
    const elsewhere = { productionStacks: ["production", "prod-*"] };
    for (const change of [exceptions, elsewhere]) {
      const config = {
        ...{ "protected-databases": change, "high-availability": change },
        "no-burstable-machines": change,
      };
      const excused = await previewWithPolicies(workspace, pack, { state, config });
      expect(excused).toEqual({ code: 0, violations: [] });
    }

    await declare(of(true));
    expect(await previewWithPolicies(workspace, pack, { state })).toEqual({
      ...{ code: 0, violations: [] },
    });
  });

  test("a change that loses data is refused, unless it is acknowledged", async () => {
    const { workspace, declare, sent } = await stackOf(formation(good, { protect: true }), {
      host,
    });
    await workspace.up();
    const pack = await policyPack();
    const state = await exported(workspace);
    sent();

    // The engine allows to lift the protection and to replace in one run.
    await declare(formation({ ...good, workerCount: 3, workerTune: "r5.xlarge" }));
    const replaced = await previewWithPolicies(workspace, pack, { state });
    expect(replaced).toEqual({
      code: expect.toSatisfy((code) => code !== 0),
      violations: [
        expect.stringMatching(
          /^no-data-losing-replacement it: The change of workerCount, workerTune replaces/,
        ),
        expect.stringMatching(/^protected-databases it: /),
      ],
    });
    const { args: flags, env } = await withPolicies(pack, { state });
    const refused = await workspace.up({ args: flags, env, expectFailure: true });
    expect(refused.stdout + refused.stderr).toContain("its data are LOST");
    expect(sent()).toEqual([]);

    const config = {
      [replacement]: { acknowledged: ["it"] },
      "protected-databases": { exceptions: ["it"] },
    };
    expect(await previewWithPolicies(workspace, pack, { state, config })).toEqual({
      ...{ code: 0, violations: [] },
    });
  });

  test("a deletion is refused, unless it is acknowledged", async () => {
    const { workspace, declare } = await stackOf(formation(good), { host });
    await workspace.up();
    const pack = await policyPack();
    const state = await exported(workspace);

    await declare({});
    const deleted = await previewWithPolicies(workspace, pack, { state });
    expect(deleted).toEqual({
      code: expect.toSatisfy((code) => code !== 0),
      violations: [
        expect.stringMatching(
          /^no-data-losing-deletion \S+: The database it is no longer in the program/,
        ),
      ],
    });
    const config = { [deletion]: { acknowledged: ["it"] } };
    expect(await previewWithPolicies(workspace, pack, { state, config })).toEqual({
      ...{ code: 0, violations: [] },
    });
  });

  test("what was resized by hand, and a hook that is in the state, are no violation", async () => {
    const { citus, workspace, declare } = await stackOf(formation(good, { protect: true }), {
      host,
    });
    await workspace.up();
    const pack = await policyPack();
    const [live] = citus.formations.values();
    if (!live) throw new Error("there is no formation");
    citus.resize(live.id, { worker_count: 5 });
    await workspace.refresh();
    await declare(formation({ ...good, workerCount: 5 }, { protect: true }));
    const state = await exported(workspace);
    expect(await previewWithPolicies(workspace, pack, { state })).toEqual({
      ...{ code: 0, violations: [] },
    });

    const changed = await workspace.exportState();
    const it = resourceNamed(changed, "it");
    Object.assign(it, { resourceHooks: { BeforeDelete: ["copy-events"] } });
    await workspace.importState(changed);
    await declare(formation({ ...good, workerCount: 6 }));
    const { violations } = await previewWithPolicies(workspace, pack, {
      ...{ state: await exported(workspace) },
    });
    expect(violations).toEqual([expect.stringMatching(/^protected-databases it: /)]);
  });
});

test("without the state before the change, and with another stack's, every change is refused", async () => {
  const { workspace } = await stackOf(formation(good, { protect: true }));
  await workspace.up();
  const pack = await policyPack();

  const none = await previewWithPolicies(workspace, pack);
  expect(none.violations).toEqual([
    expect.stringContaining("set FORMATIONS_POLICY_STATE to the absolute path of FILE"),
    expect.stringContaining("set FORMATIONS_POLICY_STATE to the absolute path of FILE"),
  ]);
  const state = await exported(workspace);
  const others = readFileSync(state, "utf8").replaceAll("urn:pulumi:test::", "urn:pulumi:other::");
  await workspace.writeFile("others.json", others);
  const wrong = await previewWithPolicies(workspace, pack, {
    state: join(workspace.project, "others.json"),
  });
  expect(wrong.violations[0]).toContain("is the state of urn:pulumi:other::scenario, and not of");
  await workspace.writeFile("broken.json", '{"deployment": {"resources": [{"secret": "hunter2"');
  const broken = await previewWithPolicies(workspace, pack, {
    state: join(workspace.project, "broken.json"),
  });
  expect(broken.violations[0]).toContain("is not a stack's exported state.");
  expect(broken.violations.join()).not.toContain("hunter2");
});

test("a state is analyzed as it is, without a program", async () => {
  const { workspace } = await stackOf(formation());
  await workspace.up();
  const pack = await policyPack("source");
  const state = await exported(workspace);
  const { args: flags, env } = await withPolicies(pack, { state });

  const analyzed = verdictOf(
    await workspace.pulumi(["policy", "analyze", "--json", "--file", state, ...flags], { env }),
  );

  expect(analyzed.code).not.toBe(0);
  expect(analyzed.violations.map((line) => line.split(":")[0])).toEqual([
    ...["high-availability it", "high-availability it", "protected-databases it"],
  ]);
});

test("the pack's types are those of the library", async () => {
  const pack = join(repository, "examples", "policy");
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const { code, stdout } = await runCommand(process.execPath, [compiler, "-p", pack], {
    timeoutMs: 120_000,
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
});
