import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { server } from "./antfly-support.ts";
import { told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

const type = "formations:index:AntflySecret";
const key = "openai.api_key";
const value = "sk-value-5b1e70c4";
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

test("an import takes what is there but the value, which the next run stores, or leaves", async () => {
  const { antfly, workspace, declare, state, importIt } = await secretStack({ value });
  const now = antfly.clock.now();
  antfly.secrets.set(key, { value: "theirs-90d2", createdAt: now, updatedAt: now });

  const imported = await importIt(key);
  expect(imported).toContain(
    "The server never returns value, so the imported state of each AntflySecret lacks it",
  );
  expect(imported).toContain("The next `pulumi up` overwrites it with the program's value.");
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
