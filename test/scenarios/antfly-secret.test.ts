import { describe, expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { OperationResult } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import { bases, requestsOf, server, stackOf } from "./antfly-support.ts";
import type { Program } from "./lifecycle/program.ts";
import { opsOf, refusals, told } from "./support.ts";

const key = "openai.api_key";
const value = "sk-value-5b1e70c4";
const changed = "sk-changed-77aa0e15";

const newFirst = ["create-replacement it", "replace it", "delete-replaced it"];

/** A program that declares a secret. */
function secret(change: Values = {}): Program {
  return { it: { type: "AntflySecret", properties: { key, value, ...change } } };
}

/** Everything that an operation printed. */
const printed = ({ stdout, stderr }: OperationResult) => `${stdout}\n${stderr}`;

// The lives on a server of 0.2 are in the lifecycle suite.
describe("on a server of v0.1", () => {
  const dialect = "v0.1";
  const list = `GET ${bases[dialect]}/secrets`;
  const put = `PUT ${bases[dialect]}/secrets/${key}`;
  const status = "configured_keystore";

  test("a secret is created, kept, changed in place, replaced and destroyed, and never shown", async () => {
    const { antfly, workspace, declare, sent } = await stackOf(secret(), { dialect });
    const stateOfIt = async () => resourceNamed(await workspace.exportState(), "it").outputs;

    const preview = await workspace.preview({ diff: true });
    expect(preview.changes).toEqual({ create: 1 });
    expect(sent()).toEqual([]);
    const created = await workspace.up({ diff: true });
    expect(created.steps[0]?.newOutputs).toMatchObject({ key, status, value: "[secret]" });
    expect(sent()).toEqual(["GET /api/v1/status", list, put]);
    expect((await workspace.up()).changes).toEqual({ same: 1 });
    expect((await workspace.refresh()).changes).toEqual({ same: 1 });
    expect(sent().slice(1)).toEqual([list]);

    await declare(secret({ value: changed }));
    const planned = await workspace.preview({ diff: true });
    expect(opsOf(planned)).toEqual(["update it"]);
    const updated = await workspace.up({ diff: true });
    expect(sent().slice(1)).toEqual([put]);
    expect(antfly.secrets.get(key)?.value).toBe(changed);
    expect(await stateOfIt()).toMatchObject({ key, status });

    await declare(secret({ key: "cohere.api_key", value: changed }));
    const replaced = await workspace.up({ diff: true });
    expect(opsOf(replaced)).toEqual(newFirst);
    expect([...antfly.secrets.keys()]).toEqual(["cohere.api_key"]);

    const shown = [preview, created, planned, updated, replaced, await workspace.destroy()];
    expect(antfly.secrets.size).toBe(0);
    const state = JSON.stringify(await workspace.exportState());
    for (const text of [...shown.map(printed), state]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(changed);
    }
  });

  test("drift that can be seen is put right, another value cannot be seen and stays", async () => {
    const { antfly, workspace, sent } = await stackOf(secret(), { dialect });
    await workspace.up();
    const now = antfly.clock.now();

    antfly.secrets.set(key, { value: "theirs-90d2", createdAt: now, updatedAt: now });
    expect((await workspace.refresh()).changes).toEqual({ same: 1 });
    expect((await workspace.up()).changes).toEqual({ same: 1 });
    expect(antfly.secrets.get(key)?.value).toBe("theirs-90d2");

    antfly.secrets.clear();
    antfly.environmentSecrets.add(key);
    expect((await workspace.refresh()).changes).toEqual({ update: 1 });
    sent();
    const storedAgain = await workspace.up();
    expect(opsOf(storedAgain)).toEqual(["update it"]);
    expect(told(storedAgain)).toContain("The secret is no longer stored on the server");
    expect(sent().slice(1)).toEqual([put]);
    const { outputs } = resourceNamed(await workspace.exportState(), "it");
    expect(outputs).toMatchObject({ status: "configured_both" });
    expect((await workspace.up()).changes).toEqual({ same: 1 });

    antfly.secrets.clear();
    antfly.environmentSecrets.clear();
    expect((await workspace.refresh()).changes).toEqual({ delete: 1 });
    expect((await workspace.up()).changes).toEqual({ create: 1 });
    expect(antfly.secrets.get(key)?.value).toBe(value);
  });
});

test("another server is another secret, and a deletion says what its environment leaves", async () => {
  const { antfly, workspace, declare } = await stackOf(secret());
  const other = await server();
  antfly.environmentSecrets.add(key);
  await workspace.up({ expectFailure: true });
  antfly.environmentSecrets.clear();
  await workspace.up();
  antfly.environmentSecrets.add(key);
  await workspace.refresh();
  requestsOf(other);

  await declare(secret({ url: other.url }));
  const moved = await workspace.up();

  expect(opsOf(moved)).toEqual(newFirst);
  expect(told(moved)).toContain("The server's environment has a variable for this secret");
  expect(antfly.secrets.size).toBe(0);
  expect(other.secrets.get(key)?.value).toBe(value);
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  expect(requestsOf(other).filter((line) => line.startsWith("PUT"))).toHaveLength(1);
});

test("a key that is listed is refused with how to adopt it; wrong inputs are, and not shown", async () => {
  // YAML checks types itself.
  const { antfly, workspace, declare, sent } = await stackOf(secret(), { host: "dynamic" });
  const now = antfly.clock.now();
  antfly.secrets.set(key, { value: "theirs-90d2", createdAt: now, updatedAt: now });

  const refused = await workspace.up({ expectFailure: true });
  expect(told(refused)).toContain(
    `secret "${key}" in the server's store already exists (ID ${key}). Nothing was created.`,
  );
  expect(antfly.secrets.get(key)?.value).toBe("theirs-90d2");
  sent();

  await declare(secret({ key: "no key", value: [value], valeu: value, url: "antfly.example.com" }));
  const wrong = await workspace.preview({ expectFailure: true });
  expect(refusals(wrong)).toEqual([
    expect.stringMatching(/^key .* is "no key"; it must be made of letters, digits, dots/),
    // The engine would show the value of a property that the failure names.
    expect.stringMatching(/ has a problem: valeu is not an input of this resource/),
    expect.stringMatching(/ has a problem: value is \(secret\); it must be of type string$/),
    expect.stringMatching(/^url .* it must be the server's root, with http:\/\/ or https:\/\/$/),
  ]);
  expect(printed(refused) + printed(wrong)).not.toContain(value);
  expect(sent()).toEqual([]);
});
