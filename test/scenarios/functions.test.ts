import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args, programOf } from "./formation-support.ts";
import { told } from "./support.ts";

test("a program reads formations with functions, plain and of outputs; what holds a secret is one", async () => {
  const { citus, workspace, declare, sent } = await programOf("", { form: "checked" });
  const { id, database_url } = citus.addFormation({ name: "theirs" });
  citus.addFormation({ name: "theirs", region: "eu-west-1" });
  citus.addFormation({ name: "other" });
  await declare(`
    export = async () => {
      const { formations } = await getFormations({ name: "theirs", region: "us-east-1" });
      const one = await getFormation({ id: formations[0]?.id ?? "none" });
      const count: number = one.workerCount;
      const later = getFormationOutput({ id: pulumi.output("${id}") });
      const inEurope = getFormationsOutput({ region: pulumi.output("eu-west-1") });
      return {
        formations,
        count,
        all: (await getFormations()).formations.length,
        url: later.databaseUrl,
        inEurope: inEurope.formations[0].name,
      };
    };`);

  const { outputs } = await workspace.up();

  expect(outputs).toEqual({
    formations: [
      { id, name: "theirs", region: "us-east-1", createdAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ],
    count: 2,
    all: 3,
    url: "[secret]",
    inEurope: "theirs",
  });
  expect(sent().toSorted()).toEqual([
    ...["GET /formations/", "GET /formations/", "GET /formations/"],
    ...[`GET /formations/${id}`, `GET /formations/${id}`],
  ]);
  const { stdout } = await workspace.pulumi(["stack", "output", "url", "--show-secrets"]);
  expect(stdout.trim()).toBe(database_url);
});

test("a function of a resource that is still to be created asks nothing in a preview", async () => {
  const { citus, workspace, sent } = await programOf(`
    const it = new Formation("it", ${JSON.stringify(args)});
    export const state = getFormationOutput({ id: it.id }).state;`);

  await workspace.preview();
  expect(sent()).toEqual([]);

  await workspace.up();
  const state = resourceNamed(await workspace.exportState({ showSecrets: true }), "scenario-test");
  expect(JSON.stringify(state.outputs?.state)).toContain("steady");
  expect(citus.count("POST")).toBe(1);
});

test("a formation that the program only reads is not the program's to destroy", async () => {
  const { citus, workspace, declare, sent } = await programOf("", { form: "checked" });
  const { id } = citus.addFormation({ name: "theirs", tune_attributes: { worker_count: 3 } });
  await declare(`
    export const theirs = Formation.get("theirs", "${id}");
    export const count: pulumi.Output<number> = theirs.workerCount;`);

  const { changes, outputs } = await workspace.up();
  expect(changes).toEqual({ read: 1 });
  expect(outputs).toMatchObject({ count: 3, theirs: { id, databaseUrl: "[secret]" } });
  expect(sent()).toEqual([`GET /formations/${id}`]);

  citus.resize(id, { worker_count: 5 });
  expect((await workspace.up()).outputs.count).toBe(5);
  await workspace.destroy();
  expect(citus.count("DELETE")).toBe(0);
});

test("what is unknown to the server is an error, of a function and of a get", async () => {
  const { workspace } = await programOf(`
    Formation.get("theirs", "none");
    export const it = getFormation({ id: "other" });`);

  const failed = told(await workspace.preview({ expectFailure: true }));

  expect(failed).toContain("Citus Cloud has no formation other");
  expect(failed).toContain("Formation none does not exist");
});

test("a function without a token names the key and the environment variable", async () => {
  const statements = `export = async () => getFormations();`;
  const { workspace, sent } = await programOf(statements, { config: { citusToken: null } });

  const failed = await workspace.preview({ expectFailure: true });

  expect(told(failed)).toContain("the API token is missing");
  expect(told(failed)).toContain("formations:citusToken");
  expect(told(failed)).toContain("FORMATIONS_CITUS_TOKEN");
  expect(sent()).toEqual([]);
});

test("wrong arguments of a function are all named", async () => {
  const { workspace, sent } = await programOf(`
    export = async () => getFormations({ name: 1, region: 2, colour: "red" });`);

  const failed = await workspace.preview({ expectFailure: true });

  expect(told(failed)).toContain("name is 1; it must be of type string");
  expect(told(failed)).toContain("region is 2; it must be of type string");
  expect(told(failed)).toContain("colour is not an argument");
  expect(sent()).toEqual([]);
});
