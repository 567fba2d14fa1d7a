import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../../../build/repository.ts";
import { inText } from "../../../cli/doctor/output/text.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { creation, providerState } from "../command.ts";
import { setUp } from "./world.ts";

const page = readFileSync(join(repository, "docs", "doctor.md"), "utf8");

/** The blocks of code on the page, by their language. */
function blocks(language: string): string[] {
  const fenced = page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...fenced].flatMap(([, of, text = ""]) => (of === language ? [text.trimEnd()] : []));
}

const check = z.object({
  id: z.string(),
  about: z.string(),
  status: z.enum(["ok", "warning", "problem", "skipped"]),
  found: z.string(),
  cure: z.string().optional(),
});
const document = z.object({
  version: z.literal(1),
  status: z.enum(["ok", "problem"]),
  summary: z.string(),
  checks: z.array(check),
  requests: z.array(
    z.object({ method: z.string(), url: z.string(), status: z.number().optional() }),
  ),
});

const revoked = "a-revoked-token";

/** What the page is about: a project with a formation, whose token has been revoked. */
async function world() {
  const citus = await running(new CitusSimulator());
  const events = creation("events", "Formation", { name: "events" });
  const given = await setUp({
    resources: [providerState(), { ...events, id: "f-1", outputs: {} }],
    config: { citusUrl: citus.url, citusToken: revoked },
    stacks: [{ name: "dev" }, { name: "production" }],
    version: "v3.276.0",
    files: {
      "Pulumi.yaml":
        "name: shop\nruntime: yaml\nresources:\n  events:\n    type: formations:index:Formation\n",
    },
  });
  return { citus, ...given };
}

type World = Awaited<ReturnType<typeof world>>;

/** What the command prints, as on a machine with shorter paths. */
async function reportOf({ citus, doctor, folder, tools, pulumi }: World) {
  const { out } = await doctor("--json");
  const printed = [
    [folder, "/home/alice/shop"],
    [tools, "/usr/bin"],
    [pulumi, "/usr/local/bin"],
    [citus.url, "https://console.citusdata.com/api/v1"],
    [process.versions.node, "24.21.0"],
  ].reduce((text, [here = "", there = ""]) => text.replaceAll(here, there), out);
  return document.parse(JSON.parse(printed));
}

test("the report on the page is the command's, in 60 columns", async () => {
  const report = await reportOf(await world());

  expect(blocks("")).toEqual([inText(report, 60)]);
});

test("the JSON on the page is the command's, with one of its checks", async () => {
  const given = await world();
  given.citus.token = revoked;

  const { checks, ...rest } = await reportOf(given);

  const shown = blocks("json").map((text) => JSON.parse(text));
  expect(shown).toEqual([{ ...rest, checks: checks.filter(({ id }) => id === "citus.server") }]);
});

test("every command on the page runs as it is", async () => {
  const { citus, doctor } = await world();
  citus.token = revoked;
  const prefix = "npx -p pulumi-formations formations doctor";
  const commands = blocks("sh").flatMap((block) => block.split("\n"));

  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    expect(command).toMatch(new RegExp(`^${prefix}(?: |$)`));
    const [flags = ""] = command.slice(prefix.length).split(">");
    const { code, first } = await doctor(...flags.split(" ").filter(Boolean));
    expect(code, first).toBe(0);
  }
});

test("the page names every check that the command makes", () => {
  const sources = globSync("cli/doctor/**/*.ts", { cwd: repository });
  const text = sources.map((file) => readFileSync(join(repository, file), "utf8")).join("");
  const made = /\b(?:ok|warning|problem|skipped)\(\s*(?:"([\w-]+)"|`\$\{[\w.]+\}(\.\w+)`)/g;
  const ids = [...text.matchAll(made)].map(([, whole, ofSystem]) => whole ?? `citus${ofSystem}`);

  expect(ids.length).toBeGreaterThan(30);
  expect(ids.filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
});
