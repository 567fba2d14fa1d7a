import { expect, test } from "vitest";
import { antflySecret } from "../antfly/subjects.ts";
import { secret } from "./wire.ts";
import { worldOf } from "./world.ts";

const key = "openai.api_key";
const value = "sk-value-5b1e70c4";

test("a secret's value is one on the wire, from check to read, however it was given", async () => {
  const { resource, simulator } = await worldOf(antflySecret);

  const held = await resource.create({ key, value });
  const read = await resource.read(held);
  const updated = await resource.update(read, { key, value: `${value}-2` });

  expect(held.inputs).toEqual({ key, value: secret(value) });
  expect(held).toMatchObject({
    id: key,
    state: { key, value: secret(value), status: "configured_file" },
  });
  expect(read).toEqual(held);
  expect(updated.state).toMatchObject({ value: secret(`${value}-2`) });
  expect(simulator.secrets.get(key)?.value).toBe(`${value}-2`);
});

test("an import's inputs pass the engine's check of them, and a program's without a value do not", async () => {
  const { resource, simulator } = await worldOf(antflySecret);
  await resource.create({ key, value });

  const imported = await resource.read(key);

  expect(imported.inputs).toEqual({ key });
  expect((await resource.check(imported.inputs, imported.inputs)).failures).toEqual([]);
  expect((await resource.check({ key })).failures).toEqual(["value is required"]);
  const renamed = await resource.check({ key: "cohere.api_key" }, imported.inputs);
  expect(renamed.failures).toEqual(["value is required"]);
  expect(simulator.count("PUT")).toBe(1);
});

test("a failure does not name a secret input to the engine, which would show its value", async () => {
  const { resource } = await worldOf(antflySecret);
  const { failures } = await resource.check({ key, value: "", valeu: secret(value), url: "x" });
  // No property precedes the reason.
  expect(failures).toEqual([
    expect.stringMatching(/^ valeu is not an input of this resource/),
    " value is (secret); it must be at least 1 character long",
    expect.stringMatching(/^url the configured URL is not a valid URL/),
  ]);
  expect(failures.join()).not.toContain(value);
});
