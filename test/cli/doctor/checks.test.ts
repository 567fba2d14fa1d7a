import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { packageNames, publication } from "../../../provider/schema/publication.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { place } from "../backups/world.ts";
import { creation, formations, providerState } from "../command.ts";
import { firstLine, world, yaml } from "./in-process.ts";

const sdk = packageNames(publication).go.replace(/\/\w+$/, "");
const go = {
  "Pulumi.yaml": "name: scenario\nruntime: go\n",
  "main.go": `package main\n\nimport "${sdk}/formations"\n`,
};
const python = {
  "Pulumi.yaml": "name: scenario\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n",
  "__main__.py": "import pulumi\nfrom pulumi_formations import Formation\n",
  "venv/lib/python3.12/site-packages/pulumi/__init__.py": "",
};
const node = (dependencies: object, modules: Record<string, string>) => ({
  "Pulumi.yaml": "name: scenario\nruntime: nodejs\n",
  "package.json": JSON.stringify({ dependencies }),
  ...Object.fromEntries(
    Object.entries(modules).map(([path, version]) => [
      `node_modules/${path}/package.json`,
      JSON.stringify({ version }),
    ]),
  ),
});
const goCure = `Run \`go mod edit -replace ${sdk}=FOLDER\` with the folder of the Go SDK, then \`go mod tidy\`.`;
const install =
  "Install it from its archive with `pulumi plugin install resource formations VERSION --file ARCHIVE`, or name a clone under `plugins` in Pulumi.yaml.";

test.each<[string, Record<string, string>, string]>([
  [
    "a Go SDK that go.mod does not link",
    { ...go, "go.mod": "module shop\n" },
    `Problem: The program imports ${sdk}, to which go.mod has no link. ${goCure}`,
  ],
  [
    "a Go SDK whose folder is missing",
    { ...go, "go.mod": `module shop\nreplace ${sdk} => ../gone\n` },
    `Problem: go.mod replaces ${sdk} by ../gone, which is missing. ${goCure}`,
  ],
  [
    "a Python SDK that is not installed",
    python,
    "Problem: The program imports pulumi_formations, which ./venv does not have. Install it there: `pip install pulumi-formations`, or the SDK's folder or wheel.",
  ],
  [
    "a plugin's folder that is missing",
    {
      "Pulumi.yaml":
        "name: a\nruntime: yaml\nplugins:\n  providers:\n    - name: formations\n      path: ./gone\n",
    },
    "Problem: Pulumi.yaml names ./gone as the plugin's folder, and nothing is there. Correct `path` under `plugins` in Pulumi.yaml.",
  ],
  [
    "a plugin's folder that is not built",
    {
      "Pulumi.yaml":
        "name: a\nruntime: yaml\nplugins:\n  providers:\n    - path: clone\n      name: formations\n",
      "clone/package.json": "{}",
    },
    "Problem: Pulumi.yaml names ./clone as the plugin's folder, and the plugin there is not built. Run `npm ci` in ./clone.",
  ],
  [
    "a plugin's folder that is missing, in a project's file that is JSON",
    {
      "Pulumi.yaml": JSON.stringify({
        ...{ name: "a", runtime: { name: "yaml" } },
        plugins: { providers: [{ name: "formations", path: "gone" }] },
      }),
    },
    "Problem: Pulumi.yaml names ./gone as the plugin's folder, and nothing is there. Correct `path` under `plugins` in Pulumi.yaml.",
  ],
  [
    "npm packages that are not installed",
    node({ "pulumi-formations": "1" }, {}),
    "Problem: package.json names pulumi-formations, which node_modules does not have. Run `npm install` in ..",
  ],
  [
    "an @pulumi/pulumi that is too old for the classes",
    node(
      { "pulumi-formations": "1" },
      { "pulumi-formations": "1.0.0", "@pulumi/pulumi": "3.90.1" },
    ),
    "Problem: @pulumi/pulumi is 3.90.1 (./node_modules/@pulumi/pulumi); the TypeScript classes need 3.150 or newer. Run `npm install @pulumi/pulumi@latest` in ..",
  ],
])("%s", async (_what, files, expected) => {
  const { code, first } = await firstLine(await world({}, files));

  expect(first).toBe(expected);
  expect(code).toBe(2);
});

test("a plugin that is not installed", async () => {
  const sdk = "venv/lib/python3.12/site-packages/pulumi_formations/__init__.py";
  const given = await world({}, { ...python, [sdk]: "" }, { PULUMI_HOME: ownTemporaryFolder() });

  expect((await firstLine(given)).first).toBe(
    `Problem: The plugin formations is not installed. ${install}`,
  );
});

test("a plugin of another version than the Python SDK", async () => {
  const site = "venv/lib/python3.12/site-packages/pulumi_formations";
  const files = {
    ...python,
    [`${site}/__init__.py`]: "",
    [`${site}-2.0.0.dist-info/METADATA`]: "",
  };

  expect((await firstLine(await world({}, files))).first).toBe(
    "Problem: The SDK asks for version 2.0.0 of the plugin; installed: 0.1.0. Install the plugin and the SDK in the same version.",
  );
});

test("two copies in pnpm's layout, where a package has its own beside it", async () => {
  const store = "node_modules/.pnpm";
  const files = {
    "Pulumi.yaml": "name: scenario\nruntime: nodejs\n",
    "package.json": JSON.stringify({ dependencies: { "pulumi-formations": "2" } }),
    "pnpm-lock.yaml": "",
    [`${store}/own/node_modules/pulumi-formations/package.json`]: '{"version":"2.0.0"}',
    [`${store}/platform/node_modules/platform/package.json`]: '{"version":"1.0.0"}',
    [`${store}/platform/node_modules/pulumi-formations/package.json`]: '{"version":"1.0.0"}',
  };
  const given = await world({}, files);
  const link = (name: string, target: string) =>
    symlinkSync(
      join(".pnpm", target, "node_modules", name),
      join(given.folder, "node_modules", name),
    );
  link("pulumi-formations", "own");
  link("platform", "platform");

  expect((await firstLine(given)).first).toBe(
    `Problem: The project has 2 copies of pulumi-formations: 2.0.0 (./${store}/own/node_modules/pulumi-formations), 1.0.0 (./${store}/platform/node_modules/pulumi-formations). Keep one: ask for the same version everywhere, and run \`pnpm dedupe\`.`,
  );
});

test("a plugin of another version than the SDK", async () => {
  const files = node({ "pulumi-formations-sdk": "2" }, { "pulumi-formations-sdk": "2.0.0" });

  expect((await firstLine(await world({}, files))).first).toBe(
    "Problem: The SDK asks for version 2.0.0 of the plugin; installed: 0.1.0. Install the plugin and the SDK in the same version.",
  );
});

test("two copies of @pulumi/pulumi that both work are a warning", async () => {
  const citus = await running(new CitusSimulator());
  const modules = {
    "pulumi-formations": "1.0.0",
    "@pulumi/pulumi": "3.200.0",
    "pulumi-formations/node_modules/@pulumi/pulumi": "3.276.0",
  };
  const config = { citusUrl: citus.url, citusToken: citus.token };
  const given = await world({ config }, node({ "pulumi-formations": "1" }, modules));

  const { code, first } = await firstLine(given);

  expect(first).toBe(
    "Warning: The program and the TypeScript classes have an @pulumi/pulumi each: 3.200.0 (./node_modules/@pulumi/pulumi), 3.276.0 (./node_modules/pulumi-formations/node_modules/@pulumi/pulumi). Run `npm install @pulumi/pulumi@latest && npm dedupe` in ..",
  );
  expect(code).toBe(0);
});

test("outside of a project, what the environment configures is checked", async () => {
  const citus = await running(new CitusSimulator());
  await world({}, {}, { FORMATIONS_CITUS_URL: citus.url, FORMATIONS_CITUS_TOKEN: citus.token });

  const { code, out } = await formations("doctor", "--cwd", ownTemporaryFolder());

  expect(out).toMatch(/^Everything is fine: \d+ checks passed\.$/m);
  expect(out).toContain("There is no Pulumi.yaml here");
  expect(out).toContain("citusToken from FORMATIONS_CITUS_TOKEN");
  expect([code, citus.requests.length]).toEqual([0, 1]);
});

test("keys that are set twice or misspelt are named, their values not", async () => {
  const citus = await running(new CitusSimulator());
  const config = { citusUrl: citus.url, citusToken: citus.token, akkerisTokn: "value-1f3a" };
  const env = { FORMATIONS_CITUS_TOKEN: "other-8d1e", FORMATIONS_CRUNCHYBRIDGE_API_KEY: "k-77" };
  const { doctor } = await world({ config }, yaml, env);

  const { code, out } = await doctor();

  const text = out.replaceAll(/\s+/g, " ");
  expect(text).toContain("formations:akkerisTokn is unknown. Did you mean akkerisToken?");
  expect(text).toContain(
    "FORMATIONS_CRUNCHYBRIDGE_API_KEY is unknown. Did you mean FORMATIONS_CRUNCHY_BRIDGE_API_KEY?",
  );
  expect(text).toContain(
    "formations:citusToken takes precedence over FORMATIONS_CITUS_TOKEN, which has another value.",
  );
  expect(code).toBe(0);
  for (const value of [citus.token, ...Object.values(env), "value-1f3a"]) {
    expect(out).not.toContain(value);
  }
});

test("each account of a stack gets one request, with its own credential", async () => {
  const [own, other] = [
    await running(new AkkerisSimulator()),
    await running(new AkkerisSimulator()),
  ];
  other.token = "akkeris-token-of-eu";
  const provider = {
    ...{ urn: "urn:pulumi:test::scenario::pulumi:providers:formations::eu", custom: true },
    ...{ type: "pulumi:providers:formations", id: "provider-2" },
    inputs: { akkerisUrl: other.url, akkerisToken: other.token },
  };
  const given = await world({
    resources: [providerState(), provider],
    config: { akkerisUrl: own.url, akkerisToken: own.token },
  });

  const { code, out } = await given.doctor();

  expect(code).toBe(0);
  expect(out).toContain("provider eu may read");
  for (const one of [own, other]) expect(one.requests.map(({ path }) => path)).toEqual(["/apps"]);
});

test.each([
  {
    what: "a URL without its path",
    change: (citus: CitusSimulator) => ({ citusUrl: citus.url.replace("/api/v1", "") }),
    first:
      /^Problem: Citus Cloud: could not list formations: GET \S+\/formations\/ returned 404 with an HTML page\. .*usually ends in \/api\/v1/,
  },
  {
    what: "a credential that may not read",
    change(citus: CitusSimulator) {
      citus.order({ kind: { type: "status", status: 403, body: { message: "Not you." } } });
      return {};
    },
    first:
      /^Problem: Citus Cloud refuses to let formations:citusToken read: "Not you\." \(403\)\. It has too few rights, or is of another team or account: use one that may read, and set it with `pulumi config set --secret formations:citusToken`\.$/,
  },
])("$what", async ({ change, first }) => {
  const citus = await running(new CitusSimulator());
  const config = { citusUrl: citus.url, citusToken: citus.token, ...change(citus) };

  const found = await firstLine(await world({ config }));
  citus.unexpected.splice(0);

  expect(found.first).toMatch(first);
  expect(found.code).toBe(2);
});

test("what runs left is a warning with what completes it", async () => {
  const akkeris = await running(new AkkerisSimulator());
  const web = creation("web", "AppFormation", { app: "a", type: "web" });
  const job = { ...creation("job", "AppFormation", {}), id: "a/job", outputs: { __pending: true } };
  const given = await world({
    resources: [providerState(), job],
    pending: [web],
    config: { akkerisUrl: akkeris.url, akkerisToken: akkeris.token },
  });

  const { code, first, out } = await firstLine(given);

  expect(first).toBe(
    "Warning: A run was interrupted: creating web. `formations recover --stack test` shows what it left.",
  );
  expect(out.replaceAll(/\s+/g, " ")).toContain(
    "The creation or last change of job has not ended. The next `pulumi up` resumes it.",
  );
  expect(code).toBe(0);
});

test("a schedule whose backup nobody took, and a runner that was killed", async () => {
  const antfly = await running(new AntflySimulator());
  antfly.addTable("t1");
  antfly.addLocation(place.location);
  const inputs = { schedule: "0 0 1 1 *", timezone: "UTC", ...place };
  const nightly = {
    ...creation("nightly", "AntflyBackupSchedule", inputs),
    ...{ id: "nightly", outputs: inputs, created: "2020-01-01T00:00:00Z" },
  };
  const older = "nightly-20200101T000000Z";
  antfly.addBackup(place.location, older);
  const given = await world({
    resources: [providerState(), nightly],
    config: { antflyUrl: antfly.url, antflyApiKey: antfly.token },
  });
  const folder = join(
    process.env.TMPDIR ?? "",
    `pulumi-formations-${process.getuid?.() ?? "user"}`,
  );
  const lock = join(folder, "backups-runner-0f.lock");
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(folder, "backups-runner-0f"), JSON.stringify({ pid: 4711, since: 0 }));
  utimesSync(lock, 1, 1);

  const { first, out } = await firstLine(given);

  expect(first).toMatch(
    /^Problem: No runner took the backup of test\/nightly that was due at 20\d\d-01-01T00:00:00Z\. Run `formations backups run --stack test` regularly: `formations help backups` says how\.$/,
  );
  expect(out.replaceAll(/\s+/g, " ")).toContain(
    "A runner was killed (process 4711), and none has run since. Start it again: it takes the lock over.",
  );
});

test("a budget that a killed process left locked is a warning, and a token that soon ends is another", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1_000) + 5 * 86_400;
  const token = `${part({ alg: "HS256" })}.${part({ exp })}.c2ln`;
  const citus = await running(new CitusSimulator({ token }));
  const { doctor } = await world({ config: { citusUrl: citus.url, citusToken: token } });
  await doctor();
  const folder = join(
    process.env.TMPDIR ?? "",
    `pulumi-formations-${process.getuid?.() ?? "user"}`,
  );
  const [budget = ""] = readdirSync(folder).filter((name) => name.endsWith(".json"));
  mkdirSync(join(folder, `${budget}.lock`));
  utimesSync(join(folder, `${budget}.lock`), 1, 1);

  const { code, out } = await doctor();

  const text = out.replaceAll(/\s+/g, " ");
  expect(text).toContain("A process that was killed left a lock on");
  expect(text).toContain(
    `formations:citusToken expires at ${new Date(exp * 1_000).toISOString().slice(0, 10)}`,
  );
  expect(text).toContain("4 of 5 requests per minute are left (the first was sent at 20");
  expect(code).toBe(0);
});

test("a folder that is missing is a mistake of the command line", async () => {
  const { code, out, err } = await formations("doctor", "--cwd", "/nonexistent/project");

  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain("There is no folder /nonexistent/project.");
});

test("a temporary folder that can't be written is a warning, since nobody shares the budget then", async () => {
  const citus = await running(new CitusSimulator());
  const config = { citusUrl: citus.url, citusToken: citus.token };
  const given = await world({ config });
  const file = join(ownTemporaryFolder(), "file");
  writeFileSync(file, "");
  // No folder can be made in a file, by root neither.
  vi.stubEnv("TMPDIR", join(file, "folder"));
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});

  const { code, first } = await firstLine(given);

  expect(first).toMatch(
    /^Warning: \S+ can't be written, so each process counts its requests alone\. Set TMPDIR to a folder that this user may write to\.$/,
  );
  expect(warned).toHaveBeenCalledOnce();
  expect(code).toBe(0);
});
