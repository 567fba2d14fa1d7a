import { describe, expect, test } from "vitest";
import { NoSecretStore } from "../../provider/antfly/errors.ts";
import {
  Forbidden,
  NotFound,
  Refused,
  ServerFailure,
  Unauthorized,
} from "../../provider/http/errors.ts";
import { bases, dialects, place, world } from "./world.ts";

describe("which dialect a server speaks", () => {
  test.each(dialects)("is asked once for all calls: %s", async (dialect) => {
    const { api, options, sent } = await world({ dialect });
    await Promise.all([api.secrets(options), api.secrets(options)]);
    await api.secrets(options);
    expect(await api.dialect(options)).toBe(dialect);
    const list = `GET ${bases[dialect]}/secrets`;
    expect(sent()).toEqual(["GET /api/v1/status", list, list, list]);
  });

  test.each(dialects)("is told by a base path in the URL, and not asked: %s", async (dialect) => {
    const { simulator, servers, options, sent } = await world({ dialect });
    await servers.at(`${simulator.url}${bases[dialect]}/`).secrets(options);
    expect(sent()).toEqual([`GET ${bases[dialect]}/secrets`]);
  });

  test.each(dialects)("is found by a key without rights too: %s", async (dialect) => {
    const { api, options, loseRights } = await world({ dialect });
    loseRights();
    expect(await api.dialect(options)).toBe(dialect);
  });

  test.each(dialects)("is found with a key that is not accepted: %s", async (dialect) => {
    const { api, options } = await world({ dialect }, { antflyApiKey: "wrong:key" });
    expect(await api.dialect(options)).toBe(dialect);
  });

  test.each(dialects)("is found without a key: %s", async (dialect) => {
    const { simulator, api, options } = await world({ dialect }, { antflyApiKey: "" });
    expect(await api.dialect(options)).toBe(dialect);
    simulator.unexpected.splice(0);
  });

  test("is asked again after a failure", async () => {
    const { simulator, api, options } = await world();
    simulator.order({ path: "/api/v1/status", times: 5, kind: { type: "status", status: 503 } });
    await expect(api.dialect(options)).rejects.toThrow(ServerFailure);
    expect(await api.dialect(options)).toBe("0.2");
  });

  test.each([
    ["a web page", { type: "html" }],
    ["a page that is not found", { type: "html", status: 404 }],
    ["a proxy that wants a password", { type: "html", status: 401 }],
    ["an empty 404", { type: "empty", status: 404 }],
    ["something else in JSON", { type: "status", status: 200, body: { ok: true } }],
  ] as const)("is not guessed from %s", async (_, kind) => {
    const { simulator, api, options, sent } = await world();
    simulator.order({ path: "/api/v1/status", kind });
    await expect(api.secrets(options)).rejects.toThrow(
      /^Antfly: could not detect the version of the API: GET \S*\/api\/v1\/status returned/,
    );
    expect(sent()).toEqual(["GET /api/v1/status"]);
  });
});

describe("the key", () => {
  test("goes as a bearer token, padded, whichever way it is given", async () => {
    const plain = "key-id:key-secret~?";
    const encoded = Buffer.from(plain).toString("base64");
    for (const given of [encoded, encoded.replace(/=+$/, ""), plain, ` ${encoded}\n`]) {
      const { simulator, api, options } = await world({ token: encoded }, { antflyApiKey: given });
      await api.secrets(options);
      const sent = simulator.requests.map(({ headers }) => headers.authorization);
      expect(new Set(sent)).toEqual(new Set([`Bearer ${encoded}`]));
    }
  });

  test.each([
    ["no base64", "not*base64"],
    ["base64 of something else", Buffer.from("nothing").toString("base64")],
    ["a scheme before it", `Bearer ${Buffer.from("a:b").toString("base64")}`],
    ["no secret", "key-id:"],
    ["no ID", ":key-secret"],
  ])("is refused before anything is sent, and not told: %s", async (_, antflyApiKey) => {
    const { servers, sent } = await world({}, { antflyApiKey });
    let message = "";
    try {
      servers.at();
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(
      /formations:antflyApiKey \(or FORMATIONS_ANTFLY_API_KEY\) is malformed/,
    );
    expect(message).not.toContain(antflyApiKey);
    expect(sent()).toEqual([]);
  });

  test("may be a serverless administrator's bare token, and is not told", async () => {
    const token = "bare~token-of-an-administrator_5b1e70c4";
    const { api, simulator, options } = await world({ token, release: "main" });
    simulator.state.serverless = true;
    expect(await api.secrets(options)).toEqual([]);
    expect(simulator.requests.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
    const body = { error: `no such token: ${token}` };
    simulator.order({ path: /secrets$/, kind: { type: "status", status: 401, body } });
    const error = String(await api.secrets(options).catch((error: unknown) => error));
    expect(error).toMatch(/no such token: \[secret\].*sent as a bare token/);
    expect(error).not.toContain(token);
  });

  test.each([
    ["one byte short", "t".repeat(31)],
    ["with a space", `${"t".repeat(20)} ${"t".repeat(20)}`],
    ["with a colon at its end", `${"t".repeat(40)}:`],
  ])("is no bare token %s", async (_, antflyApiKey) => {
    const { servers } = await world({}, { antflyApiKey });
    expect(() => servers.at()).toThrow(/is malformed.*at least 32 characters/);
  });

  test("that was cut off is sent as a bare token, and the server's 500 is explained", async () => {
    const { simulator, servers, options } = await world({}, { antflyApiKey: `${"t".repeat(40)}!` });
    const error = String(await servers.at(`${simulator.url}/db/v1`).secrets(options).catch(String));
    expect(error).toMatch(/returned 500.*check that it is complete/);
  });

  test.each([
    ["as it is sent", (encoded: string) => encoded],
    ["decoded", (encoded: string) => Buffer.from(encoded, "base64").toString()],
  ])("is not told, though the server repeats it %s", async (_, repeated) => {
    const { simulator, api, options } = await world();
    const secret = Buffer.from(simulator.token, "base64").toString().split(":")[1];
    const body = { error: `no such key: ${repeated(simulator.token)}` };
    simulator.order({ path: /secrets$/, kind: { type: "status", status: 403, body } });
    const error = String(await api.secrets(options).catch((error: unknown) => error));
    expect(error).toContain("returned 403: no such key: ");
    expect(error).not.toContain(simulator.token);
    expect(error).not.toContain(secret);
  });

  test("is not sent to the health port", async () => {
    const { simulator, api, options } = await world();
    await api.health(options);
    expect(simulator.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe.each(dialects)("status in %s", (dialect) => {
  test("tells health and mode", async () => {
    const { simulator, api, options, sent } = await world({ dialect });
    Object.assign(simulator.state, { health: "degraded", message: "a shard is moving" });
    expect(await api.status(options)).toEqual({
      health: "degraded",
      message: "a shard is moving",
      authEnabled: true,
      dialect,
      ...(dialect === "0.2" ? { deploymentMode: "standalone" } : { swarmMode: true }),
    });
    expect(sent()).toEqual(["GET /api/v1/status", `GET ${bases[dialect]}/status`]);
  });

  test("passes on a health that is new, and reads what is left out as false", async () => {
    const { simulator, api, options } = await world({ dialect });
    Object.assign(simulator.state, { health: "sleepy", authEnabled: false });
    expect(await api.status(options)).toMatchObject({ health: "sleepy", authEnabled: false });
  });

  test("needs no rights", async () => {
    const { api, options, loseRights } = await world({ dialect });
    loseRights();
    expect(await api.status(options)).toMatchObject({ health: "healthy" });
  });
});

describe.each(dialects)("the health port in %s", (dialect) => {
  test("says that the process is up", async () => {
    const { api, options, sent } = await world({ dialect });
    expect(await api.health(options)).toBe("ok");
    expect(sent()).toEqual(["GET /healthz"]);
  });

  test("gives metrics as text", async () => {
    const { api, options, sent } = await world({ dialect });
    expect(await api.metrics(options)).toContain("\nantfly_data_server_up 1\n");
    expect(sent()).toEqual(["GET /metrics"]);
  });

  test("is not the API's: the dashboard is no metrics", async () => {
    const { simulator, options } = await world({ dialect });
    const { api } = await world({}, { antflyHealthUrl: simulator.url });
    await expect(api.metrics(options)).rejects.toThrow(
      /returned 200 with an HTML page .* set `formations:antflyHealthUrl`/,
    );
    simulator.unexpected.splice(0);
  });
});

describe.each(dialects)("secrets in %s", (dialect) => {
  const base = bases[dialect];
  const stored = dialect === "0.2" ? "configured_file" : "configured_keystore";

  test("are listed without values, those of the environment without times", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.environmentSecrets.add("openai.api_key");
    await api.putSecret("a.b", { value: "hunter22" }, options);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(await api.secrets(options)).toEqual([
      { key: "a.b", status: stored, envVar: "A_B", createdAt: time, updatedAt: time },
      { key: "openai.api_key", status: "configured_env", envVar: "OPENAI_API_KEY" },
    ]);
  });

  test("may be none, which v0.1 tells as null", async () => {
    const { api, options } = await world({ dialect });
    expect(await api.secrets(options)).toEqual([]);
  });

  test("are stored by PUT, over an existing one too", async () => {
    const { simulator, api, options, asked } = await world({ dialect });
    await api.putSecret("a.b-c_d", { value: "hunter22" }, options);
    const entry = await api.putSecret("a.b-c_d", { value: "hunter23" }, options);
    expect(entry).toMatchObject({ key: "a.b-c_d", status: stored });
    expect(simulator.secrets.get("a.b-c_d")?.value).toBe("hunter23");
    expect(simulator.requests.at(-1)?.body).toEqual({ value: "hunter23" });
    expect(asked()).toEqual([`PUT ${base}/secrets/a.b-c_d`, `PUT ${base}/secrets/a.b-c_d`]);
  });

  test("are stored again where the response was lost", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.order({ method: "PUT", kind: { type: "reset", apply: true } });
    expect(await api.putSecret("k", { value: "hunter22" }, options)).toMatchObject({ key: "k" });
    expect(simulator.count("PUT")).toBe(2);
  });

  test("are deleted, and one that is gone is deleted", async () => {
    const { simulator, api, options, asked } = await world({ dialect });
    await api.putSecret("k", { value: "hunter22" }, options);
    await api.deleteSecret("k", options);
    expect(simulator.secrets.size).toBe(0);
    await api.deleteSecret("k", options);
    expect(asked().slice(1)).toEqual([`DELETE ${base}/secrets/k`, `DELETE ${base}/secrets/k`]);
  });

  test("are not deleted by a web page's 404", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.order({ method: "DELETE", kind: { type: "html", status: 404 } });
    await expect(api.deleteSecret("k", options)).rejects.toThrow(NotFound);
  });

  test("are not those of several nodes: 503, and what to do", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.state.multiNode = true;
    const error = await api
      .putSecret("k", { value: "hunter22" }, options)
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NoSecretStore);
    expect(String(error)).toMatch(/environment/);
  });

  test("never appear in an error, though the server repeats them", async () => {
    const { simulator, api, options } = await world({ dialect });
    const body = { error: "bad value: hunter22" };
    simulator.order({ method: "PUT", kind: { type: "status", status: 400, body } });
    await expect(api.putSecret("k", { value: "hunter22" }, options)).rejects.toThrow(
      "returned 400: bad value: [secret]",
    );
  });

  test("have keys of letters, digits and a few marks: a slash stays in its segment", async () => {
    const { api, options } = await world({ dialect });
    await expect(api.putSecret("a/b", { value: "v" }, options)).rejects.toThrow(Refused);
  });
});

describe.each(dialects)("errors of %s", (dialect) => {
  test("a key that is not accepted names key and variable, and is not told", async () => {
    const { api, options } = await world({ dialect }, { antflyApiKey: "key-id:wrong-secret" });
    const error = await api.secrets(options).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Unauthorized);
    expect(String(error)).toMatch(
      /returned 401: unauthorized\. formations:antflyApiKey \(or FORMATIONS_ANTFLY_API_KEY\) was rejected: .*`pulumi up`/i,
    );
    expect(String(error)).not.toContain("wrong-secret");
  });

  test("a key that is missing says how to set it", async () => {
    const { simulator, api, options } = await world({ dialect }, { antflyApiKey: "" });
    await expect(api.secrets(options)).rejects.toThrow(
      /returned 401: unauthorized\. .*the API key is missing.*pulumi config set --secret formations:antflyApiKey.*FORMATIONS_ANTFLY_API_KEY/i,
    );
    simulator.unexpected.splice(0);
  });

  test("a key without rights says which are wanted", async () => {
    const { api, options, loseRights } = await world({ dialect });
    loseRights();
    const error = await api.secrets(options).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Forbidden);
    expect(String(error)).toContain("returned 403: ");
    expect(String(error)).toContain("`*`/`*`/`admin`");
  });

  test("cut-off JSON is an error, not a list", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.order({ path: /secrets$/, times: 5, kind: { type: "cutJson" } });
    await expect(api.secrets(options)).rejects.toThrow(/malformed or cut-off JSON/);
  });

  test("a URL without a server is an error that names the host", async () => {
    const { simulator, api, options } = await world({ dialect });
    await simulator.refuse();
    const host = simulator.url.replace("http://", "");
    await expect(api.backups(place, options)).rejects.toThrow(`got no response from ${host}`);
  });
});

test("a program that names no server is told the key and the variable", async () => {
  const { servers } = await world({}, { antflyUrl: "" });
  expect(() => servers.at()).toThrow(
    /the server's URL is missing.*formations:antflyUrl.*FORMATIONS_ANTFLY_URL/,
  );
});

test("each server has one client for all who ask", async () => {
  const { simulator, servers } = await world();
  expect(servers.at(simulator.url)).toBe(servers.at());
  expect(servers.at("http://127.0.0.1:1")).not.toBe(servers.at());
});

test("another server's health port is its own, not the configured", async () => {
  const { servers, options } = await world();
  await expect(servers.at("http://127.0.0.1:1").health(options)).rejects.toThrow(
    /from 127\.0\.0\.1:4200/,
  );
});

test("a key stays off plain http to other machines", async () => {
  const { servers, options } = await world();
  await expect(servers.at("http://antfly.example.com:8080").secrets(options)).rejects.toThrow(
    /was not sent: http:\/\/antfly\.example\.com:8080 is plain HTTP.*formations:allowHttp/,
  );
});
