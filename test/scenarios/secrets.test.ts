import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { resourceNamed } from "../../build/engine/state.ts";
import type { OperationResult, Workspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import type { Platform } from "../../simulators/platform.ts";
import { isExhaustive } from "../support/exhaustive.ts";
import { args, living, programOf } from "./formation-support.ts";
import { type PlatformStack, platformStack } from "./platform.ts";

const verbose = ["-v=11", "--logtostderr", "--logflow"];
/** The engine would end with the first error otherwise. */
const failing = { expectFailure: true, args: [...verbose, "--continue-on-error"] };

/** Secrets that the program itself holds: an input of a one-off process of another app, and a key's. */
const environmentValue = "env-value-91b7c4d2e8";
const storedValue = "stored-value-3d95e0";

const example = readFileSync(join(repository, "examples", "typescript", "index.ts"), "utf8");

const program = (value: string, stored = storedValue) => `${example}
import { AntflySecret } from "pulumi-formations";
new AntflySecret("apiKey", { key: "openai.api_key", value: "${stored}" });
new AppFormation("export", {
  app: "${exportApp}", type: "export", size: "gp1", quantity: 1, oneoff: true,
  options: { image: "registry.example.com/export:1.0", env: { API_KEY: "${value}" } },
});`;

const exportApp = "warehouse-default";

async function stackOf(name: "dev" | "production"): Promise<PlatformStack> {
  const files = { "index.ts": program(environmentValue) };
  const config = { "platform:protect": "false" };
  const stack = await platformStack(name, { files, config });
  stack.platform.akkeris.addApp(exportApp);
  return stack;
}

/** Every secret that is in play, by a name to fail with; what is made later is read then. */
function secretsOf({ citus, crunchyBridge, akkeris, antfly }: Platform): Map<string, string> {
  const antflySecret = Buffer.from(antfly.token, "base64").toString().split(":")[1] ?? "";
  const passwords = [...citus.formations.values()].map(({ database_url }): [string, string] => [
    "database URL's password",
    new URL(database_url).password,
  ]);
  expect(passwords.length).toBeLessThanOrEqual(1);
  return new Map([
    ["Citus token", citus.token],
    ["Crunchy Bridge key", crunchyBridge.token],
    ["Akkeris token", akkeris.token],
    ["Antfly key", antfly.token],
    ["Antfly key's secret", antflySecret],
    ["environment value", environmentValue],
    ["stored value", storedValue],
    ...passwords,
  ]);
}

/** The names of the secrets that are in a text. */
function found(platform: Platform, text: string): string[] {
  return [...secretsOf(platform)].filter(([, value]) => text.includes(value)).map(([name]) => name);
}

/*
 * What is not this package's: from -v=9 on the engine writes each property of each call between
 * itself, the program and any provider, secrets unwrapped; and @pulumi/pulumi, in the program, writes
 * the answer to each registration, which the engine writes again as an event of severity debug.
 */
const engineMessages = [
  /^(Marshaling|Unmarshaling) property for RPC\[/,
  /^RegisterResource RPC finished: /,
  /^eventSink::Debug\(<\{%reset%\}>RegisterResource RPC finished: /,
];

const lineSchema = z.object({
  msg: z.string().optional(),
  diagnosticEvent: z.object({ severity: z.string(), message: z.string() }).optional(),
});

/** A log without those messages of the engine; whatever it is not sure of stays. */
function withoutEngine(log: string): string {
  const others = log.split("\n").filter((line) => {
    const message = messageOf(line);
    return message === undefined || !engineMessages.some((pattern) => pattern.test(message));
  });
  return others.join("\n");
}

/** The message of a line of the engine's log, or of an event of severity debug. */
function messageOf(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  const { msg, diagnosticEvent } = lineSchema.parse(JSON.parse(line));
  if (msg !== undefined || diagnosticEvent?.severity !== "debug") return msg;
  return diagnosticEvent.message.replaceAll(/<\{%\w+%\}>/g, "");
}

/** What an operation printed. */
function printed({ stdout, stderr }: OperationResult): string {
  return `${stdout}\n${stderr}`;
}

function events({ eventLog }: OperationResult): string {
  return readFileSync(eventLog, "utf8");
}

/** The files in the workspace's folder by path: not the program, nor event logs, which are read elsewhere. */
function filesOf({ project }: Workspace): [path: string, text: string][] {
  const left = /node_modules|index\.ts$|[\\/]ts-node|events-\d+\.json$/;
  const entries = readdirSync(join(project, ".."), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return paths
    .filter((path) => !left.test(path))
    .map((path) => [path, readFileSync(path, "latin1")]);
}

/** The stack with all systems in it; at length, the small one. */
const stacks = isExhaustive ? (["dev"] as const) : (["production"] as const);

test.each(stacks)("%s shows no secret, in files or output", async (name) => {
  const { platform, workspace } = await stackOf(name);
  const changed = [
    environmentValue.replace("env", "new"),
    storedValue.replace("stored", "another"),
  ] as const;

  const plan = join(workspace.project, "plan.json");
  const planning = { diff: true, args: [`--save-plan=${plan}`] };

  const shown = [await workspace.preview(planning), await workspace.up({ diff: true })];
  await workspace.setProgram(program(...changed));
  shown.push(await workspace.preview(planning), await workspace.up({ diff: true }));
  shown.push(await workspace.refresh({ diff: true }));
  const state = await workspace.pulumi(["stack", "export"]);
  const outputs = await workspace.pulumi(["stack", "output", "--json"]);

  expect(shown[3]?.changes).toEqual({ same: 6, replace: 1, update: 1 });
  expect(secretsOf(platform).size).toBe(8);
  const files = filesOf(workspace);
  expect(files.map(([path]) => path)).toContain(plan);
  // The backend's folder begins with a dot.
  expect(files.filter(([path]) => path.includes(".pulumi"))).not.toEqual([]);
  const texts: [name: string, text: string][] = [
    ...shown.map((result): [string, string] => ["output", printed(result)]),
    ...shown.map((result): [string, string] => ["events", withoutEngine(events(result))]),
    ["state", state.stdout],
    ["outputs", outputs.stdout],
    ...files,
  ];
  const leaks = texts.filter(
    ([, text]) => found(platform, text).length > 0 || changed.some((value) => text.includes(value)),
  );
  expect(leaks.map(([name, text]) => [name, found(platform, text)])).toEqual([]);
});

test.each(stacks)(
  "%s logs no secret at the highest verbosity, save what the engine itself does",
  async (name) => {
    const { platform, workspace } = await stackOf(name);

    const up = [await workspace.preview({ args: verbose }), await workspace.up({ args: verbose })];
    const logs = [...up, await workspace.refresh({ args: verbose })];
    logs.push(await workspace.destroy({ args: verbose }));

    for (const log of logs.flatMap((result) => [printed(result), events(result)])) {
      expect(found(platform, withoutEngine(log))).toEqual([]);
      // From the environment they never come to the engine.
      if (name === "dev") expect(found(platform, log)).not.toContain("Citus token");
    }
    const engine = up.flatMap((result) => found(platform, printed(result)));
    expect(engine).toContain("database URL's password");
  },
);

test.skipIf(isExhaustive)(
  "what the program asks as a secret stays one where the server has something else",
  async () => {
    const name = "orders-77c1e0";
    const secret = `pulumi.secret("${name}")`;
    const properties = JSON.stringify(args).slice(1, -1);
    const { citus, workspace } = await programOf(`
      import * as pulumi from "@pulumi/pulumi";
      import { Formation } from "pulumi-formations";
      new Formation("it", { ${properties}, name: ${secret} });`);
    await workspace.up();
    living(citus).name = "renamed";

    await workspace.refresh();

    const { outputs } = resourceNamed(await workspace.exportState(), "it");
    expect(outputs).toMatchObject({ __applied: { ciphertext: expect.any(String) } });
    const { stdout } = await workspace.pulumi(["stack", "export", "--show-secrets"]);
    expect(stdout).toContain(name);
    const files = filesOf(workspace).filter(([path]) => path.includes(".pulumi"));
    expect(files.filter(([, text]) => text.includes(name))).toEqual([]);
    // The host reads it again: nothing was changed.
    expect((await workspace.up()).changes).toEqual({ same: 1 });
  },
);

test.skipIf(isExhaustive)(
  "errors that repeat a secret of the server's are shown without it",
  async () => {
    const { platform, workspace } = await stackOf("dev");
    const { citus, crunchyBridge, akkeris, antfly } = platform;
    const passwordInAnswer = "answered-password-5c07";
    const details = {
      id: 7,
      state: citus.token,
      database_url: `postgres://u:${passwordInAnswer}@h/d`,
    };
    const echo = (...secrets: string[]) => ({
      type: "status" as const,
      status: 422,
      body: { message: `not with ${secrets.join(" nor with ")}` },
    });
    citus.order({
      method: "GET",
      path: /formations\/\w+$/,
      kind: { type: "status", status: 200, body: details },
    });
    crunchyBridge.order({ method: "POST", kind: echo(crunchyBridge.token) });
    akkeris.order({
      method: "POST",
      path: /warehouse/,
      kind: echo(akkeris.token, environmentValue),
    });
    antfly.order({ path: "/db/v1/backups", kind: echo(antfly.token) });
    antfly.order({ method: "PUT", kind: echo(antfly.token, storedValue) });

    const failed = await workspace.up(failing);

    const text = withoutEngine(`${printed(failed)}\n${events(failed)}`);
    expect(found(platform, text)).toEqual([]);
    expect(text.includes(passwordInAnswer)).toBe(false);
    const errors = failed.diagnostics.filter(({ severity }) => severity === "error");
    const failedOnes = errors.map(({ urn }) => urn?.split("::").at(-1));
    expect(failedOnes).toEqual(
      expect.arrayContaining(["events", "reports", "export", "nightly", "apiKey"]),
    );
    expect(errors.filter(({ message }) => message.includes("not with [secret]"))).toHaveLength(4);
  },
);

test.skipIf(isExhaustive)(
  "a refused token is not shown, and its config key and variable are",
  async () => {
    const { platform, workspace } = await stackOf("dev");
    const sent = secretsOf(platform);
    for (const system of platform.systems.values()) system.token = "another";

    const failed = await workspace.up(failing);

    const text = withoutEngine(`${printed(failed)}\n${events(failed)}`);
    const messages = failed.diagnostics.map(({ message }) => message);
    expect([...sent].filter(([, value]) => text.includes(value))).toEqual([]);
    for (const key of ["citusToken", "crunchyBridgeApiKey", "akkerisToken", "antflyApiKey"]) {
      const variable = key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      const told = `formations:${key} (or FORMATIONS_${variable}) was rejected`;
      expect(messages.filter((message) => message.includes(told))).not.toEqual([]);
    }
  },
);
