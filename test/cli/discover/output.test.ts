import { expect, onTestFinished, test } from "vitest";
import { formations, stubStack } from "../command.ts";
import { configure, discover, fleet, report, systems } from "./world.ts";

/** Gives standard output the columns of a terminal, for the running test. */
function terminalOf(columns: number): void {
  const before = Object.getOwnPropertyDescriptor(process.stdout, "columns");
  Object.defineProperty(process.stdout, "columns", { value: columns, configurable: true });
  onTestFinished(() => {
    if (before) Object.defineProperty(process.stdout, "columns", before);
    else Reflect.deleteProperty(process.stdout, "columns");
  });
}

test("a terminal that no table fits has a list per resource", async () => {
  const { reports } = await fleet();
  terminalOf(40);

  const { out } = await discover("--system", "crunchybridge");

  expect(out.split("\n").slice(0, 7)).toEqual([
    "Crunchy Bridge: 1 replica",
    "name: reports",
    `ID: ${reports.id}`,
    ...["tune: standard-16, storage 200, aws, HA,", "  production"],
    ...["region: us-east-1", "state: ready"],
  ]);
});

test("a name that is long takes what the others leave it", async () => {
  const { citus } = await fleet();
  citus.addFormation({ name: "n".repeat(113) });
  terminalOf(200);

  const { out } = await discover("--system", "citus");

  const lines = out.split("\n").filter((line) => line.includes("n".repeat(40)));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThanOrEqual(200);
});

test("a wide terminal has a line per resource, without columns that would be empty", async () => {
  const { events, reports } = await fleet();
  terminalOf(160);

  const { out } = await discover("--prices");

  const lines = out.split("\n");
  const line = (name: string) => lines.find((one) => one.startsWith(`│ ${name} `))?.split(/ *│ */);
  expect(line("events")?.slice(1, -1)).toEqual([
    ...["events", events.id],
    "coordinator r5.large, disk 512, HA; worker r5.xlarge, count 4, disk 1024",
    ...["us-east-1", "steady"],
  ]);
  expect(line("reports")?.slice(1, -1)).toEqual([
    ...["reports", reports.id, "standard-16, storage 200, aws, HA, production"],
    ...["us-east-1", "ready", "$300"],
  ]);
  // The ID is the name.
  expect(line("shop-dev/web")?.slice(1, -1)).toEqual([
    ...["shop-dev/web", "gp2, quantity 2", "$80"],
  ]);
  expect(line("openai.api_key")?.slice(1, -1)).toEqual(["openai.api_key", "configured_file"]);
  expect(lines.filter((one) => /^\w/.test(one))).toEqual([
    ...["Citus Cloud: 2 formations", "Crunchy Bridge: 1 replica"],
    ...["Akkeris: 4 app formations", "Antfly: 1 secret"],
    "8 resources were found.",
    "All of it costs $500 per month; no price is known of 3.",
  ]);
});

test.each([60, 80, 100, 130])(
  "every line fits a terminal of %i columns, and nothing is cut",
  async (columns) => {
    const { events, reports } = await fleet();
    terminalOf(columns);

    const { out } = await discover("--prices");

    for (const line of out.split("\n"))
      expect([line, line.length <= columns]).toEqual([line, true]);
    for (const text of [events.id, reports.id, "1024", "us-east-1", "production", "$300"]) {
      expect(out).toContain(text);
    }
  },
);

test("no output has a secret, whatever the servers return", async () => {
  const { citus, akkeris, antfly, crunchyBridge, events } = await fleet();
  const stack = stubStack({ config: { citusToken: citus.token, citusUrl: citus.url } });
  akkeris.addApp(`x${akkeris.token.replaceAll(/[^a-z0-9]/gi, "")}`);

  const json = await discover("--json");
  const text = await discover();
  const ofStack = await stack.formations("discover", "--json");

  const password = new URL(events.database_url).password;
  const secrets = [citus, akkeris, antfly, crunchyBridge].map(({ token }) => token);
  for (const { out, err } of [json, text, ofStack]) {
    expect(out).toContain(events.id);
    for (const secret of [...secrets, password, "sk-hidden-91", "databaseUrl"]) {
      expect(`${out}${err}`).not.toContain(secret);
    }
  }
});

test("what a terminal would act on, or a reader not see, is shown as an escape", async () => {
  const { citus } = await systems().then((all) => {
    configure({ ...all.of.citus });
    return all;
  });
  citus.addFormation({ name: "red\u001b[31m\nnext\u202eline" });
  terminalOf(160);

  const { out } = await discover();
  const { resources } = await report();

  expect(out).toContain("red\\u001b[31m\\nnext\\u202eline");
  expect(resources[0]?.name).toBe("red\u001b[31m\nnext\u202eline");
});

test("a wide character takes two columns", async () => {
  const { citus } = await systems().then((all) => {
    configure({ ...all.of.citus });
    return all;
  });
  citus.addFormation({ name: "注文" });
  citus.addFormation({ name: "orders" });
  terminalOf(160);

  const { out } = await discover();

  expect(out).toMatch(/^│ 注文 {3}│/m);
  expect(out).toMatch(/^│ orders │/m);
});

test("the help fits 80 columns and names every system", async () => {
  const { out } = await formations("help", "discover");

  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  for (const title of ["Citus Cloud", "Crunchy Bridge", "Akkeris", "Antfly"]) {
    expect(out).toContain(title);
  }
});
