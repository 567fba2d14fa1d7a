import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { toEid } from "../../simulators/crunchybridge.ts";
import type { Fault } from "../../simulators/kit/fault.ts";
import { replica, settling, stackOf } from "./replica-support.ts";
import { opsOf, told } from "./support.ts";

/** A refusal that no further try mends. */
function refusal(method: string, path: RegExp): Fault {
  const body = { message: "Not today." };
  return { method, path, kind: { type: "status", status: 400, body } };
}

test("the next up waits for a creation that failed while waiting, also after a refresh", async () => {
  const { bridge, workspace, sent, living } = await stackOf(replica(), {
    provisioningSeconds: 1e9,
  });
  bridge.order(refusal("GET", /status$/));
  await workspace.up({ expectFailure: true });
  const { id } = living();

  await workspace.refresh();
  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual(["update it"]);
  expect(told(preview)).toContain('resumes waiting until it is ready (state "creating")');
  sent();

  const update = workspace.up();
  await expect.poll(() => bridge.count("GET"), { timeout: 60_000 }).toBeGreaterThan(2);
  bridge.setState(id, "ready");
  expect(opsOf(await update)).toEqual(["update it"]);
  expect(sent()).toEqual(settling(id));
  const ready = resourceNamed(await workspace.exportState(), "it");
  expect(ready).toMatchObject({ id, outputs: { state: "ready" } });
  expect(ready.initErrors).toBeUndefined();
});

test("the next up waits for an upgrade whose wait failed, and does not send it again", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(
    replica({ planId: "standard-8", storage: 100 }),
    { operationSeconds: 0 },
  );
  await workspace.up();
  const { id } = living();
  // Long enough to last until the next up.
  bridge.operationSeconds = 1e9;
  await declare(replica({ planId: "standard-16", storage: 200 }));
  bridge.order({ ...refusal("GET", /status$/), skip: 1 });
  await workspace.up({ expectFailure: true });
  expect(living()).toMatchObject({ plan_id: "standard-16", storage: 100 });
  expect(bridge.count("POST", /upgrade$/)).toBe(1);
  sent();

  const update = workspace.up();
  await expect.poll(() => bridge.count("GET"), { timeout: 60_000 }).toBeGreaterThan(2);
  for (const operation of bridge.underwayWith(id).operations) operation.endsAt = 0;
  expect(opsOf(await update)).toEqual(["update it"]);

  expect(sent()).toEqual(settling(id));
  expect(living()).toMatchObject({ plan_id: "standard-16", storage: 200 });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test.each<[string, Fault["kind"]]>([
  ["the answer to a creation is lost", { type: "reset", apply: true }],
  ["the answer to a creation is cut off", { type: "cutJson" }],
  ["a creation is not carried out", { type: "status", status: 500, body: "Oh no" }],
  [
    "a creation is put off by a 429 with Retry-After",
    { type: "status", status: 429, body: "Later", headers: { "retry-after": "2" } },
  ],
])("%s: there is one replica", async (_what, kind) => {
  // An hour, for which the server knows an idempotency key, is 7 seconds.
  const { bridge, workspace, living } = await stackOf(replica(), { speed: 500 });
  const at: number[] = [];
  bridge.onAnswer = ({ method }) => {
    if (method === "POST") at.push(Date.now());
  };
  bridge.order({ method: "POST", kind });

  const result = await workspace.up();

  expect(living().state).toBe("ready");
  expect(result.changes).toEqual({ create: 1 });
  const posted = bridge.requests.filter(({ method }) => method === "POST");
  const keys = new Set(posted.map(({ headers }) => headers["idempotency-key"]));
  expect(keys.size).toBe(1);
  expect(toEid([...keys][0] ?? "")).toBeDefined();
  if (kind.type !== "cutJson") expect(posted).toHaveLength(2);
  if (kind.type === "status" && kind.status === 429) {
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(told(result)).toContain("Retrying in");
  }
});

test("a name that another cluster of the team has is refused, and names that one", async () => {
  const { bridge, workspace, add } = await stackOf(replica({ name: "orders-read" }));
  const { id } = add({ name: "orders-read" });

  const refused = await workspace.up({ expectFailure: true });

  expect(told(refused)).toContain(`cluster "orders-read" in the team already exists (ID ${id}`);
  expect(told(refused)).toContain("give this one another name");
  expect(bridge.count("POST")).toBe(1);
  expect(bridge.clusters.size).toBe(2);
  expect((await workspace.exportState()).deployment.resources).not.toContainEqual(
    expect.objectContaining({ id }),
  );
});

test("a killed run's replica is not paid for twice: the next run names it", async () => {
  const { bridge, workspace, living } = await stackOf(replica(), { provisioningSeconds: 1e9 });
  const run = workspace.start(["up", "--yes", "--skip-preview"]);
  await expect.poll(() => bridge.count("GET", /status$/), { timeout: 60_000 }).toBeGreaterThan(2);
  run.crash();
  await run.done;
  await workspace.pulumi(["cancel", "--yes"]);
  const { id, name } = living();
  bridge.setState(id, "ready");

  const next = await workspace.up({ expectFailure: true });

  expect(told(next)).toContain(`replica "${name}" of cluster`);
  expect(told(next)).toContain(`ID ${id}`);
  expect(living().id).toBe(id);
});
