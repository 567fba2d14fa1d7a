import { expect, test } from "vitest";
import type { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { configOf, told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";
import { reference, yamlStack } from "./yaml.ts";

/*
 * The engine deletes what is gone from the program with the provider of the state, and with its token.
 * What the message of a rejected token advises is done here.
 */

const rotated = "akkeris-token-rotated-5b1e70c4";
const advice = "If the program no longer has the provider, the engine uses the value in the state";

function web(akkeris: AkkerisSimulator, options?: { provider: string }) {
  akkeris.addApp("shop-dev");
  const properties = { app: "shop-dev", type: "web", size: "gp1", quantity: 1 };
  return { type: "formations:index:AppFormation", properties, options };
}

test("a provider that was removed after its token was rotated is declared again, and its resources go", async () => {
  const akkeris = await startAkkeris();
  const account = (token: string) => ({
    type: "pulumi:providers:formations",
    properties: { akkerisUrl: akkeris.url, akkerisToken: token },
  });
  const { workspace, declare } = await yamlStack(
    { account: account(akkeris.token), web: web(akkeris, { provider: reference("account") }) },
    {},
  );
  await workspace.up();
  akkeris.token = rotated;
  await declare({});
  expect(told(await workspace.up({ expectFailure: true }))).toContain(advice);

  await declare({ account: account(rotated) });
  expect((await workspace.up()).changes).toMatchObject({ delete: 1 });
  expect(akkeris.formations("shop-dev")).toEqual([]);
  await declare({});
  await workspace.up();
  expect((await workspace.exportState()).deployment.resources).toHaveLength(1);
});

test("with the default provider, a call of one of its functions is enough", async () => {
  const akkeris = await startAkkeris();
  const config = configOf(accessTo(akkeris));
  const { workspace, declare } = await yamlStack({ web: web(akkeris) }, config);
  await workspace.up();
  akkeris.token = rotated;
  await workspace.setConfig({ "formations:akkerisToken": { secret: rotated } });
  await declare({});
  expect(told(await workspace.up({ expectFailure: true }))).toContain(advice);

  const call = { function: "formations:index:getAppSizes", arguments: {}, return: "sizes" };
  await declare({}, { sizes: { "fn::invoke": call } });
  expect((await workspace.up()).changes).toEqual({ delete: 1 });
  expect(akkeris.formations("shop-dev")).toEqual([]);
});
