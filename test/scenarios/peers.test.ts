import { expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { configOf, opsOf, told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";
import { yamlStack } from "./yaml.ts";

/*
 * What comparable resources of other providers were seen to do wrong, and what is not shown elsewhere.
 */

const app = "shop-dev";
const web = { app, type: "web", size: "gp1", quantity: 3 };

function resource(properties: Values) {
  return { type: "formations:index:AppFormation", properties };
}

async function stackOf(properties: Values) {
  const akkeris = await startAkkeris(app);
  const stack = await yamlStack({ it: resource(properties) }, configOf(accessTo(akkeris)));
  return { akkeris, ...stack };
}

test("another type is another formation: it gets the quantity asked, and nothing of the old one keeps running", async () => {
  const { akkeris, workspace, declare } = await stackOf(web);
  await workspace.up();

  await declare({ it: resource({ ...web, type: "worker", command: "run worker" }) });
  expect(opsOf(await workspace.up())).toEqual([
    "create-replacement it",
    "replace it",
    "delete-replaced it",
  ]);

  expect(akkeris.formation(app, "web")).toBeUndefined();
  expect(akkeris.instances(app, "web")).toBe(0);
  expect(akkeris.instances(app, "worker")).toBe(3);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("a second resource of one app and type is refused, and the first is left unchanged", async () => {
  const { akkeris, workspace, declare } = await stackOf(web);
  await workspace.up();

  await declare({ it: resource(web), twin: resource({ ...web, quantity: 1 }) });
  const refused = await workspace.up({ expectFailure: true });

  // By the server, or before that by the check, as the engine registers the two.
  expect(told(refused)).toMatch(/already (exists|manages)/);
  expect(akkeris.formations(app)).toHaveLength(1);
  expect(akkeris.instances(app, "web")).toBe(3);
  await declare({ it: resource(web) });
  expect((await workspace.up()).changes).toEqual({ same: 1 });
});

test("of two resources of one app and type in one program one is refused in the preview, and never both are created", async () => {
  const { akkeris, workspace, declare } = await stackOf(web);
  await declare({ it: resource(web), twin: resource({ ...web, quantity: 1 }) });

  const foreseen = await workspace.preview({ expectFailure: true });
  expect(told(foreseen)).toMatch(
    /(it|twin) in this program already manages \S+\/web; an app has one formation of each type/,
  );
  expect(akkeris.requests).toEqual([]);

  await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });
  expect(akkeris.formations(app)).toHaveLength(1);
  expect(akkeris.count("POST")).toBe(1);
});

test("a quantity, a type and a port that cannot be are refused in the preview, which asks nothing", async () => {
  const { akkeris, workspace } = await stackOf({
    ...{ app, type: "Web Type!", size: "gp1", quantity: -5, port: 80 },
  });

  const refused = told(await workspace.preview({ expectFailure: true }));

  for (const property of ["type", "quantity", "port"]) {
    expect(refused).toMatch(new RegExp(`property ${property} `));
  }
  expect(akkeris.requests).toEqual([]);
});

test("no instance is what runs where none is asked, at the creation and later on", async () => {
  const { akkeris, workspace, declare } = await stackOf({ ...web, quantity: 0 });
  for (const quantity of [0, 2, 0]) {
    await declare({ it: resource({ ...web, quantity }) });
    await workspace.up();
    expect(akkeris.instances(app, "web")).toBe(quantity);
    expect((await workspace.preview()).changes).toEqual({ same: 1 });
  }
});
