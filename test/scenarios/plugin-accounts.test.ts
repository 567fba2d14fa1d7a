import { expect, onTestFinished, test } from "vitest";
import { type ConfigValue, createWorkspace } from "../../build/engine/workspace.ts";
import { Platform } from "../../simulators/platform.ts";
import { args as formation } from "./formation-support.ts";
import { told } from "./support.ts";
import { primaryId } from "./world.ts";
import { reference, yamlProject } from "./yaml.ts";

const properties = {
  Formation: formation,
  Replica: { clusterId: primaryId },
  AppFormation: { app: "shop-dev", type: "web", size: "gp1", quantity: 1 },
  AntflyBackupSchedule: {
    schedule: "0 3 * * *",
    location: "s3://example-backups/dev",
    connection: "backups",
  },
  AntflySecret: { key: "openai.api_key", value: "sk-value-5b1e70c4" },
};

/** An account at each of the four systems, whose tokens no other account takes. */
async function account(name: string) {
  const platform = await new Platform(2000).start();
  onTestFinished(() => platform.close());
  const systems = [...platform.systems.values()];
  const rotate = (to: string) => {
    // What Antfly calls an encoded key; others take any text.
    for (const system of systems) system.token = Buffer.from(`${name}:${to}`).toString("base64");
  };
  rotate("first");
  const { citus, crunchyBridge, akkeris, antfly } = platform;
  const config = {
    citusUrl: citus.url,
    citusRequestsPerMinute: 6000,
    crunchyBridgeUrl: crunchyBridge.url,
    akkerisUrl: akkeris.url,
    antflyUrl: antfly.url,
  };
  const tokens = () => ({
    citusToken: citus.token,
    crunchyBridgeApiKey: crunchyBridge.token,
    akkerisToken: akkeris.token,
    antflyApiKey: antfly.token,
  });
  const requests = () => systems.flatMap((system) => system.requests);
  return { name, platform, config, rotate, tokens, requests };
}

type Account = Awaited<ReturnType<typeof account>>;

/** A resource of each system in an account; its provider is the default one or its own. */
function resourcesIn({ name }: Account, options: object = {}) {
  const declared = Object.entries(properties).map(([type, given]) => [
    `${name}-${type}`,
    { type: `formations:index:${type}`, properties: given, options },
  ]);
  return Object.fromEntries(declared);
}

function explicitly(owner: Account, tokens: object) {
  const provider = { type: "pulumi:providers:formations", properties: {} };
  const own = `${owner.name}Account`;
  return {
    [own]: { ...provider, properties: { ...owner.config, ...tokens } },
    ...resourcesIn(owner, { provider: reference(own) }),
  };
}

test("one stack has several accounts of all systems: the stack's own, and explicit providers", async () => {
  const own = await account("own");
  const first = await account("first");
  const second = await account("second");
  const program = () =>
    yamlProject({
      ...resourcesIn(own),
      ...explicitly(first, first.tokens()),
      ...explicitly(
        second,
        Object.fromEntries(
          Object.entries(second.tokens()).map(([key, token]) => [key, { "fn::secret": token }]),
        ),
      ),
    });
  const config: [string, ConfigValue][] = [
    ...Object.entries(own.config).map(([key, value]): [string, string] => [key, `${value}`]),
    ...Object.entries(own.tokens()).map(([key, secret]): [string, { secret: string }] => [
      key,
      { secret },
    ]),
  ];
  const workspace = await createWorkspace({
    program: "",
    files: { "Pulumi.yaml": await program() },
    package: "none",
    config: Object.fromEntries(config.map(([key, value]) => [`formations:${key}`, value])),
  });
  onTestFinished(() => workspace.dispose());
  const accounts = [own, first, second];

  expect((await workspace.up()).changes).toEqual({ create: 15 });

  for (const { name, platform, requests } of accounts) {
    const names = [...platform.citus.formations.values()].map((one) => one.name);
    expect(names).toEqual([expect.stringMatching(`^${name}-Formation-\\w{7}$`)]);
    const replicas = [...platform.crunchyBridge.clusters.values()].filter((one) => one.parent_id);
    expect(replicas).toMatchObject([{ name: expect.stringMatching(`^${name}-Replica-`) }]);
    expect(platform.akkeris.formations("shop-dev")).toHaveLength(1);
    expect([...platform.antfly.secrets.keys()]).toEqual([properties.AntflySecret.key]);
    expect(requests().filter(({ status }) => status === 401)).toEqual([]);
  }
  const kept = JSON.stringify(await workspace.exportState());
  const tokens = accounts.flatMap((one) => Object.values(one.tokens()));
  const secrets = [...tokens, properties.AntflySecret.value];
  expect(secrets.filter((text) => kept.includes(text))).toEqual([]);
  const again = await workspace.preview();
  expect(again.changes, told(again)).toEqual({ same: 15 });

  second.rotate("second");
  await workspace.writeFile("Pulumi.yaml", await program());
  const rotated = await workspace.up();
  expect(rotated.changes, told(rotated)).toEqual({ same: 15 });
  expect((await workspace.refresh()).changes).toEqual({ same: 15 });
  await workspace.destroy();
  expect(second.requests().filter(({ status }) => status === 401)).toEqual([]);
});
