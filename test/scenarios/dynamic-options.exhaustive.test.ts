import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args } from "./formation-support.ts";
import { startProgram } from "./stack.ts";
import { opsOf, told } from "./support.ts";
import { accessTo, startAkkeris, startCitus } from "./world.ts";

/** A program with one app formation of a quantity. */
const worker = (quantity: number, options: string) =>
  `new AppFormation("it", { app: "shop-dev", type: "worker", size: "gp1", quantity: ${quantity}, command: "run" }, ${options});`;

async function workerStack() {
  const akkeris = await startAkkeris("shop-dev");
  const stack = await startProgram(worker(1, "{}"), { config: accessTo(akkeris) });
  await stack.workspace.up();
  return stack;
}

test("replaceOnChanges replaces, and other options that work are not warned about", async () => {
  const { workspace, declare } = await workerStack();
  const options = [
    ...["protect: false", "retainOnDelete: false", "deleteBeforeReplace: true"],
    ...['ignoreChanges: ["port"]', 'replaceOnChanges: ["quantity"]', 'hideDiffs: ["command"]'],
    ...['additionalSecretOutputs: ["size"]', 'aliases: [{ name: "before" }]'],
    ...['customTimeouts: { create: "5m", update: "5m" }', "replacementTrigger: 1"],
  ];
  await declare(worker(2, `{ ${options.join(", ")} }`));

  const result = await workspace.up();

  expect(opsOf(result)).toEqual(["delete-replaced it", "replace it", "create-replacement it"]);
  expect(told(result)).not.toContain("warning");
  expect(resourceNamed(await workspace.exportState(), "it").outputs?.quantity).toBe(2);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("options without effect are said in the preview, and another account is refused there", async () => {
  const citus = await startCitus();
  const formation = (options: string) =>
    `new Formation("it", ${JSON.stringify(args)}, ${options});`;
  const silent = [
    ...['version: "9.9.9"', 'pluginDownloadURL: "https://plugins.example.com"'],
    'customTimeouts: { delete: "5m", read: "1m" }',
  ];
  const config = accessTo(citus);
  const { workspace, declare } = await startProgram(formation(`{ ${silent.join(", ")} }`), {
    config,
  });
  const preview = await workspace.preview();
  for (const option of ["version", "pluginDownloadURL", "customTimeouts.delete"]) {
    expect(told(preview)).toContain(`warning: it (Formation): ${option} has no effect`);
  }
  expect(told(preview)).toContain("customTimeouts.read has no effect");

  await declare(
    `const account = Object.assign(Object.create(pulumi.ProviderResource.prototype), { pkg: "formations" });\n${formation("{ provider: account }")}`,
  );
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain("it (Formation): the TypeScript classes can't use an explicit");
  expect(refused.stdout + refused.stderr).not.toMatch(/^\s+at /m);
  expect(citus.requests).toEqual([]);
});
