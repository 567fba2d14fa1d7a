import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { server } from "./antfly-support.ts";
import { told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

const type = "formations:index:AntflySecret";
const key = "openai.api_key";
const value = "sk-value-5b1e70c4";
const changed = "sk-changed-77aa0e15";
const importFlags = ["--yes", "--protect=false", "--generate-code=false"];

/** What a YAML program declares. */
const secret = (properties: object, options?: object) => ({
  it: { type, properties: { key, ...properties }, ...(options && { options: { ...options } }) },
});

async function secretStack(properties: object) {
  const antfly = await server();
  const stack = await yamlStack(secret(properties), {
    "formations:antflyUrl": antfly.url,
    "formations:antflyApiKey": { secret: antfly.token },
  });
  const state = async () => resourceNamed(await stack.workspace.exportState(), "it");
  const importIt = async (id: string) => {
    const { code, stdout, stderr } = await stack.workspace.pulumi([
      ...["import", type, "it", id],
      ...importFlags,
    ]);
    expect(code, stdout + stderr).toBe(0);
    return stdout + stderr;
  };
  return { antfly, ...stack, state, importIt };
}

test("a YAML program creates, keeps, updates, refreshes and destroys a secret, which is never shown", async () => {
  const { antfly, workspace, declare, state } = await secretStack({ value });

  const created = await workspace.up({ diff: true });
  expect((await state()).outputs).toMatchObject({ key, status: "configured_file" });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });

  await declare(secret({ value: changed }));
  const preview = await workspace.preview({ diff: true });
  expect(preview.steps[0]?.detailedDiff).toEqual({ value: "update" });
  const updated = await workspace.up({ diff: true });
  expect(antfly.secrets.get(key)?.value).toBe(changed);
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });

  antfly.secrets.clear();
  antfly.environmentSecrets.add(key);
  await workspace.refresh();
  const takenOver = await workspace.preview({ diff: true });
  expect(takenOver.steps[0]?.detailedDiff).toEqual({ value: "update" });
  const warning = takenOver.diagnostics.find(({ severity }) => severity === "warning");
  expect(warning).toMatchObject({ urn: takenOver.steps[0]?.urn });
  expect(told(takenOver)).toContain("stored again, which goes before the variable's value");
  await workspace.up();
  expect((await state()).outputs).toMatchObject({ status: "configured_both" });

  const replaced = secret({ value: changed, key: "cohere.api_key" });
  await declare(replaced);
  const planned = await workspace.preview({ diff: true });
  expect(planned.steps.find(({ op }) => op === "replace")?.detailedDiff).toEqual({
    key: "update-replace",
  });
  await workspace.up();
  const held = JSON.stringify(await state());
  const destroyed = await workspace.destroy();
  expect(antfly.secrets.size).toBe(0);
  const shown = [created, preview, updated, takenOver, planned, destroyed];
  for (const text of [held, ...shown.map(({ stdout, stderr }) => stdout + stderr)]) {
    expect(text).not.toContain(value);
    expect(text).not.toContain(changed);
  }
});

test("an import takes what is there but the value, which the next run stores, or leaves", async () => {
  const { antfly, workspace, declare, state, importIt } = await secretStack({ value });
  const now = antfly.clock.now();
  antfly.secrets.set(key, { value: "theirs-90d2", createdAt: now, updatedAt: now });

  const imported = await importIt(key);
  expect(imported).toContain("The server never returns value: an import of this AntflySecret");
  expect(imported).toContain("The next `pulumi up` sends the program's value, whatever is there.");
  expect(imported).not.toContain("failed to validate");
  expect((await state()).inputs).toEqual({ key });

  await declare(secret({ value }, { ignoreChanges: ["value"] }));
  const left = await workspace.preview();
  expect(left.changes, told(left)).toEqual({ same: 1 });
  await declare(secret({ value }));
  const preview = await workspace.preview();
  expect(preview.steps[0]?.detailedDiff).toEqual({ value: "add" });
  await workspace.up();
  expect(antfly.secrets.get(key)?.value).toBe(value);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("an import from another server takes its URL, a slash and the key", async () => {
  const { workspace, declare, state, importIt, antfly } = await secretStack({ value });
  const other = await server();
  const now = other.clock.now();
  other.secrets.set(key, { value: "theirs-90d2", createdAt: now, updatedAt: now });

  await importIt(`${other.url}/${key}`);

  expect(await state()).toMatchObject({ id: key, inputs: { key, url: other.url } });
  await declare(secret({ value, url: other.url }));
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(other.secrets.get(key)?.value).toBe(value);
  expect(antfly.secrets.size).toBe(0);
});
