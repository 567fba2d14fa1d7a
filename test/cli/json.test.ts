import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { repository } from "../../build/repository.ts";
import { location, other, place, server } from "./backups/invocation.ts";
import { creation, formations, type Outcome, stubStack } from "./command.ts";
import { fleet, systems } from "./discover/world.ts";

const page = readFileSync(join(repository, "docs", "command-line.md"), "utf8");

/** The fields that the page has of a command's JSON, those of its parts among them. */
function documented(command: string): string[] {
  const [, text = ""] = new RegExp(`^- \`${command} --json\`: (.+)$`, "m").exec(page) ?? [];
  return [...text.matchAll(/`(\w+)`/g)].map(([, field = ""]) => field);
}

/** The fields of a document; of a list, those of its entries. */
function fieldsOf({ out }: Outcome): string[] {
  const read: unknown = JSON.parse(out);
  const parts = Array.isArray(read) ? read : [read];
  expect(parts.length).toBeGreaterThan(0);
  return [...new Set(parts.flatMap((part) => Object.keys(part)))];
}

/** What each command prints as JSON, where it has something to say. */
const outputs: Readonly<Record<string, () => Promise<Outcome>>> = {
  async discover() {
    await fleet();
    return formations("discover", "--json", "--prices");
  },
  async prices() {
    await fleet();
    return formations("prices", "--json");
  },
  async recover() {
    const { akkeris } = await fleet();
    const config = { akkerisUrl: akkeris.url, akkerisToken: akkeris.token };
    const inputs = { app: "shop-dev", type: "web", quantity: 2, size: "gp2" };
    const stack = stubStack({ config, pending: [creation("web", "AppFormation", inputs)] });
    return stack.formations("recover", "--json");
  },
  environments: () => stubStack({ config: {} }).formations("environments", "--json"),
  explain: () => formations("explain", "--json", previews("changes-plugin.json")),
  async doctor() {
    await systems();
    return stubStack({ config: {} }).formations("doctor", "--json");
  },
  async "backups list"() {
    (await server()).addBackup(location, "b1");
    return formations("backups", "list", ...place, "--json");
  },
  async "backups take"() {
    await server();
    return formations("backups", "take", "b1", ...place, "--json");
  },
  async "backups restore"() {
    (await server()).addBackup(location, "b1");
    const overwrite = ["--mode", "overwrite", "--yes"];
    return formations("backups", "restore", "b1", ...place, ...overwrite, "--json");
  },
  async "backups verify"() {
    (await server()).addBackup(location, "b1");
    const into = await other();
    into.addBackup(location, "b1");
    into.tables.clear();
    vi.stubEnv("FORMATIONS_INTO_ANTFLY_API_KEY", into.token);
    return formations("backups", "verify", "b1", ...place, "--into-url", into.url, "--json");
  },
  async "backups status"() {
    const { url } = await server();
    const file = join(stubStack({ config: {} }).folder, "schedules.json");
    const schedule = { name: "nightly", schedule: "0 3 * * *", backupIdPrefix: "nightly" };
    const schedules = [{ ...schedule, url, location, connection: "bk" }];
    writeFileSync(file, JSON.stringify({ version: 1, schedules }));
    return formations("backups", "status", "--file", file, "--json");
  },
};

function previews(name: string): string {
  return join(repository, "test", "fixtures", "previews", name);
}

test.each(Object.keys(outputs))(
  "%s --json prints one document, of the fields on its page",
  async (name) => {
    const fields = fieldsOf((await outputs[name]?.()) ?? { code: 0, out: "", err: "" });

    expect(documented(name)).toEqual(expect.arrayContaining(fields));
  },
);

test("every document on the page is among them", () => {
  const named = [...page.matchAll(/^- `([\w ]+) --json`/gm)].map(([, name]) => name);
  // A log has lines, whose fields docs/backups.md has; test/cli/simulate runs simulations.
  const own = named.filter((name) => !/^(?:backups run|simulate)\b/.test(name ?? ""));
  expect(own.sort()).toEqual(Object.keys(outputs).sort());
});

test("recover --json has the decision, and the command that answers all questions", async () => {
  const { out, code } = (await outputs.recover?.()) ?? { out: "", code: 0 };

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ...{ version: 1, isSettled: true, isChanged: false },
    resources: [{ name: "web", action: "adopt", id: "shop-dev/web" }],
  });
});

test("backups status --json says what could not be read", async () => {
  const { folder, formations: run } = stubStack({ config: {} });
  const missing = join(folder, "missing.json");
  const { out, err, code } = await run("backups", "status", "--file", missing, "--json");

  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({ schedules: [], failures: [expect.stringContaining(missing)] });
  expect(err).toContain(missing);
});
