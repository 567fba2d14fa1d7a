import { expect, test } from "vitest";
import { resources } from "../../../provider/index.ts";
import { alreadyExists } from "../../../provider/resource/adoption.ts";
import * as lifecycle from "../../../provider/resource/lifecycle.ts";
import { createSession } from "../../../provider/resource/session.ts";
import type { Values } from "../../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import { running } from "../../simulators/kit/testing.ts";
import { creation, type Host, providerState, stubStack } from "../command.ts";

const app = "foo-default";

/** All systems, and what of each resource a program asks for. */
async function world() {
  const unhurried = { speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY };
  const citus = await running(new CitusSimulator(unhurried));
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000 }));
  const primary = bridge.addCluster({ name: "orders" });
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp(app);
  const antfly = await running(new AntflySimulator());
  const config = {
    citusUrl: citus.url,
    citusToken: citus.token,
    citusRequestsPerMinute: "6000",
    crunchyBridgeUrl: bridge.url,
    crunchyBridgeApiKey: bridge.token,
    akkerisUrl: akkeris.url,
    akkerisToken: akkeris.token,
    antflyUrl: antfly.url,
    antflyApiKey: antfly.token,
  };
  const inputs: Record<string, Values> = {
    Formation: {
      ...{ name: "data", region: "us-east-1", coordinatorTune: "r5.large" },
      ...{ coordinatorDiskSize: 512, workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
    },
    Replica: { clusterId: primary.id, name: "reports" },
    AppFormation: { app, type: "job", size: "gp1", quantity: 1, command: "run job" },
    AntflySecret: { key: "openai.key", value: "sk-d41c" },
  };
  return { akkeris, bridge, primary, config, inputs };
}

type World = Awaited<ReturnType<typeof world>>;

/** Creates what another run has created, and answers why it was refused. */
async function refusal({ config, inputs }: World, name: string, urn?: string): Promise<string> {
  const definition = resources.find((one) => one.name === name);
  if (!definition) throw new Error(`there is no ${name}`);
  const { signal } = new AbortController();
  const call = { urn, signal, progress: () => {}, onWait: () => {}, warn: () => {} };
  const create = () => {
    const session = createSession(
      (key) => Object.entries(config).find(([one]) => one === key)?.[1],
    );
    return lifecycle.create(definition, session, inputs[name] ?? {}, call);
  };
  await create();
  return await create().then(
    () => "a second one was created",
    (error: Error) => error.message,
  );
}

/** The arguments of the command in a message, as a shell splits them. */
function pasted(message: string, name: string): string[] {
  const [, line = ""] = /`npx -p pulumi-formations formations (.*?)`/.exec(message) ?? [];
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  return words.map((word = "") => word.replace(/^NAME=/, `${name}=`));
}

test.each(
  ["Formation", "Replica", "AppFormation", "AntflySecret"].flatMap((name) =>
    (["plugin", "dynamic"] as const).map((host: Host) => ({ name, host })),
  ),
)(
  "$host: the line of a $name whose place is taken adopts what is there",
  async ({ name, host }) => {
    const all = await world();
    const wanted = creation("it", name, all.inputs[name] ?? {}, host);
    const stack = stubStack({
      resources: [providerState(host)],
      creations: [wanted],
      config: all.config,
    });
    const message = await refusal(all, name, host === "plugin" ? wanted.urn : undefined);

    const { code, out, err } = await stack.formations(...pasted(message, "it"));

    expect(code, message + out + err).toBe(0);
    expect(out).toContain("you named it");
    const held = stack.imported()?.deployment.resources.find(({ urn }) => urn === wanted.urn);
    expect(message).toMatch(new RegExp(`--adopt '?\\S+=${held?.id}'?\``));
  },
);

test("a name with a quote is in the line as a shell takes it", () => {
  const urn = "urn:pulumi:test::scenario::formations:index:Formation::bob's";
  const { message } = alreadyExists({ what: "formation", id: "f1", urn, otherwise: "rename it" });
  expect(message).toContain(`--adopt '${urn.replace("'", "'\\''")}=f1'`);
});

const urnOf = (name: string, definition: string) => creation(name, definition, {}).urn;

test.each([
  {
    what: "a name of nothing",
    adopt: ["nothing=x"],
    says: "nothing is not a pending creation",
  },
  {
    what: "a name of several",
    adopt: [`it=${app}/job`],
    says: `it matches several resources. Use the URN:\n  ${urnOf("it", "AppFormation")}\n  ${urnOf("it", "Replica")}`,
  },
  {
    what: "two IDs of one resource",
    adopt: [`job=${app}/job`, `${urnOf("job", "AppFormation")}=${app}/web`],
    says: `cannot be both ${app}/job and ${app}/web`,
  },
  {
    what: "one ID of two resources",
    adopt: [`job=${app}/job`, `${urnOf("it", "AppFormation")}=${app}/job`],
    says: "two resources cannot share it",
  },
  {
    what: "a URN of another stack",
    adopt: [`${urnOf("job", "AppFormation").replace("test", "dev")}=${app}/job`],
    says: "belongs to another stack. This is stack test of project scenario",
  },
  {
    what: "an ID of another place than the program's",
    adopt: [`job=${app}/other`],
    says: `According to the program, job is ${app}/job, not ${app}/other`,
  },
  {
    what: "an ID of nothing",
    adopt: ["copy=rvf73a77ozfsvcttryebfrnlem"],
    says: "has no Replica rvf",
  },
  { what: "a text that is not an ID", adopt: ["copy=foo/bar"], says: '"foo/bar" is not a valid ' },
  {
    what: "a primary for a replica",
    adopt: ["copy=PRIMARY"],
    says: "is not a replica but a primary",
  },
  {
    what: "what the state has already",
    adopt: ["copy=HELD"],
    says: "is already in the state, as mine",
  },
])("--adopt refuses $what, and changes nothing", async ({ adopt, says }) => {
  const { akkeris, bridge, primary, config, inputs } = await world();
  akkeris.addFormation(app, { type: "job", command: "run job" });
  akkeris.addFormation(app, { type: "other" });
  const held = bridge.addCluster({ name: "mine", parent_id: primary.id });
  const stack = stubStack({
    resources: [
      providerState(),
      { ...creation("mine", "Replica", {}), id: held.id, outputs: { clusterId: primary.id } },
    ],
    creations: [
      creation("it", "AppFormation", { ...inputs.AppFormation }),
      creation("it", "Replica", { clusterId: primary.id, name: "other" }),
      creation("job", "AppFormation", { ...inputs.AppFormation }),
      creation("copy", "Replica", { ...inputs.Replica }),
    ],
    config,
  });
  const ids = { PRIMARY: primary.id, HELD: held.id };
  const args = adopt.map((one) => one.replace(/PRIMARY|HELD/, (id) => ids[id as keyof typeof ids]));

  const { code, err } = await stack.formations(
    ...["recover", "--yes"],
    ...args.flatMap((one) => ["--adopt", one]),
  );

  expect(code).toBe(1);
  expect(err).toContain(says);
  expect(err).not.toContain("    at ");
  expect(stack.imported()).toBeUndefined();
});

test("an ID that the state has for that resource already is no failure", async () => {
  const { akkeris, config, inputs } = await world();
  akkeris.addFormation(app, { type: "job", command: "run job" });
  const job = { ...creation("job", "AppFormation", inputs.AppFormation ?? {}), id: `${app}/job` };
  const stack = stubStack({ resources: [providerState(), job], config });

  const { code, out } = await stack.formations("recover", "--adopt", `job=${app}/job`);

  expect(code).toBe(0);
  expect(out).toContain(`job is already in the state, with ID ${app}/job`);
});

test("of two that ask for the same place, one takes it and the other is left", async () => {
  const { akkeris, config, inputs } = await world();
  akkeris.addFormation(app, { type: "job", command: "run job" });
  const stack = stubStack({
    resources: [providerState()],
    creations: ["job", "again"].map((name) =>
      creation(name, "AppFormation", inputs.AppFormation ?? {}),
    ),
    config,
  });

  const { code, out } = await stack.formations("recover");

  expect(code).toBe(2);
  expect(out).toContain(`job (AppFormation): adopt ${app}/job`);
  expect(out).toContain(`again (AppFormation): left unchanged: ${app}/job is adopted by job`);
});
