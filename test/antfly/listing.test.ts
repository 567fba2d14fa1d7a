import { describe, expect, test } from "vitest";
import { secret } from "../../provider/antfly/secret/resource.ts";
import { Forbidden } from "../../provider/http/errors.ts";
import type { Definition } from "../../provider/resource/definition.ts";
import { InvalidArguments, InvalidConfiguration } from "../../provider/resource/errors.ts";
import { placeOf } from "../../provider/resource/identity.ts";
import type { Values } from "../../provider/resource/values.ts";
import { type AntflyOptions, AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import { failure } from "../support/failure.ts";
import { listOf } from "../support/listing.ts";
import { requestsTo } from "../support/requests.ts";
import { bases, dialects, world } from "./world.ts";

const definition: Definition = secret;

/** A server that stores two secrets, and has a third in its environment alone. */
async function servers(options: AntflyOptions = {}, config: Values = {}) {
  const one = await world(options, config, definition);
  store(one.simulator, "openai.api_key");
  store(one.simulator, "cohere.api_key");
  one.simulator.environmentSecrets.add("mistral.api_key");
  return one;
}

function store(simulator: AntflySimulator, key: string): void {
  simulator.secrets.set(key, { value: "hidden", createdAt: 0, updatedAt: 0 });
}

describe.each(dialects)("a server of %s", (dialect) => {
  test("lists the secrets that it stores by key, with one request, whole but for their values", async () => {
    const one = await servers({ dialect });
    const status = dialect === "0.2" ? "configured_file" : "configured_keystore";
    expect(await listOf(definition, one)).toEqual(
      ["cohere.api_key", "openai.api_key"].map((key) => ({
        id: key,
        name: key,
        state: { key, status },
        isWhole: true,
      })),
    );
    expect(one.asked()).toEqual([`GET ${bases[dialect]}/secrets`]);
  });

  test("has none", async () => {
    const one = await world({ dialect }, {}, definition);
    expect(await listOf(definition, one)).toEqual([]);
  });
});

test("a stored secret that the environment has too is listed", async () => {
  const one = await servers();
  one.simulator.environmentSecrets.add("openai.api_key");
  expect(await listOf(definition, one)).toMatchObject([
    { id: "cohere.api_key" },
    { id: "openai.api_key", state: { status: "configured_both" } },
  ]);
});

test("a secret that a mounted file has is listed once the server stores it too", async () => {
  const one = await world({ release: "main" }, {}, definition);
  one.simulator.mountedSecrets.add("openai.api_key");
  expect(await listOf(definition, one)).toEqual([]);
  store(one.simulator, "openai.api_key");
  expect(await listOf(definition, one)).toMatchObject([
    { id: "openai.api_key", state: { managed: true } },
  ]);
});

describe("another server", () => {
  async function another() {
    const one = await servers();
    const simulator = await running(new AntflySimulator({ token: one.simulator.token }));
    store(simulator, "voyage.api_key");
    return { ...one, another: simulator };
  }

  test("is listed by its URL, with IDs that name it", async () => {
    const { another: simulator, ...one } = await another();
    const [listed, ...others] = await listOf(definition, one, { url: `${simulator.url}/` });
    expect(others).toEqual([]);
    const id = `${simulator.url}/voyage.api_key`;
    expect(listed).toMatchObject({ id, name: "voyage.api_key", state: { url: simulator.url } });
    expect(placeOf(definition, "voyage.api_key", listed?.state ?? {})).toBe(id);
    expect(requestsTo(simulator)).toEqual(["GET /api/v1/status", "GET /db/v1/secrets"]);
    expect(one.sent()).toEqual([]);
  });

  test("can be imported by these IDs", async () => {
    const { another: simulator, ...one } = await another();
    const [listed] = await listOf(definition, one, { url: simulator.url });
    expect(await one.import(listed?.id ?? "")).toMatchObject({
      state: { key: "voyage.api_key", url: simulator.url },
    });
  });

  test("is the configured one where its URL says so", async () => {
    const one = await servers();
    const url = `${one.simulator.url}/db/v1`;
    expect((await listOf(definition, one, { url })).map(({ id }) => id)).toEqual([
      "cohere.api_key",
      "openai.api_key",
    ]);
  });

  test.each(["antfly", "http://user:hunter2@antfly.example.com", "http://antfly.example.com"])(
    "is not asked at %s",
    async (url) => {
      const one = await servers();
      const error = await failure(listOf(definition, one, { url }), InvalidConfiguration);
      expect(error.message).toMatch(/^Antfly: url/);
      expect(error.message).not.toContain("hunter2");
    },
  );
});

test("a key without rights is refused", async () => {
  const one = await servers();
  one.loseRights();
  await failure(listOf(definition, one), Forbidden);
});

test("the list has one page, so there is nowhere to continue", async () => {
  const one = await servers();
  const error = await failure(listOf(definition, one, {}, "x"), InvalidArguments);
  expect(error.message).toMatch(/^The list of secrets can't continue at "x"/);
  expect(one.sent()).toEqual([]);
});
