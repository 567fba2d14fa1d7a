import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Workspace } from "../../build/engine/workspace.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import { largeFleet } from "../support/fleet.ts";
import { generated, importing, projectWithConverter } from "./converter-support.ts";
import { configOf, told } from "./support.ts";
import { accessTo, startAkkeris, startCitus } from "./world.ts";
import { projectOf, reference, type YamlResource, yamlProject } from "./yaml.ts";

/** The resources of the program that an import wrote. */
function resourcesIn(workspace: Workspace): Record<string, YamlResource> {
  return parse(readFileSync(join(workspace.project, generated), "utf8")).resources;
}

/** A server with a secret, and a project that has its value in a file. */
async function projectWithSecret() {
  const antfly = await running(new AntflySimulator());
  antfly.secrets.set("openai.api_key", { value: "sk-1234", createdAt: 0, updatedAt: 0 });
  const workspace = await projectWithConverter({
    env: { FORMATIONS_ANTFLY_URL: antfly.url, FORMATIONS_ANTFLY_API_KEY: antfly.token },
  });
  await workspace.writeFile("values.json", JSON.stringify({ "openai.api_key": "sk-1234" }));
  return { antfly, workspace };
}

/** The IDs of the package's resources in a stack. */
async function idsIn(workspace: Workspace): Promise<string[]> {
  const { deployment } = await workspace.exportState();
  const own = deployment.resources.filter(({ type }) => type.startsWith("formations:"));
  return own.map(({ id = "" }) => id).toSorted();
}

test("a whole fleet comes in by one command, with the fewest requests; its program has an empty preview", async () => {
  const fleet = await largeFleet();
  const workspace = await projectWithConverter({ config: configOf(fleet.config) });
  await workspace.writeFile("values.json", JSON.stringify(fleet.secretValues));
  fleet.forget();

  const args = ["--stack", workspace.stack, "--secret-values", "values.json"];
  const imported = await importing(workspace, args);

  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stderr).not.toContain("warning: formations");
  // A list and 12 details; teams and a page; apps and a list each; the version and the secrets.
  expect(fleet.requests()).toBe(1 + 12 + (1 + 1) + (1 + 9) + (1 + 1));
  fleet.forget();
  expect(await idsIn(workspace)).toEqual(fleet.ids.map(([, id]) => id).toSorted());
  const program = readFileSync(join(workspace.project, generated), "utf8");
  await workspace.writeFile("Pulumi.yaml", await projectOf(program));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: fleet.ids.length });
  expect(fleet.requests()).toBe(0);
});

test("the configuration of the stack that --stack names counts, and what it has is left out", async () => {
  const akkeris = await startAkkeris("shop-dev");
  akkeris.addFormation("shop-dev", { type: "web" });
  const workspace = await projectWithConverter({ config: configOf(accessTo(akkeris)) });

  const without = await importing(workspace, []);
  expect(without.code).not.toBe(0);
  expect(without.stderr).toContain("passes no stack configuration on to a converter");
  const first = await importing(workspace, ["--stack", workspace.stack]);
  expect(first.code, first.stderr).toBe(0);
  const resources = resourcesIn(workspace);
  const nothing = await importing(workspace, ["--stack", workspace.stack]);
  expect(nothing.code, nothing.stderr).toBe(0);
  expect(nothing.stderr).toContain("Nothing is imported");
  expect(nothing.stderr).toContain("a stack manages them already");
  akkeris.addFormation("shop-dev", { type: "worker", command: "node worker.js" });
  const second = await importing(workspace, ["--stack", workspace.stack]);
  expect(second.code, second.stderr).toBe(0);

  expect(await idsIn(workspace)).toEqual(["shop-dev/web", "shop-dev/worker"]);
  const both = { ...resources, ...resourcesIn(workspace) };
  await workspace.writeFile("Pulumi.yaml", await yamlProject(both));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 2 });
});

test("the values of secrets come along, encrypted in the state", async () => {
  const { antfly, workspace } = await projectWithSecret();

  const args = ["--secret-values", "values.json"];
  const imported = await importing(workspace, args, ["--generate-resources", "import.json"]);

  expect(imported.code, imported.stderr).toBe(0);
  expect(JSON.stringify(await workspace.exportState())).not.toContain("sk-1234");
  expect(JSON.stringify(await workspace.exportState({ showSecrets: true }))).toContain("sk-1234");
  // The engine writes secrets in plain text there, as discovering.md warns.
  expect(readFileSync(join(workspace.project, "import.json"), "utf8")).toContain("sk-1234");
  antfly.clearRequests();
  const program = readFileSync(join(workspace.project, generated), "utf8");
  await workspace.writeFile("Pulumi.yaml", await projectOf(program));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 1 });
  expect(antfly.requests).toEqual([]);
});

test("an explicit provider comes along with its credentials; that no program has it is said", async () => {
  const { antfly, workspace } = await projectWithSecret();

  const args = ["--provider", "search", "--secret-values", "values.json"];
  const imported = await importing(workspace, args, ["--generate-code=false"]);

  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stderr).toMatch(/warning: .*--generate-code=false/);
  expect(JSON.stringify(await workspace.exportState())).not.toContain(antfly.token);
  const program = {
    search: {
      type: "pulumi:providers:formations",
      properties: { antflyUrl: antfly.url, antflyApiKey: { "fn::secret": antfly.token } },
    },
    key: {
      type: "formations:index:AntflySecret",
      name: "openai.api_key",
      properties: { key: "openai.api_key", value: { "fn::secret": "sk-1234" } },
      options: { provider: reference("search") },
    },
  };
  await workspace.writeFile("Pulumi.yaml", await yamlProject(program));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 1 });
});

test("what could not be listed is a warning of the import, which takes the rest", async () => {
  const akkeris = await startAkkeris("shop-dev", "shop-prod");
  for (const app of ["shop-dev", "shop-prod"]) akkeris.addFormation(app, { type: "web" });
  const path = "/apps/shop-prod/formation";
  const down = { type: "status", status: 503, headers: { "retry-after": "0" } } as const;
  akkeris.order({ path, kind: down, times: 100 });
  const workspace = await projectWithConverter({
    env: { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token },
  });

  const imported = await importing(workspace, []);

  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stderr).toMatch(/warning: .*Not everything was listed; .*shop-prod/s);
  expect(imported.stderr).not.toContain("<nil>");
  expect(await idsIn(workspace)).toEqual(["shop-dev/web"]);
});

test("arguments that are not valid end the import with a sentence, and nothing is imported", async () => {
  const workspace = await projectWithConverter({});
  const refused = await importing(workspace, ["--sistem", "citus"]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`converter "formations" failed: unknown option '--sistem'`);
  const helped = await importing(workspace, ["--help"]);
  expect(helped.stderr).toContain("Usage: pulumi import --from formations -- [options]");
  expect(await idsIn(workspace)).toEqual([]);
});

test("where Pulumi would write wrong references, one run after the other imports; the preview is empty", async () => {
  const citus = await startCitus();
  const akkeris = await startAkkeris("shop-dev");
  // Its name is a text of the app formation's that means something else.
  citus.addFormation({ name: "worker" });
  akkeris.addFormation("shop-dev", { type: "worker", command: "node worker.js" });
  const workspace = await projectWithConverter({ config: configOf(accessTo(citus, akkeris)) });

  const first = await importing(workspace, ["--stack", workspace.stack]);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stderr).toMatch(/Not everything is imported at once; .*--stack test/);
  const resources = resourcesIn(workspace);
  expect(Object.keys(resources)).toHaveLength(1);
  const second = await importing(workspace, ["--stack", workspace.stack]);
  expect(second.code, second.stderr).toBe(0);
  expect(second.stderr).not.toContain("warning: formations");

  const both = { ...resources, ...resourcesIn(workspace) };
  expect(Object.keys(both)).toHaveLength(2);
  await workspace.writeFile("Pulumi.yaml", await yamlProject(both));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 2 });
});

test("the time that a rate limit makes it take is shown before it passes", async () => {
  const citus = await startCitus();
  for (let at = 1; at <= 8; at++) citus.addFormation({ name: `events-${at}` });
  const workspace = await projectWithConverter({
    env: {
      FORMATIONS_CITUS_URL: citus.url,
      FORMATIONS_CITUS_TOKEN: citus.token,
      FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "5",
    },
  });
  const lines: string[] = [];
  const running = workspace.start(["import", "--from", "formations", "--yes"], {
    onLine: (line) => lines.push(line),
  });
  await expect.poll(() => lines.join("\n")).toMatch(/8 formations; with 5 requests per minute/);
  running.kill();
  await running.done;
  expect(await idsIn(workspace)).toEqual([]);
});
