import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { formations } from "../command.ts";
import { stepOf, textOf } from "./previews.ts";

const applied = { app: "shop-default", type: "web", size: "gp1", quantity: 1 };
const text = textOf([
  stepOf({
    type: "AppFormation",
    op: "update",
    name: "web",
    applied,
    desired: { ...applied, size: "gp2" },
  }),
]);

/** Gives the command this on its standard input. */
function typeIn(given: string | Buffer): void {
  const spy = vi.spyOn(process, "stdin", "get");
  spy.mockReturnValue(Readable.from([Buffer.from(given)]) as typeof process.stdin);
  onTestFinished(() => spy.mockRestore());
}

test("several files are explained, one after the other", async () => {
  const files = ["dev.json", "prod.json"].map((name) => join(ownTemporaryFolder(), name));
  for (const file of files) writeFileSync(file, text);
  const { code, out } = await formations("explain", ...files);
  expect(code).toBe(0);
  expect(out.match(/Akkeris\s+then\s+redeploys\s+every\s+formation/g)).toHaveLength(2);
});

test.each([[[]], [["-"]]])("standard input is read with the arguments %j", async (args) => {
  typeIn(Buffer.from(`\uFEFF${text}`, "utf16le"));
  const { code, out } = await formations("explain", ...args);
  expect(code).toBe(0);
  expect(out).toMatch(/Akkeris\s+then\s+redeploys/);
});

test("what can't be read ends with 1 and a sentence, without a stack", async () => {
  const file = join(ownTemporaryFolder(), "cut.json");
  writeFileSync(file, text.slice(0, 200));
  const cut = await formations("explain", file);
  expect(cut).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining(`${file} is cut off`),
  });
  const missing = await formations("explain", `${file}.not`);
  expect(missing.code).toBe(1);
  expect(missing.err).toMatch(/^formations: .*cut\.json\.not can't be read: .*ENOENT/);
  typeIn("");
  expect((await formations("explain")).err).toContain("standard input is empty.");
  for (const { err } of [cut, missing]) expect(err).not.toContain("    at ");
});

test("without --prices no request is sent; with it, one per system that changes", async () => {
  const akkeris = await running(new AkkerisSimulator());
  const file = join(ownTemporaryFolder(), "preview.json");
  writeFileSync(file, text);
  vi.stubEnv("FORMATIONS_AKKERIS_TOKEN", akkeris.token);
  vi.stubEnv("FORMATIONS_AKKERIS_URL", akkeris.url);

  expect((await formations("explain", file)).code).toBe(0);
  expect(akkeris.requests).toEqual([]);

  expect((await formations("explain", file, "--prices")).code).toBe(0);
  expect(akkeris.requests.map(({ path }) => path)).toEqual(["/sizes"]);
});

test("a file of --prices that is not a price list is an error that names it", async () => {
  const file = join(ownTemporaryFolder(), "preview.json");
  writeFileSync(file, text);

  const { code, out, err } = await formations("explain", file, "--prices", file);

  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^formations: .*preview\.json is not a price list that `formations prices/);
});
