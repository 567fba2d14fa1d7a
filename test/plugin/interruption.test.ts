import grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { appFormation } from "../akkeris/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { replica } from "../crunchybridge/subjects.ts";
import { heldOf } from "./resource.ts";
import { configured, secret } from "./wire.ts";
import { worldOf } from "./world.ts";

const hour = 60 * 60 * 1000;

/** A creation that is cancelled while it waits: time stands still, so it would wait without end. */
async function cancelled() {
  const world = await worldOf(formation, { speed: 0 });
  // At five requests per minute, the next look comes in twelve seconds.
  const access = configured(formation.system.access(world.simulator));
  await world.plugin.configure({ ...access, citusRequestsPerMinute: "5" });
  const { plugin, resource } = world;
  const creation = resource.createFailing(formation.inputs);
  await expect.poll(() => plugin.logs.length, { timeout: 8000 }).toBeGreaterThan(0);
  const start = Date.now();
  await plugin.cancel();
  const failure = await creation;
  return { ...world, failure, held: heldOf(failure.init), took: Date.now() - start };
}

test("a cancelled creation ends at once, and what was created stays in the state", async () => {
  const { simulator, failure, held, took } = await cancelled();
  expect(took, "milliseconds, well before the next look").toBeLessThan(8_000);
  expect(failure.code).toBe(grpc.status.UNKNOWN);
  // In a request or between two of them.
  expect(failure.text).toMatch(/cancelled/i);
  expect(failure.init?.getReasonsList()).toEqual([failure.text]);
  const [id] = simulator.formations.keys();
  expect(held).toMatchObject({
    id,
    inputs: formation.inputs,
    state: { ...formation.inputs, __pending: true },
  });
});

test("while it waits it says so beside the resource", async () => {
  const { plugin, resource } = await cancelled();
  expect(plugin.logs[0]).toMatchObject({ urn: resource.urn, ephemeral: true, severity: "info" });
  expect(plugin.logs[0]?.text).toMatch(/^creating, \d+ s$/);
});

test("the next run resumes waiting, and creates nothing again", async () => {
  const { simulator, again, held } = await cancelled();
  const { resource } = await again();
  expect(await resource.diff(held, held.inputs)).toMatchObject({ changes: true, replaces: [] });

  simulator.clock.advance(hour);
  const { state } = await resource.update(held, formation.inputs);

  expect(state).toMatchObject({ state: "steady" });
  expect(state).not.toHaveProperty("__pending");
  expect(simulator.formations.size).toBe(1);
});

test("a read of what is not ready yet says so again, until it is ready", async () => {
  const { simulator, again, held } = await cancelled();
  const { plugin, resource } = await again();

  const failure = await plugin.failure("read", resource.readRequest(held));
  expect(failure.text).toContain(`Formation ${held.id} is not ready yet`);
  expect(heldOf(failure.init)).toMatchObject({ id: held.id, inputs: held.inputs });

  simulator.clock.advance(hour);
  expect((await resource.read(held)).state).toMatchObject({ state: "steady" });
});

test("customTimeouts are the deadline of an operation", async () => {
  const { resource } = await worldOf(formation, { speed: 0 });
  const failure = await resource.createFailing(formation.inputs, { timeout: 2 });
  expect(failure.text).toMatch(/Waited \d s for formation .* resumes waiting/);
  expect(failure.text).toMatch(
    /customTimeouts sets how long it may take \(`create`\), or formations:timeout \(or FORMATIONS_TIMEOUT\) for all operations \(default: 1 hour\)\.$/m,
  );
  expect(failure.init).toBeDefined();
});

test("a server that asks for more patience than customTimeouts leaves is not asked again: the error says until when, and why", async () => {
  const { simulator, resource, inputs } = await worldOf(replica);
  const held = await resource.create(inputs);
  const [body, headers] = [{ message: "Slow down." }, { "retry-after": "3600" }];
  simulator.order({ method: "DELETE", kind: { type: "status", status: 429, body, headers } });

  const deleting = resource.delete(held, 20);

  await expect(deleting).rejects.toThrow(
    /returned 429: Slow down \(request ID [a-z2-7]{26}\)\. Not retried: the server asked for a 360\d s delay, which is past the deadline \(\d{4}-\d\d-\d\dT[\d:.]+Z\)\. Run the command again later\. The resource option customTimeouts sets how long it may take \(`delete`\), or formations:timeout \(or FORMATIONS_TIMEOUT\) for all operations \(default: 1 hour\)\.$/m,
  );
  expect(simulator.count("DELETE")).toBe(1);
});

/** A formation on a server that wants the next reads an hour later. */
async function unreadable() {
  const world = await worldOf(formation);
  const held = await world.resource.create(formation.inputs);
  const headers = { "retry-after": "3600" };
  const kind = { type: "status", status: 429, body: "Slow down.", headers } as const;
  world.simulator.order({ method: "GET", kind, times: 9 });
  return { ...world, held };
}

test.each(["refresh", "import"])(
  "customTimeouts.read is the deadline of a read: %s",
  async (occasion) => {
    const { resource, held } = await unreadable();
    const reading = resource.read(occasion === "import" ? held.id : held, 20);
    await expect(reading).rejects.toThrow(
      /past the deadline .* The resource option customTimeouts sets how long it may take \(`read`\), or formations:timeout \(or FORMATIONS_TIMEOUT\) for all operations \(default: 1 hour\)\.$/m,
    );
  },
);

test("formations:timeout is the deadline of what has no other", async () => {
  const { plugin, simulator, resource, held } = await unreadable();
  const access = configured(formation.system.access(simulator));
  await plugin.configure({ ...access, timeout: "20s" });
  await expect(resource.read(held)).rejects.toThrow(/past the deadline/);
});

test("an error of the system has no stack trace, and keeps nothing", async () => {
  const { plugin, resource } = await worldOf(formation);
  await plugin.configure({ citusUrl: "http://127.0.0.1:9", citusToken: secret("t0ken") });
  const failure = await resource.createFailing(formation.inputs, { timeout: 0.5 });
  expect(failure.init).toBeUndefined();
  expect(failure.text).not.toMatch(/\n\s+at |t0ken/);
});

test("a creation that is interrupted with 9 MB of state loses the state, but not the ID", {
  timeout: 180_000,
}, async () => {
  const { simulator, resource, inputs } = await worldOf(appFormation);
  simulator.order({ method: "PATCH", kind: { type: "status", status: 422, body: "Not today." } });
  const options = { image: "jobs:1", env: { TEXT: "x".repeat(9_000_000) } };
  const job = { ...inputs, type: "job", quantity: 0, oneoff: true, options };

  const failure = await resource.createFailing(job);

  const held = heldOf(failure.init);
  expect(held).toMatchObject({ id: "foo-default/job", state: { __pending: true, type: "job" } });
  expect(held.state).not.toHaveProperty("options");
  // The engine has the inputs, and the next run completes the state with them.
  const next = { ...held, inputs: (await resource.check(job)).inputs };
  expect(await resource.diff(next, next.inputs)).toMatchObject({ changes: true, replaces: [] });
  const { state } = await resource.update(next, job);
  expect(state.options).toEqual({ ...options, env: secret(options.env) });
});
