import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { formations } from "../engine/formations.ts";
import { startAkkeris } from "./world.ts";
import { yamlProject } from "./yaml.ts";

const properties = { app: "foo-default", type: "web", size: "gp1", quantity: 1 };
const web = { web: { type: "formations:index:AppFormation", properties } };

/** The texts of all files in a folder, by path. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((one) => one.isFile())
      .map(({ parentPath, name }) => [
        join(parentPath, name),
        readFileSync(join(parentPath, name), "utf8"),
      ]),
  );
}

test("on the real engine: everything fine, a wrong and a missing passphrase, and a killed run", async () => {
  const akkeris = await startAkkeris("foo-default");
  const workspace = await createWorkspace({
    ...{ program: "", package: "none", passphrase: "the-passphrase-4f1c" },
    files: { "Pulumi.yaml": await yamlProject(web) },
    // The stack has no secret: what needs the passphrase all the same is the next `pulumi up`.
    env: { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token },
  });
  onTestFinished(() => workspace.dispose());
  const { env, project } = workspace;
  const doctor = async (passphrase: string | null = "the-passphrase-4f1c") => {
    const { PULUMI_CONFIG_PASSPHRASE: _, ...others } = env;
    const own = passphrase === null ? {} : { PULUMI_CONFIG_PASSPHRASE: passphrase };
    const given = { project, env: { ...others, ...own } };
    const { code, stdout, stderr } = await formations(given, "doctor");
    for (const secret of [akkeris.token, "the-passphrase-4f1c"]) {
      expect(stdout + stderr).not.toContain(secret);
    }
    const [first] = stdout.split("\n");
    return { code, first, stdout };
  };
  await workspace.up();
  akkeris.clearRequests();
  const before = contentOf(project);

  expect(await doctor()).toMatchObject({ code: 0, first: "Everything is fine: 14 checks passed." });
  expect(akkeris.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /apps"]);
  expect(contentOf(project)).toEqual(before);

  const secrets = (reason: string) =>
    `Problem: Pulumi can't decrypt the secrets of stack test: the passphrase is ${reason}. Set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that has it.`;
  expect(await doctor("another")).toMatchObject({ code: 2, first: secrets("wrong") });
  expect(await doctor(null)).toMatchObject({ code: 2, first: secrets("missing") });

  const more = { web: { ...web.web, properties: { ...properties, quantity: 2 } } };
  await workspace.writeFile("Pulumi.yaml", await yamlProject(more));
  akkeris.order({ method: "PATCH", kind: { type: "hang", apply: true } });
  const run = workspace.start(["up", "--yes", "--skip-preview"]);
  await expect.poll(() => akkeris.count("PATCH"), { timeout: 60_000 }).toBe(1);
  run.crash();
  await run.done;
  expect(await doctor()).toMatchObject({
    code: 2,
    first: expect.stringMatching(
      /^Problem: Stack test is locked: .*, which is no longer running\. Wait for that run to end\. If it was killed, remove its lock with `pulumi cancel --stack test`\.$/,
    ),
  });

  await workspace.pulumi(["cancel", "--yes"]);
  expect(await doctor()).toMatchObject({
    code: 0,
    first:
      "Warning: A run was interrupted: updating web. `formations recover --stack test` shows what it left.",
  });
});
