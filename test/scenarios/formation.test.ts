import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args, formation, living, stackOf } from "./formation-support.ts";

test("its state has inputs and outputs, the password as ciphertext, and a provider of 500 bytes at most", async () => {
  const { citus, workspace } = await stackOf(formation());
  await workspace.up();
  const { id, name, database_url } = living(citus);
  const { password } = new URL(database_url);

  const state = await workspace.exportState();
  const shown = resourceNamed(await workspace.exportState({ showSecrets: true }), "it");

  const it = resourceNamed(state, "it");
  expect(it).toMatchObject({ id, inputs: { ...args, name } });
  expect(it.outputs).toMatchObject({
    ...args,
    name,
    coordinatorHa: false,
    workerHa: false,
    state: "steady",
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    isMx: false,
    isZfs: false,
    databaseUrl: { ciphertext: expect.any(String) },
  });
  expect(JSON.stringify(shown.outputs?.databaseUrl)).toContain(password);
  for (const secret of [password, citus.token]) expect(JSON.stringify(state)).not.toContain(secret);
  expect(String(it.inputs?.__provider).length).toBeLessThanOrEqual(500);
});
