import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { formations } from "../command.ts";
import { stepOf, textOf } from "./previews.ts";

/** A file with the preview of an app formation that changes to this size. */
function previewOf(size: string, names = ["web"]): string {
  const applied = { app: "shop-default", type: "web", size: "gp1", quantity: 1 };
  const steps = names.map((name) =>
    stepOf({
      ...{ type: "AppFormation", op: "update", name },
      ...{ applied, desired: { ...applied, size } },
    }),
  );
  return fileOf(`${size}.json`, textOf(steps));
}

function fileOf(name: string, content: string): string {
  const file = join(ownTemporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

test("a comment, as long as it may be", async () => {
  const { code, out } = await formations(
    ...["explain", previewOf("gp2"), "--format", "markdown", "--footer", "abc"],
  );
  expect(code).toBe(0);
  expect(out).toMatch(/^## 1 resource is redeployed — `shop\/dev`\n/);
  expect(out).toMatch(/<sub>abc<\/sub>\n\n<!-- formations explain: shop shop\/dev=f1\.\S+ -->$/);
  const short = await formations(
    ...["explain", previewOf("gp2"), "--format", "markdown", "--max-length", "3999"],
  );
  expect(short).toMatchObject({ code: 1, out: "", err: expect.stringContaining("at least 4000") });
});

test("a gate that matches ends with 2, after the explanation", async () => {
  const { code, out, err } = await formations(
    ...["explain", previewOf("gp2"), "--fail-on", "data-loss,redeployment"],
  );
  expect({ code, err }).toEqual({
    code: 2,
    err: "formations: --fail-on redeployment: shop/dev: web (AppFormation)",
  });
  expect(out).toContain("Redeployed (1)");
});

test("what was reviewed ends with 0, anything else with 3 and what differs", async () => {
  const reviewed = previewOf("gp2");
  const comment = (await formations("explain", reviewed, "--format", "markdown")).out;
  const [fingerprint = ""] = /f1\.[\w-]{22}/.exec(comment) ?? [];
  const file = fileOf("comment.md", `Somebody wrote above it.\n\n${comment}`);
  const json = fileOf("r.json", (await formations("explain", reviewed, "--format", "json")).out);
  for (const expected of [fingerprint, file, json]) {
    expect(await formations("explain", reviewed, "--expect", expected)).toMatchObject({ code: 0 });
  }
  expect(
    await formations("explain", previewOf("gp3", ["web", "api"]), "--expect", file),
  ).toMatchObject({
    code: 3,
    err:
      "formations: --expect: shop/dev: api (AppFormation): was not reviewed\n" +
      "formations: --expect: shop/dev: web (AppFormation): was reviewed with another change",
  });
});

test("labels, one per line, and GitLab's report", async () => {
  const file = previewOf("gp2");
  expect((await formations("explain", file, "--labels")).out).toBe("formations: change");
  expect((await formations("explain", file, "--format", "gitlab")).out).toBe(
    '{"create":0,"update":1,"delete":0}',
  );
});

test.each([
  [["--expect", "f1.short"], "neither a fingerprint (`f1.…`) nor a file that can be read"],
  [["--expect", "package.json"], "it has no fingerprint of shop/dev"],
])("%j ends with 1", async (args, message) => {
  const { code, err } = await formations("explain", previewOf("gp2"), ...args);
  expect(code).toBe(1);
  expect(err).toMatch(new RegExp(message.replace(/[().]/g, "\\$&")));
});

test("colours are for terminals whose user wants them", async () => {
  const terminal = Object.getOwnPropertyDescriptor(process.stdout, "isTTY");
  onTestFinished(() => {
    vi.unstubAllEnvs();
    Object.defineProperty(
      process.stdout,
      "isTTY",
      terminal ?? { value: undefined, configurable: true },
    );
  });
  Object.defineProperty(process.stdout, "isTTY", { value: true, configurable: true });
  vi.stubEnv("NO_COLOR", "");
  vi.stubEnv("TERM", "xterm");
  const shown = async () => (await formations("explain", previewOf("gp2"))).out;
  expect(await shown()).toContain("\u001b[33m");
  vi.stubEnv("NO_COLOR", "1");
  expect(await shown()).not.toContain("\u001b");
  vi.stubEnv("NO_COLOR", "");
  vi.stubEnv("TERM", "dumb");
  expect(await shown()).not.toContain("\u001b");
});
