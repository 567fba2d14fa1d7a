import grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { toUuid } from "../../provider/crunchybridge/eid.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { akkerisWorld, antflyWorld, bridgeWorld, citusWorld } from "./systems.ts";

test.each([
  ["Formation", "urn:pulumi:dev", /letters and digits, such as `0123456789abcdef0123456789a`/],
  ["Formation", "../formations", /letters and digits/],
  ["Replica", "my-replica", /an EID \(26 letters a–z and digits 2–7\) or a UUID/],
  ["AppFormation", "api-default", /`app\/type`: `api-default\/web`/],
  ["AppFormation", "api-default/web/1", /`app\/type`/],
  ["AntflySecret", "not a key", /the secret's key/],
])("%s: an import by %s says what an ID is", async (type, id, form) => {
  const plugin = await startPlugin();
  await plugin.configure({ antflyUrl: "http://127.0.0.1:9", citusToken: "t", akkerisToken: "t" });
  const resource = new Resource(plugin, type);
  const failure = await plugin.failure("read", resource.readRequest(id));
  expect(failure.code).toBe(grpc.status.INVALID_ARGUMENT);
  expect(failure.text).toContain(`${JSON.stringify(id)} is not a valid ${type} ID. Expected `);
  expect(failure.text).toMatch(form);
});

test.each([
  ["a formation", citusWorld, "0123456789abcdef0123456789a"],
  ["a replica", bridgeWorld, "rvf73a77ozfsvcttryebfrnlea"],
  ["a replica by its UUID", bridgeWorld, toUuid("rvf73a77ozfsvcttryebfrnlea") ?? ""],
  ["an app formation", akkerisWorld, "foo-default/worker"],
])("an import or a `.get` of %s that does not exist finds none", async (_what, world, id) => {
  const { resource } = await world();
  expect(await resource.read(id)).toEqual({ id: "", inputs: {}, state: {} });
});

test("an import of a schedule says how one is adopted", async () => {
  const { resource, plugin } = await antflyWorld();
  const { text } = await plugin.failure("read", resource.readRequest("nightly"));
  expect(text).toMatch(/nothing on the server to import.* with backupIdPrefix "nightly"/);
});
