import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { creation, providerState } from "../command.ts";
import { firstLine, world, yaml } from "./in-process.ts";

const none = "neither the stack nor the environment configures a system";
const cure =
  "Set one, for instance with `pulumi config set --secret formations:citusToken` or in FORMATIONS_CITUS_TOKEN.";

test("a variable that is set to nothing, and a file that has nothing, are named", async () => {
  const file = join(ownTemporaryFolder(), "token");
  writeFileSync(file, "\n");
  const env = { FORMATIONS_CITUS_TOKEN: "", FORMATIONS_AKKERIS_TOKEN_FILE: file };

  const { first, code } = await firstLine(await world({}, yaml, env));

  expect(first).toBe(
    `Problem: No token is set: ${none}. FORMATIONS_CITUS_TOKEN is set, but empty. The file that FORMATIONS_AKKERIS_TOKEN_FILE names is empty. ${cure}`,
  );
  expect(code).toBe(2);
});

test("a file that is missing is named with its variable", async () => {
  const env = { FORMATIONS_CITUS_TOKEN_FILE: "/nowhere/token" };

  expect((await firstLine(await world({}, yaml, env))).first).toBe(
    "Problem: FORMATIONS_CITUS_TOKEN_FILE: ENOENT: no such file or directory, open '/nowhere/token'. It has to name a file that this user may read: /nowhere/token is not one.",
  );
});

test("a token that no header can carry is not sent, and not shown", async () => {
  const { first, out } = await firstLine(await world({ config: { citusToken: "tok\u2026-5f2e" } }));

  expect(first).toBe(
    "Problem: Citus Cloud: formations:citusToken contains a character that no credential has, such as a typographic quotation mark, a dash or an ellipsis. Copy it again, without formatting.",
  );
  expect(out).not.toContain("5f2e");
});

test("a token in quotation marks", async () => {
  const { url: citusUrl, token } = await running(new CitusSimulator());
  const config = { citusUrl, citusToken: `"${token}"` };

  const { first, out } = await firstLine(await world({ config }));

  expect(first).toBe(
    'Problem: Citus Cloud rejects formations:citusToken: "Invalid token." (401). It is in quotation marks, which are part of no credential: set it without them.',
  );
  expect(out).not.toContain(token);
});

test("what a YAML program needs is demanded before its first run", async () => {
  const { url: citusUrl, token: citusToken } = await running(new CitusSimulator());
  const program = `${yaml["Pulumi.yaml"]}resources:\n  web:\n    type: formations:AppFormation\n`;
  const config = { citusUrl, citusToken };

  const { first, code } = await firstLine(await world({ config }, { "Pulumi.yaml": program }));

  expect(first).toBe(
    "Problem: Akkeris: the token is missing. Set it with `pulumi config set --secret formations:akkerisToken` or in the environment variable FORMATIONS_AKKERIS_TOKEN.",
  );
  expect(code).toBe(2);

  const own = `${program}  eu:\n    type: pulumi:providers:formations\n`;
  expect(await firstLine(await world({ config }, { "Pulumi.yaml": own }))).toMatchObject({
    first: expect.stringContaining("Everything is fine"),
  });
});

test("a token that is wrong, of a system that the stack has nothing of, is a warning", async () => {
  const [citus, akkeris] = [
    await running(new CitusSimulator()),
    await running(new AkkerisSimulator()),
  ];
  const config = {
    ...{ citusUrl: citus.url, citusToken: "citus-token-of-last-year" },
    ...{ akkerisUrl: akkeris.url, akkerisToken: akkeris.token },
  };
  const web = { ...creation("web", "AppFormation", {}), id: "a/web", outputs: {} };
  const given = await world({ resources: [providerState(), web], config });

  const { first, code } = await firstLine(given);

  expect(first).toMatch(
    /^Warning: Citus Cloud rejects formations:citusToken: .* No resource of the stack needs it\. It is wrong/,
  );
  expect(code).toBe(0);
});

test("a server whose clock alone is off, beside a token that is wrong", async () => {
  const [citus, akkeris] = [
    await running(new CitusSimulator()),
    await running(new AkkerisSimulator()),
  ];
  citus.clockOffsetSeconds = 600;
  const config = {
    ...{ citusUrl: citus.url, citusToken: citus.token },
    ...{ akkerisUrl: akkeris.url, akkerisToken: "akkeris-token-of-last-year" },
  };

  const { first, out, code } = await firstLine(await world({ config }));

  expect(first).toMatch(/^Problem: Akkeris rejects formations:akkerisToken: /);
  expect(out.replaceAll(/\s+/g, " ")).toContain(
    "This machine's clock is 10 min behind that of Citus Cloud. Other servers agree with this machine: have that server's clock set.",
  );
  expect(code).toBe(2);
});
