import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { environmentVariable } from "../../../provider/resource/config.ts";
import { addFormation, type Fleet, smallFleet } from "../../support/fleet.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { creation, formations, stubStack } from "../command.ts";

/** A fleet that the environment configures, and a folder of one's own. */
async function world(): Promise<{ fleet: Fleet; at: (name: string) => string }> {
  const fleet = await smallFleet();
  for (const [key, value] of Object.entries(fleet.config)) {
    const plain = typeof value === "object" ? value?.secret : value;
    vi.stubEnv(environmentVariable(key), plain);
  }
  const folder = ownTemporaryFolder();
  fleet.forget();
  return { fleet, at: (name) => join(folder, name) };
}

const jsonOf = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const modeOf = (file: string) => statSync(file).mode & 0o777;

test("--import writes a file for its owner alone, and says what to do next", async () => {
  const { at } = await world();

  const { code, out, err } = await formations("discover", "--import", at("fleet.json"));

  expect(code, err).toBe(0);
  expect(jsonOf(at("fleet.json")).resources).toMatchObject([
    { type: "formations:index:Formation", name: "events", inputs: { name: "events" } },
    { type: "formations:index:Replica", name: "ordersReports" },
    { type: "formations:index:AppFormation", name: "shopDevWorker", id: "shop-dev/worker" },
    { type: "formations:index:AntflySecret", name: "openaiApiKey", id: "openai.api_key" },
  ]);
  expect(modeOf(at("fleet.json"))).toBe(0o600);
  expect(out).toContain(`pulumi import --file ${at("fleet.json")} --out ${at("fleet.program")}`);
  expect(out).toContain(
    "The server never returns value, so the imported state of each AntflySecret",
  );
  expect(out).toContain(
    "The server never returns oneoff, options, so the imported state of each Ap",
  );
  expect(out).toContain("--secret-values FILE gives the values of secrets.");
  expect(out).not.toContain("postgres://");
});

test("what Pulumi would link wrongly goes into a file of its own, and the order is said", async () => {
  const { fleet, at } = await world();
  addFormation(fleet, { name: "worker" });

  const { out } = await formations("discover", "--import", at("fleet.json"));

  expect(jsonOf(at("fleet.json")).resources).toHaveLength(4);
  expect(jsonOf(at("fleet-2.json")).resources).toMatchObject([{ logicalName: "worker" }]);
  expect(out).toContain(`${at("fleet.json")}, ${at("fleet-2.json")}: `);
  expect(out).toContain("Import the files one after the other");
});

test("the program and the adoptions agree in their names; neither the program nor the output has a secret", async () => {
  const { fleet, at } = await world();
  writeFileSync(at("values.json"), JSON.stringify({ ...fleet.secretValues, other: "x-unused" }));

  const { code, out } = await formations(
    ...["discover", "--typescript", at("fleet.ts"), "--adopt-file", at("adopt.json")],
    ...["--secret-values", at("values.json")],
  );

  expect(code).toBe(0);
  const program = readFileSync(at("fleet.ts"), "utf8");
  const { resources } = jsonOf(at("adopt.json"));
  for (const { type, name } of resources) expect(program).toContain(`new ${type}("${name}", {`);
  expect(program).toContain(`value: config.requireSecret("openaiApiKey")`);
  expect(modeOf(at("adopt.json"))).toBe(0o600);
  expect(JSON.stringify(resources)).toContain(fleet.secretValues["openai.api_key"]);
  expect(out).toContain("pulumi config set --secret openaiApiKey");
  expect(out).toContain("--secret-values has a value for other, of which no secret was found.");
  for (const text of [program, out]) expect(text).not.toMatch(/value-of-|x-unused|postgres:/);
});

const given: Record<string, string> = {
  "broken.json": '{"openai.api_key": "sk-hidden',
  "list.json": '["sk-hidden"]',
  "number.json": '{"openai.api_key": 7}',
  "empty.json": '{"openai.api_key": ""}',
  "index.ts": "// mine",
};

test.each<{ what: string; args: string[]; says: string }>([
  { what: "--read without a file", args: ["--read"], says: "name one with --import" },
  {
    what: "--read with another file",
    args: ["--read", "--adopt-file", "a.json"],
    says: "--read is about --import and --complete",
  },
  {
    what: "--provider without --import",
    args: ["--provider", "eu", "--typescript", "a.ts"],
    says: "--provider is about --import",
  },
  {
    what: "one file for two things",
    args: ["--import", "a.json", "--adopt-file", "a.json"],
    says: "Two files cannot both be",
  },
  {
    what: "a program that exists",
    args: ["--typescript", "index.ts"],
    says: "the file exists already, and may be your program",
  },
  {
    what: "values that are not there",
    args: ["--import", "a.json", "--secret-values", "missing.json"],
    says: "missing.json: the file cannot be read",
  },
  {
    what: "values that are no JSON",
    args: ["--import", "a.json", "--secret-values", "broken.json"],
    says: "broken.json: the file is not valid JSON. It has to be a JSON object",
  },
  {
    what: "values without keys",
    args: ["--import", "a.json", "--secret-values", "list.json"],
    says: "the file is not an object",
  },
  {
    what: "a value that is a number",
    args: ["--import", "a.json", "--secret-values", "number.json"],
    says: 'the value of "openai.api_key" is not a text',
  },
  {
    what: "an empty value",
    args: ["--import", "a.json", "--secret-values", "empty.json"],
    says: 'the value of "openai.api_key" is not a text that has a character',
  },
  {
    what: "a file to complete of another kind",
    args: ["--complete", "number.json"],
    says: "it is another kind of file. `pulumi preview --import-file` writes such files",
  },
  {
    what: "a file to complete that is not there",
    args: ["--complete", "missing.json"],
    says: "no such file",
  },
  {
    what: "a folder that is not there",
    args: ["--import", "no/a.json"],
    says: "a.json cannot be written: there is no folder",
  },
])("$what is refused before anything is requested", async ({ args, says }) => {
  const { fleet, at } = await world();
  for (const [name, text] of Object.entries(given)) writeFileSync(at(name), text);
  const paths = args.map((one) => (/\./.test(one) ? at(one) : one));

  const { code, err } = await formations("discover", ...paths);

  expect(code).toBe(1);
  expect(err).toContain(says);
  expect(err).not.toMatch(/hidden| {4}at /);
  expect(fleet.requests()).toBe(0);
  expect(existsSync(at("a.json"))).toBe(false);
});

test("a file that can't be written is an error in a sentence", async () => {
  const { at } = await world();
  mkdirSync(at("taken.json"));

  const { code, err } = await formations("discover", "--adopt-file", at("taken.json"));

  expect(code).toBe(1);
  expect(err).toContain("taken.json cannot be written: ");
  expect(err).not.toContain("    at ");
  const left = readdirSync(at(".")).filter((name) => name.startsWith("taken"));
  expect(left).toEqual(["taken.json"]);
});

/** A program's preview, and the file that Pulumi writes of it. */
function previewed(fleet: Fleet, creations: ReturnType<typeof creation>[]) {
  const config = Object.fromEntries(
    Object.entries(fleet.config).map(([key, value]) => [
      key,
      String(typeof value === "object" ? value?.secret : value),
    ]),
  );
  const stack = stubStack({ creations, config });
  const resources = creations.map(({ type, urn }) => ({
    ...{ type, name: urn.split("::").at(-1), id: "<PLACEHOLDER>", version: "1.2.3" },
  }));
  const file = join(stack.folder, "import.json");
  writeFileSync(file, JSON.stringify({ nameTable: {}, resources }));
  return { ...stack, file };
}

const worker = {
  app: "shop-dev",
  type: "worker",
  size: "gp1",
  quantity: 2,
  command: "node worker.js",
};

test("--complete fills in the IDs of a program, with all that was read, and keeps the rest of the file", async () => {
  const { fleet } = await world();
  const stack = previewed(fleet, [
    creation("jobs", "AppFormation", worker),
    creation("key", "AntflySecret", { key: "openai.api_key", value: "mine" }),
  ]);

  const { code, out, err } = await stack.formations("discover", "--complete", stack.file);

  expect(code, out + err).toBe(0);
  expect(out).toContain("import.json: 2 IDs are filled in.");
  expect(out).toContain(
    "jobs (AppFormation): the next `pulumi up` changes it, since quantity is 1, not 2.",
  );
  expect(out).toContain("--generate-code=false");
  expect(jsonOf(stack.file)).toMatchObject({
    nameTable: {},
    resources: [
      {
        ...{ name: "jobs", id: "shop-dev/worker", version: "1.2.3" },
        inputs: { quantity: 1 },
        outputs: { app: "shop-dev", serverSize: "gp1" },
      },
      { name: "key", id: "openai.api_key", outputs: { status: "configured_file" } },
    ],
  });
  expect(modeOf(stack.file)).toBe(0o600);
});

test("--complete leaves what is not certain, says what comes near, and ends with 2", async () => {
  const { fleet } = await world();
  const stack = previewed(fleet, [
    creation("jobs", "AppFormation", worker),
    creation("again", "AppFormation", worker),
    creation("none", "AppFormation", { ...worker, type: "cron" }),
  ]);

  const { code, out } = await stack.formations("discover", "--complete", stack.file);

  expect(code).toBe(2);
  expect(out).toContain("import.json: 0 IDs are filled in.");
  expect(out).toContain("shop-dev/worker fits jobs (AppFormation) and again (AppFormation)");
  expect(out).toContain("none (AppFormation): nothing that exists has its name or place.");
  expect(JSON.stringify(jsonOf(stack.file))).not.toContain("shop-dev/");
  expect(readdirSync(stack.folder)).toEqual(["import.json"]);
});
