import { describe, expect, test } from "vitest";
import { NoSecretStore } from "../../provider/antfly/errors.ts";
import { secret } from "../../provider/antfly/secret/resource.ts";
import { Forbidden, HttpError } from "../../provider/http/errors.ts";
import { CreationInDoubt } from "../../provider/resource/create-once.ts";
import { AlreadyExists } from "../../provider/resource/errors.ts";
import type { Values } from "../../provider/resource/values.ts";
import type { AntflyOptions } from "../../simulators/antfly.ts";
import type { FaultKind } from "../../simulators/kit/fault.ts";
import { failure } from "../support/failure.ts";
import { bases, dialects, world } from "./world.ts";

const value = "sk-value-5b1e70c4";
const inputs = { key: "openai.api_key", value };
const stored = { "v0.1": "configured_keystore", "0.2": "configured_file" };

/** A server without secrets, and the resource on it. */
const secretWorld = (options: AntflyOptions = {}, config: Values = {}) =>
  world(options, config, secret);

describe.each(dialects)("on a server of %s", (dialect) => {
  const list = `GET ${bases[dialect]}/secrets`;
  const put = `PUT ${bases[dialect]}/secrets/openai.api_key`;
  const remove = `DELETE ${bases[dialect]}/secrets/openai.api_key`;
  const status = stored[dialect];

  test("a creation checks whether the key is free, and stores it", async () => {
    const one = await secretWorld({ dialect });
    const { id, state } = await one.create(inputs);
    expect({ id, state }).toEqual({ id: "openai.api_key", state: { ...inputs, status } });
    expect(one.asked()).toEqual([list, put]);
    expect(one.simulator.secrets.get("openai.api_key")?.value).toBe(value);
  });

  test("a key that is stored already is refused with how to adopt it, and nothing is sent", async () => {
    const one = await secretWorld({ dialect });
    await one.api.putSecret("openai.api_key", { value: "theirs-90d2" }, one.options);
    one.sent();
    const error = await failure(one.create(inputs), AlreadyExists);
    expect(error.message).toMatch(
      /^secret "openai.api_key" in the server's store already exists \(ID openai.api_key\)\. Nothing was created\.[\s\S]*creating this one would overwrite its value/,
    );
    expect(error.message).not.toContain(value);
    expect(one.asked()).toEqual([list]);
    expect(one.simulator.secrets.get("openai.api_key")?.value).toBe("theirs-90d2");
  });

  test("a key that the server's environment provides is refused, and the variable named", async () => {
    const one = await secretWorld({ dialect });
    one.simulator.environmentSecrets.add("openai.api_key");
    const error = await failure(one.create(inputs), AlreadyExists);
    expect(error.message).toContain("from the server's environment (OPENAI_API_KEY)");
    expect(one.asked()).toEqual([list]);
  });

  test.each([
    { type: "reset", apply: true },
    { type: "truncated" },
    { type: "cutJson" },
    { type: "empty" },
    { type: "status", status: 502, apply: true },
  ] satisfies FaultKind[])(
    "what a lost response stored is looked up, not sent again: %j",
    async (kind) => {
      const one = await secretWorld({ dialect });
      one.simulator.order({ method: "PUT", kind });
      const { id, state } = await one.create(inputs);
      expect({ id, state }).toEqual({ id: "openai.api_key", state: { ...inputs, status } });
      expect(one.asked()).toEqual([list, put, list]);
    },
  );

  test("a request that was lost is sent again once it is known not to be there", async () => {
    const one = await secretWorld({ dialect });
    one.simulator.order({ method: "PUT", kind: { type: "reset", apply: false } });
    expect((await one.create(inputs)).state).toEqual({ ...inputs, status });
    expect(one.asked()).toEqual([list, put, list, put]);
    expect(one.warnings).toEqual([
      expect.stringMatching(/\. Checking for secret "openai\.api_key" before retrying\./),
    ]);
  });

  test("a changed value is stored over the old one, and nothing else is asked", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.sent();
    const changed = { ...inputs, value: "sk-value-changed-11" };
    const { id, state } = await one.update(held, changed);
    expect({ id, state }).toEqual({ id: "openai.api_key", state: { ...changed, status } });
    expect(one.asked()).toEqual([put]);
    expect(one.simulator.secrets.get("openai.api_key")?.value).toBe("sk-value-changed-11");
  });

  test("a changed value whose response was lost is sent again, for it is the same value", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.sent();
    one.simulator.order({ method: "PUT", kind: { type: "reset", apply: true } });
    await one.update(held, { ...inputs, value: "sk-value-changed-11" });
    expect(one.asked()).toEqual([put, put]);
  });

  test("a refresh carries the value along", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.sent();
    expect(await one.refresh(held)).toEqual(held);
    expect(one.asked()).toEqual([list]);
  });

  test("a refresh sees that it is gone, and the next run creates it again", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.simulator.secrets.clear();
    expect(await one.refresh(held)).toBeUndefined();
    expect((await one.create(inputs)).state).toEqual(held.state);
  });

  test("a refresh cannot see another value, and the next run leaves it", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    await one.api.putSecret("openai.api_key", { value: "theirs-90d2" }, one.options);
    const seen = await one.refresh(held);
    expect(seen).toEqual(held);
    expect(one.plan(seen ?? held)).toMatchObject({ action: "keep", warnings: [] });
  });

  test("one that only a variable provides any more is seen, and stored again", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.simulator.secrets.clear();
    one.simulator.environmentSecrets.add("openai.api_key");

    const seen = await one.refresh(held);
    if (!seen) expect.fail("it is not gone");
    expect(seen.state).toMatchObject({ ...inputs, status: "configured_env" });
    const plan = one.plan(seen);
    expect(plan).toMatchObject({ action: "update", changes: [{ property: "value" }] });
    expect(plan.warnings).toEqual([expect.stringContaining("environment variable")]);

    one.sent();
    const { state } = await one.update(seen);
    expect(state).toEqual({ ...inputs, status: "configured_both" });
    expect(one.asked()).toEqual([put]);
    expect(one.plan({ ...seen, state })).toMatchObject({ action: "keep", warnings: [] });
  });

  test("one that a variable provides too is kept: the stored value takes precedence", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.simulator.environmentSecrets.add("openai.api_key");
    const seen = await one.refresh(held);
    expect(seen?.state).toEqual({ ...inputs, status: "configured_both" });
    expect(one.plan(seen ?? held)).toMatchObject({ action: "keep", warnings: [] });
  });

  test("an import finds all but the value", async () => {
    const one = await secretWorld({ dialect });
    await one.api.putSecret("openai.api_key", { value }, one.options);
    expect(await one.import("openai.api_key")).toEqual({
      id: "openai.api_key",
      state: { key: "openai.api_key", status },
    });
    expect(await one.import("cohere.api_key")).toBeUndefined();
  });

  test("a deletion is one request; one that is gone is deleted", async () => {
    const one = await secretWorld({ dialect });
    const held = await one.create(inputs);
    one.sent();
    await one.destroy(held);
    await one.destroy(held);
    expect(one.asked()).toEqual([remove, remove]);
    expect(one.simulator.secrets.size).toBe(0);
    expect(one.warnings).toEqual([]);
  });

  test.each([true, false])(
    "a deletion says that a variable's stays, stored %s",
    async (isStored) => {
      const one = await secretWorld({ dialect });
      one.simulator.environmentSecrets.add("cohere.api_key");
      if (isStored) await one.api.putSecret("cohere.api_key", { value }, one.options);
      const imported = await one.import("cohere.api_key");
      if (!imported) expect.fail("it is not listed");
      await one.destroy(imported);
      expect(one.warnings).toEqual([
        expect.stringMatching(/^The server's environment has a variable/),
      ]);
      expect(one.simulator.secrets.size).toBe(0);
    },
  );

  test("several nodes store none: one request says so", async () => {
    const one = await secretWorld({ dialect });
    one.simulator.state.multiNode = true;
    const error = await failure(one.create(inputs), NoSecretStore);
    expect(error.message).toMatch(/returned 503: secret management.*environment/i);
    expect(one.asked()).toEqual([list, put]);
  });
});

describe("on a server that lists mounted files", () => {
  /** The key is provided by a file that is mounted into the server. */
  async function mounted() {
    const one = await secretWorld({ release: "main" });
    one.simulator.mountedSecrets.add("openai.api_key");
    return one;
  }
  const status = "configured_file";

  test("a creation under a mounted file's key is refused, with where the value comes from", async () => {
    const one = await mounted();
    const error = await failure(one.create(inputs), AlreadyExists);
    expect(error.message).toMatch(
      /from a file that is mounted into the server \(source "external_file"\) already exists.*takes precedence over it/s,
    );
    expect(error.message).not.toContain("overwrite");
    expect(one.asked()).toEqual(["GET /db/v1/secrets"]);
  });

  test("an import of it is no stored secret, and the next run stores one over the file's", async () => {
    const one = await mounted();
    const held = await one.import("openai.api_key");
    if (!held) expect.fail("it is not listed");
    expect(held.state).toEqual({ key: "openai.api_key", status, managed: false });
    const plan = one.plan({ ...held, inputs });
    expect(plan).toMatchObject({ action: "update", changes: [{ property: "value" }] });
    const { state } = await one.update({ ...held, inputs }, inputs);
    expect(state).toMatchObject({ ...inputs, status, managed: true });
    expect(one.simulator.secrets.get("openai.api_key")?.value).toBe(value);
  });

  test("a refresh sees that only the file is left, and the next run stores the value again", async () => {
    const one = await secretWorld({ release: "main" });
    const held = await one.create(inputs);
    expect(held.state).toEqual({ ...inputs, status, managed: true });
    one.simulator.mountedSecrets.add("openai.api_key");
    expect(await one.refresh(held)).toEqual(held);
    one.simulator.secrets.clear();
    const seen = await one.refresh(held);
    if (!seen) expect.fail("it is not gone");
    expect(seen.state).toMatchObject({ ...inputs, status, managed: false });
    const plan = one.plan(seen);
    expect(plan).toMatchObject({ action: "update", changes: [{ property: "value" }] });
    expect(plan.warnings).toEqual([expect.stringContaining("a mounted file")]);
    expect((await one.update(seen)).state).toEqual(held.state);
  });

  test("a deletion takes the stored value, and says that the file's stays", async () => {
    const one = await secretWorld({ release: "main" });
    const held = await one.create(inputs);
    one.simulator.mountedSecrets.add("openai.api_key");
    await one.destroy(held);
    expect(one.simulator.secrets.size).toBe(0);
    expect(one.warnings).toEqual([
      'The secret\'s value stays in a file that is mounted into the server (source "external_file"); the server now uses it.',
    ]);
    one.simulator.mountedSecrets.clear();
    await one.destroy(held);
    expect(one.warnings).toHaveLength(1);
  });

  test("without a store a creation says so, and a deletion of what is not stored succeeds", async () => {
    const one = await secretWorld({ release: "main" });
    const held = await one.create(inputs);
    one.simulator.state.hasSecretStore = false;
    await failure(one.destroy(held), NoSecretStore);
    one.simulator.secrets.clear();
    await one.destroy(held);
    const error = await failure(one.create(inputs), NoSecretStore);
    expect(error.message).toMatch(/returned 503: no native secret store.*mounted files/);
  });

  test("a cluster of several nodes has a store too", async () => {
    const one = await secretWorld({ release: "main" });
    one.simulator.state.multiNode = true;
    expect((await one.create(inputs)).state).toEqual({ ...inputs, status, managed: true });
  });
});

test("an import from another server takes its URL before the key", async () => {
  const other = await secretWorld();
  const one = await secretWorld();
  await other.create(inputs);
  const { url } = other.simulator;
  const status = "configured_file";
  for (const root of [url, `${url}/`, `${url}/db/v1`]) {
    expect(await one.import(`${root}/openai.api_key`)).toEqual({
      id: "openai.api_key",
      state: { key: "openai.api_key", url: root.replace(/\/$/, ""), status },
    });
  }
  expect(one.sent()).toEqual([]);
});

test("every call goes to the server that its url names", async () => {
  const other = await secretWorld();
  const one = await secretWorld();
  const held = await one.create({ ...inputs, url: other.simulator.url });
  await one.refresh(held);
  const changed = await one.update(held, { ...held.inputs, value: "sk-value-changed-11" });
  const { url: _, ...withoutUrl } = changed.inputs;
  expect(one.plan(changed, withoutUrl).action).toBe("keep");
  await one.update(changed, { ...withoutUrl, value });
  await one.destroy(changed);
  expect(one.sent()).toEqual([]);
  const methods = other.asked().map((line) => line.split(" ")[0]);
  expect(methods).toEqual(["GET", "PUT", "GET", "PUT", "PUT", "DELETE"]);
});

test("a rival's ID is one that an import takes", async () => {
  const one = await secretWorld();
  const url = one.simulator.url;
  await one.create(inputs);
  const error = await failure(one.create({ ...inputs, url }), AlreadyExists);
  expect(error.message).toContain(`(ID ${url}/openai.api_key). `);
  expect(await one.import(`${url}/openai.api_key`)).toMatchObject({ state: { url } });
});

test("where neither the answer nor a look comes, the doubt is told", async () => {
  const one = await secretWorld();
  one.simulator.order({ method: "PUT", kind: { type: "reset", apply: true } });
  one.simulator.order({ path: /secrets$/, skip: 1, times: 5, kind: { type: "html" } });
  const error = await failure(one.create(inputs), CreationInDoubt);
  expect(error).toMatchObject({
    cause: { operation: "store a secret" },
    mayHaveTakenEffect: true,
  });
  expect(one.simulator.count("PUT")).toBe(1);
});

test("a server that never stores it is asked three times", async () => {
  const one = await secretWorld();
  one.simulator.order({ method: "PUT", times: 3, kind: { type: "reset", apply: false } });
  const error = await failure(one.create(inputs), HttpError);
  expect(error.mayHaveTakenEffect).toBe(true);
  expect(one.simulator.count("PUT")).toBe(3);
});

test("a cancellation ends a creation, and nothing is sent again", async () => {
  const one = await secretWorld();
  one.simulator.order({ method: "PUT", kind: { type: "hang", apply: false } });
  const ended = failure(one.create(inputs), HttpError);
  await expect.poll(() => one.simulator.count("PUT")).toBe(1);
  one.aborter.abort();
  expect(await ended).toMatchObject({ code: "CANCELLED" });
  expect(one.simulator.count("PUT")).toBe(1);
});

test("a key without rights fails as that, before anything is stored", async () => {
  const one = await secretWorld();
  one.loseRights();
  await failure(one.create(inputs), Forbidden);
  expect(one.simulator.count("PUT")).toBe(0);
});

test.each(["PUT", "GET", "DELETE"])("no error of %s shows the value", async (method) => {
  const one = await secretWorld();
  const held = await one.create(inputs);
  const body = { error: `not with ${value}` };
  one.simulator.order({ method, kind: { type: "status", status: 400, body } });
  const call = {
    PUT: () => one.update(held, { ...inputs, value: `${value}!` }),
    GET: () => one.refresh(held),
    DELETE: () => one.destroy(held),
  }[method];
  const error = await failure(Promise.resolve(call?.()), HttpError);
  expect(error.message).toContain("not with [secret]");
  expect(error.message).not.toContain(value);
});
