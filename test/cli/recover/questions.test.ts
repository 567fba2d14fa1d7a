import { expect, test } from "vitest";
import type { Values } from "../../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { creation, providerState, type StackContent, stubStack } from "../command.ts";

const app = "foo-default";
const asked = (type: string): Values => ({
  ...{ app, type, size: "gp1", quantity: 1, command: "run" },
});
const types = (count: number) => Array.from({ length: count }, (_, at) => `w${at + 1}`);

/** A new stack, whose program declares formations that an Akkeris has. */
async function existing(names: string[], content: Partial<StackContent> = {}) {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp(app);
  for (const type of names) akkeris.addFormation(app, { type, command: "run" });
  const stack = stubStack({
    creations: names.map((type) => creation(type, "AppFormation", asked(type))),
    config: { akkerisUrl: akkeris.url, akkerisToken: akkeris.token },
    ...content,
  });
  return { akkeris, ...stack };
}

/** The arguments of the only command in a text, as a shell splits them. */
function commandIn(out: string): string[] {
  const commands = [...out.matchAll(/^ {2}npx -p pulumi-formations formations ((?:.*\\\n)*.*)$/gm)];
  expect(commands, out).toHaveLength(1);
  const line = commands[0]?.[1]?.replaceAll("\\\n", " ") ?? "";
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

test.each([1, 2, 5, 6, 40])(
  "%d questions end in one command, which answers all of them",
  async (count) => {
    const stack = await existing(types(count));

    const shown = await stack.formations("recover", "--stack", "test");
    const args = commandIn(shown.out);
    const done = await stack.formations(...args);

    expect(shown.code).toBe(2);
    expect(shown.out).not.toContain("needs no change");
    expect(shown.out).toContain("Nothing was changed.");
    expect(args.join(" ").length).toBeLessThan(400);
    expect(args).toEqual(expect.arrayContaining(["--yes", "--stack", "test"]));
    expect(done.code, done.out + done.err).toBe(0);
    const held = stack.imported()?.deployment.resources ?? [];
    const ids = held.flatMap(({ id }) => (id?.startsWith(app) ? id : []));
    expect(new Set(ids)).toEqual(new Set(types(count).map((type) => `${app}/${type}`)));
    const providers = held.filter(({ type }) => type.startsWith("pulumi:providers:"));
    const references = new Set(held.flatMap(({ provider }) => provider ?? []));
    expect([...references]).toEqual(providers.map(({ urn, id }) => `${urn}::${id}`));
  },
);

test("a name that two resources have is answered by URN", async () => {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp(app);
  const antfly = await running(new AntflySimulator());
  antfly.secrets.set("k", { value: "v", createdAt: 1, updatedAt: 1 });
  akkeris.addFormation(app, { type: "it", command: "run" });
  const creations = [
    creation("it", "AppFormation", asked("it")),
    creation("it", "AntflySecret", { key: "k", value: "v" }),
  ];
  const stack = stubStack({
    creations,
    config: {
      ...{ akkerisUrl: akkeris.url, akkerisToken: akkeris.token },
      ...{ antflyUrl: antfly.url, antflyApiKey: antfly.token },
    },
  });

  const args = commandIn((await stack.formations("recover")).out);

  expect(args).toContain(`${creations[0]?.urn}=${app}/it`);
  expect((await stack.formations(...args)).code).toBe(0);
});

test("--adopt-matching takes what equals the program, and neither what differs nor what can't be compared", async () => {
  const { akkeris, formations, imported } = await existing(["same"], {
    creations: [
      creation("same", "AppFormation", asked("same")),
      creation("larger", "AppFormation", asked("larger")),
      creation("once", "AppFormation", { ...asked("once"), oneoff: true }),
    ],
  });
  akkeris.addFormation(app, { type: "larger", command: "run", quantity: 9 });
  akkeris.addFormation(app, { type: "once", command: "run" });

  const { code, out } = await formations("recover", "--yes", "--adopt-matching");

  expect(code).toBe(2);
  expect(out).toContain("same (AppFormation): adopt");
  expect(out).toContain("larger (AppFormation): is it this? it differs from the program");
  expect(out).toContain("once (AppFormation): is it this?");
  expect(out).toContain("The state was updated");
  expect(out).not.toContain("Next, run `pulumi up`");
  expect(commandIn(out).filter((one) => one.includes("="))).toEqual([
    `larger=${app}/larger`,
    `once=${app}/once`,
  ]);
  const ids = imported()?.deployment.resources.map(({ id }) => id);
  expect(ids).toContain(`${app}/same`);
  expect(ids).not.toContain(`${app}/larger`);
});

test("where several fit, the command has a place for the right ID", async () => {
  const citus = await running(new CitusSimulator({ requestsPerMinute: Number.POSITIVE_INFINITY }));
  const ids = [1, 2].map(() => citus.addFormation({ name: "data" }).id);
  const inputs = { name: "data", region: "us-east-1", workerCount: 2 };
  const config = { citusUrl: citus.url, citusToken: citus.token, citusRequestsPerMinute: "6000" };
  const stack = stubStack({ creations: [creation("data", "Formation", inputs)], config });

  const { out } = await stack.formations("recover");

  expect(out).toContain("data (Formation): which of these is it? 2 resources match.");
  for (const id of ids) expect(out).toContain(`\n  ${id}, created `);
  expect(out).toContain("put the right ID in place of each ID");
  expect(commandIn(out)).toContain("data=ID");
});

test("answers that were given are repeated as long as the state does not have them", async () => {
  const stack = await existing(["a", "b"]);

  const args = ["recover", "--adopt", `a=${app}/a`];
  const shown = commandIn((await stack.formations(...args)).out);
  const done = commandIn((await stack.formations(...args, "--yes")).out);

  expect(shown).toEqual(expect.arrayContaining([`a=${app}/a`, `b=${app}/b`]));
  expect(done).toContain(`b=${app}/b`);
  expect(done).not.toContain(`a=${app}/a`);
});

test("what the state lacks of parents and dependencies is left out of what is adopted", async () => {
  const base = [creation("web", "AppFormation", asked("none"))];
  const [web = expect.fail()] = base;
  const child = {
    ...creation("w1", "AppFormation", asked("w1")),
    ...{ parent: web.urn, dependencies: [web.urn], deletedWith: web.urn },
    propertyDependencies: { app: [web.urn] },
  };
  const { formations, imported } = await existing(["w1"], { creations: [web, child] });

  expect((await formations("recover", "--yes", "--adopt", `w1=${app}/w1`)).code).toBe(0);

  const held = imported()?.deployment.resources.find(({ id }) => id === `${app}/w1`);
  expect(held).toMatchObject({ dependencies: [], propertyDependencies: { app: [] } });
  expect(held).not.toHaveProperty("parent");
  expect(held).not.toHaveProperty("deletedWith");
});

test("parents that are adopted too come first, and components are added", async () => {
  const site = {
    urn: "urn:pulumi:test::scenario::acme:Site::site",
    type: "acme:Site",
    custom: false,
  };
  const [w1, w2] = ["w1", "w2"].map((type) => creation(type, "AppFormation", asked(type)));
  if (!w1 || !w2) throw new Error("there are not two");
  const { formations, imported } = await existing(["w1", "w2"], {
    creations: [site, { ...w1, parent: site.urn }, { ...w2, parent: w1.urn }],
  });

  const done = await formations("recover", "--yes", "--adopt-matching");

  expect(done.code, done.out + done.err).toBe(0);
  const held = imported()?.deployment.resources ?? [];
  expect(held.map(({ urn }) => urn).filter((urn) => !urn.includes("providers"))).toEqual([
    ...[site.urn, w1.urn, w2.urn],
  ]);
  expect(held.filter((one) => one.delete)).toEqual([]);
  expect(held.map(({ parent }) => parent)).toContain(w1.urn);
});

test("of a provider that is there, each takes its ID", async () => {
  const provider = providerState("plugin", "2020-01-01T00:00:00Z");
  const elsewhere = `${provider.urn}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;
  const { formations, imported } = await existing(["w1", "w2"], {
    resources: [provider],
    creations: ["w1", "w2"].map((type) => ({
      ...creation(type, "AppFormation", asked(type)),
      provider: elsewhere,
    })),
  });

  expect((await formations("recover", "--yes")).code).toBe(0);

  const served = imported()?.deployment.resources.flatMap(({ provider: by }) => by ?? []);
  expect(served).toEqual([1, 2].map(() => `${provider.urn}::${provider.id}`));
});
