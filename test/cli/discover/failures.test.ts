import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { FaultKind } from "../../../simulators/kit/fault.ts";
import { stubStack } from "../command.ts";
import { configure, discover, fleet, namesIn, report, reportIn, sentTo, systems } from "./world.ts";

test("a system without a token is skipped, named and sent nothing, and the others are listed", async () => {
  const { akkeris } = await fleet();
  configure({ akkerisToken: undefined });

  const { code, err } = await discover();
  const found = await report();

  expect(code).toBe(0);
  expect(err).toMatch(/^Skipped Akkeris: the token is missing\. .*FORMATIONS_AKKERIS_TOKEN\.$/);
  expect([found.isComplete, found.skipped.length]).toEqual([true, 1]);
  expect(namesIn(found)).toEqual(["events", "orders", "reports", "openai.api_key"]);
  expect(sentTo(akkeris)).toEqual([]);
});

test("a system that was asked for by name and is not configured is a failure", async () => {
  await fleet();
  configure({ akkerisToken: undefined });

  const both = await discover("--json", "--system", "akkeris", "--system", "citus");
  const alone = await discover("--system", "akkeris");

  expect(both.code).toBe(3);
  expect(reportIn(both).failures).toEqual([expect.stringContaining("FORMATIONS_AKKERIS_TOKEN")]);
  expect(alone.code).toBe(1);
  expect(alone.err).toContain("formations: Nothing was listed.");
});

test("where nothing is configured, every system is named, and the exit code is 1", async () => {
  await systems();

  const { code, out, err } = await discover();

  expect([code, out]).toEqual([1, ""]);
  for (const key of ["CITUS_TOKEN", "CRUNCHY_BRIDGE_API_KEY", "AKKERIS_TOKEN", "ANTFLY_URL"]) {
    expect(err).toContain(`FORMATIONS_${key}`);
  }
});

test("malformed configuration of one system is a failure that keeps no other from being listed", async () => {
  await fleet();
  configure({ citusUrl: "citus" });

  const { code, out } = await discover("--json");

  expect(code).toBe(3);
  expect(reportIn({ out }).failures).toEqual([expect.stringContaining("FORMATIONS_CITUS_URL")]);
  expect(namesIn(reportIn({ out }))).toContain("reports");
});

/** An EID that is listed after others. */
function last(id: string): string {
  return `z${id.slice(1)}`;
}

const lists: { what: string; kind: FaultKind; times?: number; says: RegExp }[] = [
  {
    what: "rejects the token",
    kind: { type: "status", status: 401, body: { message: "Invalid token." } },
    says: /Citus Cloud: could not list formations.*401.*Invalid token\..*citusToken/s,
  },
  {
    what: "forbids it",
    kind: { type: "status", status: 403, body: { message: "Not for this token." } },
    says: /Citus Cloud: could not list formations.*403.*Not for this token/s,
  },
  { what: "is a proxy's page", kind: { type: "html" }, says: /Citus Cloud: could not list/ },
  {
    what: "lists something else",
    kind: { type: "status", status: 200, body: { formations: [{ name: "no ID" }] } },
    says: /Citus Cloud: could not list formations/,
  },
];

test.each(lists)(
  "if a server $what, the others are listed, and the exit code is 3",
  async ({ kind, says }) => {
    const { citus } = await fleet();
    citus.order({ path: "/api/v1/formations/", kind });

    const { code, out, err } = await discover("--json");

    expect(code).toBe(3);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/^ +at /m);
    expect(err).not.toContain(citus.token);
    const { isComplete, failures, ...found } = reportIn({ out });
    expect([isComplete, failures.length]).toEqual([false, 1]);
    expect(namesIn({ ...found, isComplete, failures })).not.toContain("events");
    expect(found.counts.found).toBe(6);
  },
);

test("a formation that can't be read is named, and the others are kept", async () => {
  const { citus, events } = await fleet();
  const path = `/api/v1/formations/${events.id}`;
  citus.order({ path, kind: { type: "status", status: 403, body: { message: "Hidden." } } });

  const { code, out, err } = await discover("--json", "--system", "citus");

  expect([code, namesIn(reportIn({ out }))]).toEqual([3, ["orders"]]);
  expect(err).toMatch(/^formations: events: Citus Cloud: could not read formation.*Hidden\./);
});

test("an app that can't be listed is named, and the others are kept", async () => {
  const { akkeris } = await fleet();
  akkeris.order({
    path: "/apps/shop-dev/formation",
    times: 2,
    kind: { type: "status", status: 403, body: { message: "Not yours." } },
  });

  const { code, out, err } = await discover("--json", "--system", "akkeris");

  expect([code, namesIn(reportIn({ out }))]).toEqual([3, ["shop-prod/web", "shop-prod/worker"]]);
  expect(err).toMatch(/shop-dev.*Not yours\./);
});

test("an app that does not exist is said in the server's words", async () => {
  await fleet();

  const both = await discover("--json", "--app", "shop-dve", "--app", "shop-dev");
  const alone = await discover("--app", "shop-dve");

  expect([both.code, namesIn(reportIn(both))]).toEqual([3, ["shop-dev/web", "shop-dev/worker"]]);
  expect(both.err).toMatch(/shop-dve/);
  expect(alone.code).toBe(1);
});

test("if an API goes down in the middle, what was found is kept, and what was not read is named", async () => {
  const { citus, events } = await fleet();
  citus.addFormation({ name: "zebra" });
  // One formation is read at a time.
  configure({ citusRequestsPerMinute: undefined });
  citus.order({ path: `/api/v1/formations/${events.id}`, kind: { type: "departure" } });

  const { code, out, err } = await discover("--json", "--system", "citus", "--timeout", "3s");

  expect([code, namesIn(reportIn({ out }))]).toEqual([3, ["events"]]);
  expect(err).toMatch(/^formations: (orders|zebra): Citus Cloud: could not read formation/m);
  expect(err).toMatch(/orders/);
  expect(err).toMatch(/zebra/);
});

test("if an API goes down in the middle of a list, the apps before are kept", async () => {
  const { akkeris } = await fleet();
  for (let at = 0; at < 8; at += 1) {
    akkeris.addApp(`app${at}-dev`);
    akkeris.addFormation(`app${at}-dev`, {});
  }
  // Eight apps are listed at a time; the ninth is the first of the next eight.
  akkeris.order({ path: "/apps/shop-dev/formation", kind: { type: "departure" } });

  const { code, out, err } = await discover("--json", "--system", "akkeris", "--timeout", "3s");

  const names = namesIn(reportIn({ out }));
  expect([code, names.filter((name) => name.startsWith("app")).length]).toEqual([3, 8]);
  expect(err).toMatch(/Akkeris: could not list formations|The list lacks the apps/);
});

test("if a page of a list fails, the pages before are kept", async () => {
  const { crunchyBridge, primary, reports } = await fleet();
  crunchyBridge.pageSize = 1;
  crunchyBridge.addCluster({ name: "second-primary", id: last(primary.id) });
  crunchyBridge.order({
    ...{ path: "/clusters", skip: 1, times: 2 },
    kind: { type: "status", status: 403, body: { message: "No more." } },
  });

  const { code, out, err } = await discover("--json", "--system", "crunchybridge");

  expect([code, namesIn(reportIn({ out }))]).toEqual([3, [reports.name]]);
  expect(err).toMatch(/The list lacks the team .* 403: No more/);
});

test("once the token is rejected, nothing more is requested", async () => {
  const { citus } = await fleet();
  for (const name of ["a", "b", "c", "d", "e"]) citus.addFormation({ name });
  configure({ citusRequestsPerMinute: "10" });
  citus.order({ path: /formations\/\w/, skip: 1, kind: { type: "status", status: 401, body: "" } });

  const { code, out, err } = await discover("--json", "--system", "citus");

  expect([code, namesIn(reportIn({ out }))]).toEqual([3, ["a"]]);
  expect(err).toContain(
    "Citus Cloud: 5 more formations were found and not read: c, d, e, events, orders.",
  );
  expect(sentTo(citus)).toHaveLength(3);
});

test("a formation that fails on the server keeps no other from being read", async () => {
  const { citus, events } = await fleet();
  const failing = { type: "status", status: 501, body: "" } as const;
  citus.order({ path: `/api/v1/formations/${events.id}`, times: 5, kind: failing });

  const { code, out } = await discover("--json", "--system", "citus");

  expect([code, namesIn(reportIn({ out }))]).toEqual([3, ["orders"]]);
});

test("a server that never responds is given up at the deadline", async () => {
  const { citus } = await fleet();
  citus.order({ path: "/api/v1/formations/", kind: { type: "hang", apply: false } });

  const { code, err } = await discover("--system", "citus", "--timeout", "1s");

  expect(code).toBe(1);
  expect(err).toMatch(/Citus Cloud: could not list formations/);
});

test("a stack that does not exist ends the command before anything is requested", async () => {
  const { citus } = await fleet();
  const stack = stubStack({
    config: {},
    stacks: [{ name: "production" }],
    failing: {
      "stack export --show-secrets --stack prod": { err: "error: no stack named 'prod' found" },
    },
  });

  const { code, out, err } = await stack.formations("discover", "--stack", "prod");

  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(
    /^formations: prod: `pulumi stack export` failed:\nerror: no stack named 'prod'/,
  );
  expect(err).toContain("The stacks of this project are: production.");
  expect(sentTo(citus)).toEqual([]);
});

test.each([
  { args: ["--system", "citis"], says: /"citis" is not a valid system\..*Did you mean citus\?/ },
  {
    args: ["--system", "citus", "--app", "x"],
    says: /Nothing that is listed of Citus Cloud.*--app/,
  },
  {
    args: ["--system", "antfly", "--region", "x", "--environment", "y"],
    says: /Antfly.*--region and --environment/,
  },
  { args: ["--app", "shop dev"], says: /--app: "shop dev" is not valid: it must be an app's name/ },
  { args: ["--prices", "/nowhere/prices.json"], says: /Cannot read \/nowhere\/prices\.json/ },
])("$args is refused before anything is requested", async ({ args, says }) => {
  const { citus, akkeris } = await fleet();

  const { code, out, err } = await discover(...args);

  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(says);
  expect([citus, akkeris].flatMap(sentTo)).toEqual([]);
});

test("a server that lists without end is not read into memory without end", async () => {
  await systems();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = () => response.write(`${'{"id":"x"},'.repeat(10_000)}`, more);
    response.write('{"formations":[');
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  configure({ citusToken: "token-that-is-long", citusUrl: `http://127.0.0.1:${port}` });

  const { code, err } = await discover("--system", "citus");

  expect(code).toBe(1);
  expect(err).toMatch(/Citus Cloud: could not list formations/);
});
