import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { moreAbout } from "../../../provider/process/more.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { running } from "../../simulators/kit/testing.ts";
import { creation, providerState, type StackContent, stubStack } from "../command.ts";

const app = "foo-default";
const job = { app, type: "job", size: "gp1", quantity: 1, command: "run" };

/** A stack with one formation to recover. */
async function stackOf(content: Partial<StackContent>) {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp(app);
  akkeris.addFormation(app, { type: "job", command: "run" });
  const stack = stubStack({
    resources: [providerState("plugin", "2020-01-01T00:00:00Z")],
    creations: [creation("job", "AppFormation", job)],
    config: { akkerisUrl: akkeris.url, akkerisToken: akkeris.token },
    ...content,
  });
  return { akkeris, ...stack };
}

const timestamp = "2026-01-02T03:04:05.678Z";

test("of a pulumi that is too old, nothing but its version is asked", async () => {
  const { formations } = await stackOf({ version: "v3.258.9" });

  const { code, out, err } = await formations("recover");

  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(
    "formations: pulumi-formations needs Pulumi 3.259 or newer; this is 3.258.9.",
  );
});

test.each([
  {
    what: "a run on another machine",
    lock: { pid: 7, username: "ann", hostname: "ci-17", timestamp },
    says: "ann on ci-17, since 2026-01-02 03:04:05 UTC, process 7.",
  },
  {
    what: "a run on this machine",
    lock: { pid: process.pid, username: "ann", hostname: hostname(), timestamp },
    says: `process ${process.pid}.`,
  },
  {
    what: "a run that was killed",
    lock: { pid: 2 ** 30, username: "ann", hostname: hostname(), timestamp },
    says: `process ${2 ** 30}, which is no longer running.`,
  },
])("while $what holds the lock, nothing is asked, offered or copied", async ({ lock, says }) => {
  const { akkeris, formations, folder, imported } = await stackOf({ lock });

  for (const flags of [[], ["--yes"]]) {
    const { code, out, err } = await formations("recover", ...flags);
    expect(code).toBe(1);
    expect(err).toContain(`Another run holds the lock of stack test: `);
    expect(err).toContain(says);
    expect(err).toContain("`pulumi cancel`");
    expect(out).toBe("");
  }
  expect(akkeris.requests).toEqual([]);
  expect(imported()).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  [[{ name: "test", updateInProgress: true }], 1],
  [[{ name: "org/scenario/test", updateInProgress: true }], 1],
  [
    [
      { name: "other", updateInProgress: true },
      { name: "test", updateInProgress: false },
    ],
    0,
  ],
])("a service that lists %j leads to exit code %d", async (stacks, code) => {
  const { formations } = await stackOf({ stacks });
  const found = await formations("recover");
  expect(found.code, found.out + found.err).toBe(code);
  if (code === 1) expect(found.err).toContain("an update is in progress");
});

test("a backend that does not say whether there is a lock is looked at", async () => {
  const { formations } = await stackOf({ failing: { whoami: { err: "no" } } });
  expect((await formations("recover")).code).toBe(0);
});

test.each([
  ["a lock", "error: the stack is currently locked by 1 lock(s)"],
  ["a state that the engine rejects", "error: state file contains errors; rerun with --force"],
])("a recovery that %s stops leaves no copy of the state", async (_, err) => {
  const { formations, folder } = await stackOf({ failing: { "stack import": { err } } });

  const done = await formations("recover", "--yes");

  expect(done.code).toBe(1);
  expect(done.err).toContain(err);
  if (err.includes("--force")) expect(done.err).toContain("Nothing was changed, and `--force`");
  expect(readdirSync(folder)).toEqual([]);
});

test("a preview that fails is told by its reasons, once each, and not as JSON", async () => {
  const message = "AppFormation resource 'job': property size has a problem\n";
  const diagnostics = [
    { message: "warning: something else", severity: "warning" },
    { message, severity: "error" },
    { message, severity: "error" },
  ];
  const steps = [{ op: "same", urn: "urn:pulumi:test::scenario::a::b" }];
  const out = JSON.stringify({ steps, diagnostics }, undefined, 4);
  const { formations } = await stackOf({ failing: { preview: { out } } });

  const { code, err } = await formations("recover");

  expect(code).toBe(1);
  const more = moreAbout("PULUMI_FAILED");
  expect(err).toBe(`formations: \`pulumi preview --json\` failed:\n${message.trim()}\n${more}`);
});

test("a program that throws is told by what it printed", async () => {
  const diagnostics = [{ message: "Error: no such file\n", severity: "info#err" }];
  const out = JSON.stringify({ diagnostics });
  const { formations } = await stackOf({ failing: { preview: { out } } });
  expect((await formations("recover")).err).toContain("failed:\nError: no such file");
});

test.each([
  {
    stacks: [{ name: "dev" }, { name: "prod" }],
    says: "The stacks of this project are: dev, prod.",
  },
  { stacks: [], says: "`pulumi stack init` creates one" },
])(
  "a stack that does not exist is answered with those that do: $says",
  async ({ stacks, says }) => {
    const err = "error: no stack named 'nope' found";
    const { formations } = await stackOf({ stacks, failing: { "stack export": { err } } });
    const done = await formations("recover");
    expect(done.code).toBe(1);
    expect(done.err).toContain(err);
    expect(done.err).toContain(says);
  },
);

test.each([
  "error: if you're using the --stack flag, pass the fully qualified name",
  "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
])("outside a project, the command says where to run it: %s", async (err) => {
  const { formations } = await stackOf({ failing: { "stack export": { err } } });
  expect((await formations("recover")).err).toContain("run the command in the project's folder");
});

test("an argument that can't be is told like every other error", async () => {
  const { formations } = await stackOf({});
  const { code, err } = await formations("recover", "--adopt", "job");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^formations: 'job' is not a valid value of '--adopt <name=id>'\. Use the form NAME=ID/,
  );
});
