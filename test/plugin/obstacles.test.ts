import { describe, expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { type Plugin, startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { secret, unknown } from "./wire.ts";

const web = { app: "shop-dev", type: "web", size: "gp1", quantity: 1 };

const formation = {
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  workerTune: "r5.large",
  workerCount: 4,
  workerDiskSize: 512,
};

const replica = { clusterId: "rvf73a77ozfsvcttryebfrnlem", name: "reports" };
const uuid = "d6bbfd83-ff7b-45ca-b13c-81ceb35456ae";

async function pluginWith(config: Values, env: Record<string, string> = {}): Promise<Plugin> {
  const plugin = await startPlugin(env);
  await plugin.configure(config);
  return plugin;
}

/** The failures of a resource that is to be created. */
async function failuresOf(plugin: Plugin, type: string, inputs: Values, name = "it") {
  return (await new Resource(plugin, type, name).check(inputs)).failures.map((one) => one.trim());
}

describe("a missing credential", () => {
  test("is a warning at the first resource that needs it, once per system, and no failure", async () => {
    const plugin = await pluginWith({});

    expect(await failuresOf(plugin, "Formation", formation, "a")).toEqual([]);
    expect(await failuresOf(plugin, "Formation", formation, "b")).toEqual([]);
    expect(await failuresOf(plugin, "AppFormation", web)).toEqual([]);

    expect(plugin.said()).toEqual([
      "warning: Citus Cloud: no API token is set; `pulumi up` will fail. Set it with `pulumi config set --secret formations:citusToken` or in the environment variable FORMATIONS_CITUS_TOKEN.",
      expect.stringContaining("Akkeris: no token is set; `pulumi up` will fail."),
    ]);
    expect(plugin.logs[0]?.urn).toBe(new Resource(plugin, "Formation", "a").urn);
  });

  test.each<[string, Values, Record<string, string>]>([
    ["is set", { akkerisToken: secret("t") }, {}],
    ["is in the environment", {}, { FORMATIONS_AKKERIS_TOKEN: "t" }],
    ["is an output that is not known yet", { akkerisToken: secret(unknown) }, {}],
  ])("is not spoken of where it %s", async (_, config, env) => {
    const plugin = await pluginWith(config, env);
    expect(await failuresOf(plugin, "AppFormation", web)).toEqual([]);
    expect(plugin.said()).toEqual([]);
  });

  test("is not spoken of before the configuration is known", async () => {
    const plugin = await startPlugin();
    expect(await failuresOf(plugin, "AppFormation", web)).toEqual([]);
    expect(plugin.said()).toEqual([]);
  });

  test("is spoken of for a change, and not where nothing changes", async () => {
    const plugin = await pluginWith({});
    const resource = new Resource(plugin, "AppFormation");
    const held = { id: "shop-dev/web", inputs: web, state: { ...web, serverSize: "gp1" } };
    const { inputs } = await resource.check(web, web);
    await resource.diff(held, inputs);
    expect(plugin.said()).toEqual([]);

    await resource.diff(held, { ...web, quantity: 2 });
    expect(plugin.said()).toEqual([expect.stringContaining("Akkeris: no token is set")]);
  });

  test("does not matter to a change that stays in the stack, as a schedule's does", async () => {
    const plugin = await pluginWith({});
    const resource = new Resource(plugin, "AntflyBackupSchedule");
    const inputs = { schedule: "0 3 * * *", location: "s3://b/p", backupIdPrefix: "nightly" };
    const held = { id: "nightly", inputs, state: inputs };
    await resource.diff(held, { ...inputs, schedule: "0 4 * * *" });
    expect(plugin.said()).toEqual([]);
    await resource.check(inputs);
    expect(plugin.said()).toEqual([
      expect.stringContaining("Antfly: no URL is set; `pulumi up` will fail. Set it with"),
    ]);
  });

  test("of which a malformed one is as good", async () => {
    const plugin = await pluginWith({ akkerisToken: secret("one\ntwo") });
    expect(await failuresOf(plugin, "AppFormation", web)).toEqual([]);
    expect(plugin.said()).toEqual([
      "warning: Akkeris: formations:akkerisToken contains a line break or another control character. A credential is one line: set it again. `pulumi up` will fail.",
    ]);
  });
});

describe("an address that can't be used fails the check", () => {
  test("of the first resource that needs it, by the name of the variable that has it", async () => {
    const plugin = await pluginWith(
      { citusToken: secret("t") },
      { FORMATIONS_CITUS_URL: "http://citus.example.com/api/v1" },
    );
    expect(await failuresOf(plugin, "Formation", formation, "a")).toEqual([
      'Citus Cloud: FORMATIONS_CITUS_URL is "http://citus.example.com/api/v1": over plain HTTP, anyone on the network could read the credential. Use https://, or set formations:allowHttp to true inside a private network.',
    ]);
    expect(await failuresOf(plugin, "Formation", formation, "b")).toEqual([]);
  });

  test("but not of a server inside a private network", async () => {
    const config = { citusToken: secret("t"), citusUrl: "http://10.0.0.1/api/v1", allowHttp: true };
    const plugin = await pluginWith(config);
    expect(await failuresOf(plugin, "Formation", formation)).toEqual([]);
    expect(plugin.said()).toEqual([]);
  });

  test("of a resource that names its own server", async () => {
    const plugin = await pluginWith({});
    const named = { key: "k", value: "v-v-v-v", url: "http://antfly.example.com" };
    expect(await failuresOf(plugin, "AntflySecret", named)).toEqual([
      expect.stringMatching(/^Antfly: url is "http:.*over plain HTTP/),
    ]);
    expect(await failuresOf(plugin, "AntflySecret", { ...named, url: unknown })).toEqual([]);
  });

  test("and of an address without the usual path warns", async () => {
    const plugin = await pluginWith({ citusToken: "t", citusUrl: "https://citus.example.com" });
    expect(await failuresOf(plugin, "Formation", formation)).toEqual([]);
    expect(plugin.said()).toEqual([
      'warning: Citus Cloud: formations:citusUrl is "https://citus.example.com", which has no path. The API is usually at https://citus.example.com/api/v1.',
    ]);
  });
});

describe("two resources of one place", () => {
  test.each<[string, Values, Values, string]>([
    ["AppFormation", web, { ...web, quantity: 2 }, "one already manages shop-dev/web;"],
    [
      "Formation",
      { ...formation, name: "events" },
      { ...formation, name: "events", workerCount: 2 },
      'one already manages formation "events" in us-east-1;',
    ],
    [
      "Replica",
      replica,
      { ...replica, planId: "standard-8" },
      'one already manages replica "reports" of cluster rvf73a77ozfsvcttryebfrnlem;',
    ],
    [
      "AntflySecret",
      { key: "k", value: "v-v-v-v" },
      { key: "k", value: "w-w-w-w" },
      'one already manages secret "k";',
    ],
  ])("fail the check of the second %s", async (type, inputs, others, words) => {
    const plugin = await startPlugin();
    expect(await failuresOf(plugin, type, inputs, "one")).toEqual([]);
    const [failure = "", ...rest] = await failuresOf(plugin, type, others, "two");
    expect(failure.replace(" in this program", "")).toContain(words);
    expect(failure).toMatch(/Remove one of the two\.$/);
    expect(rest).toEqual([]);
    // A replacement is checked twice.
    expect(await failuresOf(plugin, type, inputs, "one")).toEqual([]);
  });

  test("is told in one sentence, with the rule", async () => {
    const plugin = await startPlugin();
    await failuresOf(plugin, "AppFormation", web, "web2");
    expect(await failuresOf(plugin, "AppFormation", web, "web")).toEqual([
      "web2 in this program already manages shop-dev/web; an app has one formation of each type. Remove one of the two.",
    ]);
  });

  test.each<[string, string, Values, Values]>([
    ["another app", "AppFormation", web, { ...web, app: "shop-production" }],
    ["an app that is not known yet", "AppFormation", { ...web, app: unknown }, web],
    [
      "apps that are not known yet",
      "AppFormation",
      { ...web, app: unknown },
      { ...web, app: unknown },
    ],
    [
      "a name that both may have",
      "Formation",
      { ...formation, name: "events" },
      { ...formation, name: "events", allowDuplicateName: true },
    ],
    ["names that the provider makes", "Formation", formation, { ...formation, name: undefined }],
    ["another cluster", "Replica", replica, { ...replica, clusterId: uuid }],
    [
      "clusters that are not known yet",
      "Replica",
      { ...replica, clusterId: unknown },
      { ...replica, clusterId: unknown },
    ],
  ])("is no conflict with %s", async (_, type, inputs, others) => {
    const plugin = await startPlugin();
    expect(await failuresOf(plugin, type, inputs, "one")).toEqual([]);
    expect(await failuresOf(plugin, type, others, "two")).toEqual([]);
  });

  test("are kept where both exist, since nothing would fail", async () => {
    const plugin = await startPlugin();
    for (const name of ["one", "two"]) {
      const resource = new Resource(plugin, "AppFormation", name);
      expect((await resource.check(web, web)).failures).toEqual([]);
    }
    expect(await failuresOf(plugin, "AppFormation", web, "three")).toHaveLength(1);
  });

  test("is free again once one is deleted", async () => {
    const akkeris = await running(new AkkerisSimulator());
    akkeris.addApp("shop-dev");
    const plugin = await pluginWith({ akkerisUrl: akkeris.url, akkerisToken: akkeris.token });
    const one = new Resource(plugin, "AppFormation", "one");
    await one.delete(await one.create(web));
    expect(await failuresOf(plugin, "AppFormation", web, "two")).toEqual([]);
  });

  test("shows no value that the program made a secret", async () => {
    const plugin = await startPlugin();
    const hidden = { ...web, app: secret("hush-app") };
    await failuresOf(plugin, "AppFormation", hidden, "one");
    const [failure] = await failuresOf(plugin, "AppFormation", hidden, "two");
    expect(failure).toContain("one in this program already manages what this one asks for");
    expect(failure).not.toContain("hush-app");
  });
});
