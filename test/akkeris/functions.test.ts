import { expect, test } from "vitest";
import { functions } from "../../provider/akkeris/index.ts";
import type { FunctionDefinition } from "../../provider/resource/definition.ts";
import { NoSuchResource } from "../../provider/resource/errors.ts";
import { invoke } from "../../provider/resource/reading.ts";
import type { Values } from "../../provider/resource/values.ts";
import { type World, world } from "./world.ts";

const app = "foo-default";

function call({ session, aborter }: World, name: string, args: Values): Promise<Values> {
  const all: readonly FunctionDefinition[] = functions;
  const definition = all.find((one) => one.name === name);
  if (!definition) throw new Error(`no function ${name}`);
  return invoke(definition, session, args, {
    signal: aborter.signal,
    onWait: () => {},
  });
}

test("getAppFormation reads one formation, in the server's spelling", async () => {
  const here = await world();
  const { id } = here.simulator.addFormation(app, { size: "gp2-prod", quantity: 2 });
  expect(await call(here, "getAppFormation", { app, type: "web" })).toEqual({
    app,
    type: "web",
    size: "gp2-prod",
    serverSize: "gp2-prod",
    quantity: 2,
    port: 9000,
    formationId: id,
    createdAt: expect.stringMatching(/Z$/),
  });
  expect(here.sent()).toEqual(["GET /apps/foo-default/formation/web"]);
});

test.each([
  [
    "type",
    { app, type: "worker" },
    /Akkeris has no app foo-default, or the app has no formation of type "worker"/,
  ],
  [
    "app",
    { app: "none-default", type: "web" },
    /Akkeris has no app none-default, or the app has no formation of type "web"/,
  ],
])("getAppFormation says that there is no such %s", async (_, args, text) => {
  const error = await call(await world(), "getAppFormation", args).catch((reason) => reason);
  expect(error).toBeInstanceOf(NoSuchResource);
  expect(error.message).toMatch(text);
});

test("getAppFormations lists an app's formations", async () => {
  const here = await world();
  here.simulator.addFormation(app);
  here.simulator.addFormation(app, { type: "worker" });
  const { formations } = await call(here, "getAppFormations", { app });
  expect(formations).toMatchObject([
    { app, type: "web", port: 9000 },
    { app, type: "worker", command: "run worker" },
  ]);
  expect(here.sent()).toEqual(["GET /apps/foo-default/formation"]);
});

test("getAppFormations says that there is no such app", async () => {
  await expect(call(await world(), "getAppFormations", { app: "none-default" })).rejects.toThrow(
    /application none-default does not exist/,
  );
});

test("getAppSizes lists the sizes with memory and price", async () => {
  const here = await world();
  const { sizes } = await call(here, "getAppSizes", {});
  expect(sizes).toContainEqual({
    name: "gp2",
    memory: "512Mi",
    price: 40,
    deprecated: false,
    description: expect.any(String),
  });
  expect(sizes).toHaveLength(here.simulator.sizes.length);
  expect(here.sent()).toEqual(["GET /sizes"]);
});
