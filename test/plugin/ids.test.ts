import grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { backupSchedule } from "../antfly/subjects.ts";
import { subjects } from "../subjects.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { worldOf } from "./world.ts";

const invalid = subjects.flatMap(({ name, ids }) =>
  (ids?.invalid ?? []).map(([id, says]) => ({ name, id, says })),
);
const unused = subjects.flatMap((subject) =>
  (subject.ids?.unused ?? []).map((id) => ({ name: subject.name, id, subject })),
);

test.each(invalid)("$name: an import by $id says what an ID is", async ({ name, id, says }) => {
  const plugin = await startPlugin();
  await plugin.configure({});
  const resource = new Resource(plugin, name);
  const failure = await plugin.failure("read", resource.readRequest(id));
  expect(failure.code).toBe(grpc.status.INVALID_ARGUMENT);
  expect(failure.text).toContain(`${JSON.stringify(id)} is not a valid ${name} ID. Expected `);
  expect(failure.text).toMatch(says);
});

test.each(unused)(
  "$name: an import or a `.get` of $id, which does not exist, finds none",
  async ({ id, subject }) => {
    const { resource } = await worldOf(subject);
    expect(await resource.read(id)).toEqual({ id: "", inputs: {}, state: {} });
  },
);

test("an import of a schedule says how one is adopted", async () => {
  const { resource, plugin } = await worldOf(backupSchedule);
  const { text } = await plugin.failure("read", resource.readRequest("nightly"));
  expect(text).toMatch(/nothing on the server to import.* with backupIdPrefix "nightly"/);
});
